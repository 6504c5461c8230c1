// SPDX-License-Identifier: Apache-2.0

import Text

/// One thing that happened: when, how severe, to which part.
struct LogLine: Sendable, Equatable {
  /// Milliseconds since 1970 (UTC).
  var at: Int64
  var level: LogLevel
  var part: String
  var text: String

  /// Whether it says the same as another, whenever that was.
  func repeats(_ other: LogLine) -> Bool {
    level == other.level && part == other.part && text == other.text
  }

  /// The line as it is written, with its end; the journal gives time and level a place of its own.
  func rendered(forJournal isJournal: Bool) -> String {
    // What a battery calls itself must not begin a line of its own.
    let words = "\(part): \(text)".printable
    return isJournal
      ? "<\(level.priority)>\(words)\n" : "\(ISO8601.string(at)) \(level.name) \(words)\n"
  }
}
