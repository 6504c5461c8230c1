// SPDX-License-Identifier: Apache-2.0

import Glibc
package import Machine
import Synchronization
import Text

/// How severe a log line is.
package enum LogLevel: Int, Comparable, CaseIterable, Sendable {
  case debug, info, warning, error

  /// The name in settings and in lines.
  package var name: String {
    switch self {
    case .debug: "debug"
    case .info: "info"
    case .warning: "warning"
    case .error: "error"
    }
  }

  package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

  /// The priority by which the journal knows it (sd-daemon(3)).
  fileprivate var priority: Int {
    switch self {
    case .debug: 7
    case .info: 6
    case .warning: 4
    case .error: 3
    }
  }
}

/// The log: one line for each thing that happened, on standard error, where the journal picks it up.
///
/// Lines are handed to a thread of its own, so that a full pipe or a slow terminal cannot delay the
/// control path; what finds no room is counted and said later.
package final class Log: Sendable {
  private struct Line: Sendable {
    let at: Int64
    let level: LogLevel
    let part: String
    let text: String
  }

  private let least: Atomic<Int>
  private let queue: BoundedQueue<Line>
  private let thread: DedicatedThread

  /// A log that writes lines of `level` and above; the journal, where standard error leads there, adds
  /// the time itself.
  package init(level: LogLevel, isJournal: Bool) throws(SystemError) {
    least = Atomic(level.rawValue)
    let queue = try BoundedQueue<Line>(capacity: 1024)
    self.queue = queue
    thread = try DedicatedThread(name: "log") {
      var lines: [Line] = []
      var said: UInt64 = 0
      while true {
        let isLast = queue.isClosed
        queue.popAll(into: &lines, waitMilliseconds: isLast ? 0 : 60_000)
        var text = ""
        for line in lines { text += Self.text(of: line, isJournal: isJournal) }
        lines.removeAll(keepingCapacity: true)
        let drops = queue.drops
        if drops > said {
          text += "log: \(drops - said) lines found no room\n"
          said = drops
        }
        Self.write(text)
        if isLast { return }
      }
    }
  }

  /// Writes lines of this level and above from now on.
  package func change(to level: LogLevel) { least.store(level.rawValue, ordering: .relaxed) }

  /// How many lines found no room so far.
  package var drops: UInt64 { queue.drops }

  /// Writes one line: what happened to which part.
  package func write(_ level: LogLevel, _ part: String, _ text: String) {
    guard level.rawValue >= least.load(ordering: .relaxed) else { return }
    queue.tryPush(Line(at: WallClock.now(), level: level, part: part, text: text))
  }

  /// Writes what still waits and ends.
  package func close() {
    queue.close()
    thread.join()
  }

  private static func text(of line: Line, isJournal: Bool) -> String {
    isJournal
      ? "<\(line.level.priority)>\(line.part): \(line.text)\n"
      : "\(ISO8601.string(line.at)) \(line.level.name) \(line.part): \(line.text)\n"
  }

  private static func write(_ text: String) {
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      let count = unsafe bytes[start...].withUnsafeBytes { buffer in
        unsafe Glibc.write(STDERR_FILENO, buffer.baseAddress, buffer.count)
      }
      guard count > 0 else { return }
      start += count
    }
  }
}
