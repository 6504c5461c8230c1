// SPDX-License-Identifier: Apache-2.0

import Glibc
import Machine
import Text

/// Where log lines go: a file that is put aside by size and age, or standard error.
struct LogSink: ~Copyable {
  private let isJournal: Bool
  private var file: RotatingFile?
  /// Lines that the file did not take since it failed; `nil` while it takes them.
  private var missing: UInt64?

  init(_ settings: LogSettings, isJournal: Bool) {
    self.isJournal = isJournal
    file = settings.path.map { RotatingFile(path: $0, rotation: settings.rotation) }
  }

  /// Writes lines.
  ///
  /// `isEnding` is asked while standard error takes nothing: then a short time must do.
  mutating func write(_ lines: [LogLine], isEnding: () -> Bool) {
    guard !lines.isEmpty else { return }
    guard file != nil else {
      return Self.complain(
        lines.map { $0.rendered(forJournal: isJournal) }.joined(), isEnding: isEnding)
    }
    var text = lines.map { $0.rendered(forJournal: false) }.joined()
    if let missing {
      let healed = LogLine(
        at: WallClock.now(), level: .warning, part: "log",
        text: "written again; \(missing) \(missing == 1 ? "line is" : "lines are") missing")
      text = healed.rendered(forJournal: false) + text
    }
    do throws(SystemError) {
      try file?.append(Array(text.utf8).span)
      missing = nil
    } catch {
      if missing == nil {
        let fault = LogLine(
          at: WallClock.now(), level: .error, part: "log",
          text: "\(file?.path ?? ""): \(error.message); lines are counted until it can be written")
        Self.complain(fault.rendered(forJournal: isJournal), isEnding: isEnding)
      }
      missing = (missing ?? 0) + UInt64(lines.count)
    }
  }

  /// Writes to standard error what it takes without holding up the end of the program.
  private static func complain(_ text: String, isEnding: () -> Bool) {
    let bytes = Array(text.utf8)
    var start = 0
    var refusals = 0
    while start < bytes.count {
      var entry = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
      if unsafe poll(&entry, 1, 100) == 0 {
        // Nobody reads; what does not fit into the queue meanwhile is counted there.
        refusals += isEnding() ? 1 : 0
        if refusals > 5 { return }
        continue
      }
      // A pipe that can be written takes this much at once (PIPE_BUF).
      let end = min(bytes.count, start + 4096)
      let count = unsafe bytes[start..<end].withUnsafeBytes { buffer in
        unsafe Glibc.write(STDERR_FILENO, buffer.baseAddress, buffer.count)
      }
      guard count > 0 || errno == EINTR || errno == EAGAIN else { return }
      start += max(0, count)
    }
  }
}
