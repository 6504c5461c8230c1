// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import Machine
import Text

/// Standard input, output and error.
enum Console {
  /// Whether a descriptor leads to a terminal.
  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Columns and lines of the terminal; 80 by 24 where there is none.
  static var size: (columns: Int, rows: Int) {
    var columns: UInt16 = 0
    var rows: UInt16 = 0
    guard unsafe clinux_window_size(STDOUT_FILENO, &columns, &rows) == 0, columns > 0, rows > 0
    else {
      return (80, 24)
    }
    return (Int(columns), Int(rows))
  }

  /// Columns that help texts may use.
  static var width: Int { min(110, max(40, size.columns)) }

  /// Colours where standard output is a terminal that wants them.
  static var style: Style {
    Style(
      isTerminal: isTerminal(STDOUT_FILENO), noColor: environment("NO_COLOR"),
      term: environment("TERM"))
  }

  /// A variable of the environment.
  static func environment(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  /// Writes to standard output; a reader that has gone ends the program as a pipe's end does.
  static func print(_ text: String, terminator: String = "\n") {
    guard write(text + terminator, to: STDOUT_FILENO) else { exit(0) }
  }

  /// Writes bytes to standard output.
  static func print(_ bytes: [UInt8]) {
    guard write(bytes, to: STDOUT_FILENO) else { exit(0) }
  }

  /// Writes to standard error.
  static func complain(_ text: String, terminator: String = "\n") {
    _ = write(text + terminator, to: STDERR_FILENO)
  }

  private static func write(_ text: String, to descriptor: Int32) -> Bool {
    write(Array(text.utf8), to: descriptor)
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var start = 0
    while start < bytes.count {
      let count = unsafe bytes[start...].withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
      }
      if count < 0 {
        guard errno == EINTR else { return false }
        continue
      }
      start += count
    }
    return true
  }

  /// The signals by which a person or the system ends a command.
  static func endings() throws(CommandFailure) -> Signals {
    do throws(SystemError) {
      return try Signals([.interrupt, .terminate, .hangup])
    } catch {
      throw CommandFailure("\(error)", .internalFault)
    }
  }

  /// A whole file, `-` for standard input.
  static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    let file = try open(path)
    while try fill(&bytes, from: file, path) {}
    return bytes
  }

  /// Calls `body` with each line of a file, `-` for standard input, without its line end.
  ///
  /// A line longer than 1 MiB is cut into pieces, so that no input can fill the memory.
  static func lines(
    of path: String, _ body: ([UInt8]) throws(CommandFailure) -> Void
  ) throws(CommandFailure) {
    var buffer: [UInt8] = []
    let file = try open(path)
    while try fill(&buffer, from: file, path) {
      var start = 0
      while let end = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) {
        try body(Array(buffer[start..<end]))
        start = end + 1
      }
      buffer.removeFirst(start)
      if buffer.count > 1 << 20 {
        try body(buffer)
        buffer.removeAll()
      }
    }
    if !buffer.isEmpty { try body(buffer) }
  }

  private static func open(_ path: String) throws(CommandFailure) -> Descriptor {
    do throws(SystemError) {
      return path == "-"
        ? try Descriptor { dup(STDIN_FILENO) } : try Descriptor.open(path, O_RDONLY)
    } catch {
      throw CommandFailure("\(path): \(error)", .noInput)
    }
  }

  /// Appends what comes next; `false` at the end.
  private static func fill(
    _ buffer: inout [UInt8], from file: borrowing Descriptor, _ path: String
  ) throws(CommandFailure) -> Bool {
    do throws(SystemError) {
      // One byte is enough to go on: a person at a pipe wants each line answered at once.
      return try file.read(into: &buffer, limit: 4096).map { $0 > 0 } ?? true
    } catch {
      throw CommandFailure("\(path): \(error)", .noInput)
    }
  }
}
