// SPDX-License-Identifier: Apache-2.0
import Glibc
package import Machine

/// A program run to its end, and what it said.
package struct Program: Sendable {
  /// How it ended; `nil` when it was still running at the end of its time and was killed.
  package let exit: ChildProcess.Exit?
  /// What it wrote to its standard output.
  package let output: String
  /// What it wrote to its standard error.
  package let error: String

  /// Runs a program, feeds it `input` and waits for its end.
  package static func run(
    _ arguments: [String], environment: [String]? = nil, directory: String? = nil,
    input: String = "", milliseconds: Int64 = 60_000
  ) throws(SystemError) -> Program {
    let child = try ChildProcess(
      arguments, environment: environment, directory: directory, input: .pipe, output: .pipe,
      error: .pipe)
    // A program that closes its input early must not end this one.
    signal(SIGPIPE, SIG_IGN)
    var left = Array(input.utf8)[...]
    var said: [[UInt8]] = [[], []]
    var open = [true, true]
    let end = MonotonicClock.nanoseconds() + milliseconds * 1_000_000
    while open != [false, false] && MonotonicClock.nanoseconds() < end {
      if left.isEmpty {
        child.closeInput()
      } else {
        do { left = try left.dropFirst(child.write(Array(left.prefix(4096)))) } catch { left = [] }
      }
      let sources: [ChildProcess.Source] = [.output, .error]
      let watched = sources.indices.filter { open[$0] }.compactMap {
        child.descriptor(of: sources[$0])
      }
      _ = try waitReadable(watched, milliseconds: left.isEmpty ? 50 : 1)
      for index in sources.indices where open[index] {
        if try child.read(sources[index], into: &said[index]) == 0 { open[index] = false }
      }
    }
    let exit = child.wait(
      milliseconds: Int32(clamping: max(0, end - MonotonicClock.nanoseconds()) / 1_000_000))
    return Program(
      exit: exit, output: String(decoding: said[0], as: UTF8.self),
      error: String(decoding: said[1], as: UTF8.self))
  }

  /// Whether a program of this name is in PATH.
  package static func exists(_ name: String) -> Bool {
    let found = try? run(["sh", "-c", "command -v \"$1\"", "sh", name])
    return found?.exit == .status(0)
  }
}
