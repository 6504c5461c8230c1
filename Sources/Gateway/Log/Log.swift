// SPDX-License-Identifier: Apache-2.0

import Glibc
package import Machine
import Quantities
import Synchronization

/// The log: one line for each thing that happened, on standard error, where the journal picks it up,
/// or in a file.
///
/// Lines are handed to a thread of its own, so that a full pipe, a full disk or a slow terminal
/// cannot delay the control path; what finds no room is counted and said later.
package final class Log: Sendable {
  private struct State: Sendable {
    var settings: LogSettings
    /// How often it was told to write otherwise.
    var version = 0
  }

  /// What the writing thread shares with the others.
  private final class Shared: Sendable {
    let state: Mutex<State>
    init(_ settings: LogSettings) { state = Mutex(State(settings: settings)) }
  }

  private let shared: Shared
  private let queue: BoundedQueue<LogLine>
  private let thread: DedicatedThread

  /// A log as these settings say; the journal, where standard error leads there, adds the time
  /// itself.
  package init(
    _ settings: LogSettings, isJournal: Bool = Log.leadsToJournal()
  ) throws(SystemError) {
    let queue = try BoundedQueue<LogLine>(capacity: 1024)
    let shared = Shared(settings)
    self.queue = queue
    self.shared = shared
    thread = try DedicatedThread(name: "log") { Self.run(queue, shared, isJournal) }
  }

  /// A log on standard error that writes lines of `level` and above.
  package convenience init(level: LogLevel, isJournal: Bool) throws(SystemError) {
    var settings = LogSettings()
    settings.level = level
    try self.init(settings, isJournal: isJournal)
  }

  /// Writes as these settings say from now on; may be called by any thread.
  package func configure(_ settings: LogSettings) {
    shared.state.withLock { state in
      guard state.settings != settings else { return }
      state.settings = settings
      state.version += 1
    }
  }

  /// Writes one line: what happened to which part.
  package func write(_ level: LogLevel, _ part: String, _ text: String) {
    guard shared.state.withLock({ $0.settings.wants(level, part) }) else { return }
    queue.tryPush(LogLine(at: WallClock.now(), level: level, part: part, text: text))
  }

  /// How many lines found no room so far.
  package var drops: UInt64 { queue.drops }

  /// Writes what still waits and ends.
  package func close() {
    queue.close()
    thread.join()
  }

  /// Whether standard error is the journal's, as systemd says in JOURNAL_STREAM (systemd.exec(5)):
  /// the device and the number of the file.
  package static func leadsToJournal() -> Bool {
    guard let value = unsafe getenv("JOURNAL_STREAM") else { return false }
    let parts = unsafe String(cString: value).split(separator: ":").map { UInt64($0) }
    var info = stat()
    guard unsafe fstat(STDERR_FILENO, &info) == 0 else { return false }
    return parts == [UInt64(info.st_dev), UInt64(info.st_ino)]
  }

  private static func run(_ queue: BoundedQueue<LogLine>, _ shared: Shared, _ isJournal: Bool) {
    var state = shared.state.withLock { $0 }
    var sink = LogSink(state.settings, isJournal: isJournal)
    var repeats = LogRepeats()
    var waiting: [LogLine] = []
    var said: UInt64 = 0
    while true {
      let isLast = queue.isClosed
      let wait = min(60_000, max(0, repeats.due - MonotonicClock.now()))
      queue.popAll(into: &waiting, waitMilliseconds: isLast ? 0 : Int(wait))
      let newest = shared.state.withLock { $0 }
      if newest.version != state.version {
        let isElsewhere =
          newest.settings.path != state.settings.path
          || newest.settings.rotation != state.settings.rotation
        if isElsewhere { sink = LogSink(newest.settings, isJournal: isJournal) }
        state = newest
      }
      let now = MonotonicClock.now()
      var lines: [LogLine] = []
      for line in waiting { lines += repeats.take(line, at: now) }
      lines += repeats.flush(at: now, all: isLast)
      waiting.removeAll(keepingCapacity: true)
      let drops = queue.drops
      if drops > said {
        lines.append(
          LogLine(
            at: WallClock.now(), level: .warning, part: "log",
            text: "\(drops - said) lines found no room"))
        said = drops
      }
      sink.write(lines) { queue.isClosed }
      if isLast { return }
    }
  }
}
