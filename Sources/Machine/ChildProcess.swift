// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// Another program, started here; it is killed when its owner lets go of it.
package final class ChildProcess {
  /// Where one of the three standard streams leads.
  package enum Stream: Equatable, Sendable {
    /// Where ours leads.
    case inherited
    /// Nowhere; nothing to read.
    case discarded
    /// A file: read from its start, or written from its start.
    case file(String)
    /// To us: see `write` and `read`.
    case pipe
  }

  /// How a program ended.
  package enum Exit: Equatable, Sendable {
    /// With this status; 0 is success.
    case status(Int32)
    /// By this signal.
    case signal(Int32)
  }

  /// The number of the process.
  package let id: Int32
  private let process: Descriptor
  private var pipes: [Int32] = [-1, -1, -1]
  private var exit: Exit?

  /// Starts a program, which is looked up in PATH unless its name holds a slash.
  ///
  /// `environment` is all of it, "NAME=value" each, or `nil` for ours. `directory` is where it
  /// starts, or `nil` for where we are.
  package init(
    _ arguments: [String], environment: [String]? = nil, directory: String? = nil,
    input: Stream = .discarded, output: Stream = .inherited, error: Stream = .inherited
  ) throws(SystemError) {
    var pipes: [Int32] = [-1, -1, -1]
    do {
      id = try Self.spawn(
        arguments, environment, directory, streams: [input, output, error], pipes: &pipes)
    } catch {
      for pipe in pipes where pipe >= 0 { _ = Glibc.close(pipe) }
      throw error
    }
    let id = id
    do {
      process = try Descriptor { clinux_pidfd(id) }
    } catch {
      _ = Glibc.kill(id, SIGKILL)
      waitpid(id, nil, 0)
      for pipe in pipes where pipe >= 0 { _ = Glibc.close(pipe) }
      throw error
    }
    self.pipes = pipes
  }

  deinit {
    for pipe in pipes where pipe >= 0 { _ = Glibc.close(pipe) }
    guard exit == nil else { return }
    _ = Glibc.kill(id, SIGKILL)
    waitpid(id, nil, 0)
  }

  /// What to watch: readable once the program has ended.
  package var descriptor: Int32 { process.number }

  /// Sends a signal; does nothing when the program has ended.
  package func kill(_ signal: Int32 = SIGTERM) {
    if exit == nil { _ = Glibc.kill(id, signal) }
  }

  /// How the program ended; `nil` when it still runs after this time.
  package func wait(milliseconds: Int32) -> Exit? {
    if let exit { return exit }
    guard (try? waitReadable([process.number], milliseconds: milliseconds)) == true else {
      return nil
    }
    var status: Int32 = 0
    guard (try? checked { unsafe waitpid(id, &status, 0) }) == id else { return nil }
    // The bits of <sys/wait.h>, whose macros Swift cannot import.
    let ending: Exit = status & 0x7F == 0 ? .status(status >> 8 & 0xFF) : .signal(status & 0x7F)
    exit = ending
    return ending
  }
}

extension ChildProcess {
  /// One of the program's streams that can be read here.
  package enum Source: Int, Sendable {
    /// Its standard output.
    case output = 1
    /// Its standard error.
    case error = 2
  }

  /// What to watch for a piped stream; `nil` when it is not piped.
  package func descriptor(of source: Source) -> Int32? {
    let number = pipes[source.rawValue]
    return number < 0 ? nil : number
  }

  /// Appends what the program has written to a piped stream.
  ///
  /// - Returns: How many bytes came, 0 at the end, `nil` when nothing is there yet.
  package func read(_ source: Source, into buffer: inout [UInt8]) throws(SystemError) -> Int? {
    try readAvailable(pipes[source.rawValue], into: &buffer, limit: 65_536)
  }

  /// Writes to the program's piped input.
  ///
  /// - Returns: How many bytes were taken, 0 when there is no room.
  @discardableResult
  package func write(_ bytes: [UInt8]) throws(SystemError) -> Int {
    try writeAvailable(pipes[0], bytes.span)
  }

  /// Ends the program's piped input.
  package func closeInput() {
    if pipes[0] >= 0 { _ = Glibc.close(pipes[0]) }
    pipes[0] = -1
  }
}
