// SPDX-License-Identifier: Apache-2.0

import Quantities

/// What a part says again and again is said once and counted.
struct LogRepeats {
  /// How long the same line is only counted, in milliseconds; then the count is told.
  static let window: Int64 = 60_000

  private struct Last {
    var line: LogLine
    var since: Tick
    var count = 0
  }

  private var last: [String: Last] = [:]

  /// When the next count is to be told.
  var due: Tick { last.values.map { $0.since + Self.window }.min() ?? .never }

  /// The lines to write because of a new one.
  mutating func take(_ line: LogLine, at now: Tick) -> [LogLine] {
    var lines: [LogLine] = []
    if var old = last[line.part] {
      if old.line.repeats(line), now - old.since < Self.window {
        old.count += 1
        old.line.at = line.at
        last[line.part] = old
        return []
      }
      if let told = Self.told(old) { lines.append(told) }
    }
    last[line.part] = Last(line: line, since: now)
    return lines + [line]
  }

  /// The counts that are due, or all of them.
  mutating func flush(at now: Tick, all: Bool = false) -> [LogLine] {
    var lines: [LogLine] = []
    for part in last.keys.sorted() {
      guard let old = last[part], all || now - old.since >= Self.window else { continue }
      if let told = Self.told(old) {
        lines.append(told)
        // Still going on: the next minute is counted too, and the line itself not said again.
        last[part] = all ? nil : Last(line: old.line, since: now)
      } else {
        last[part] = nil
      }
    }
    return lines
  }

  private static func told(_ old: Last) -> LogLine? {
    guard old.count > 0 else { return nil }
    var line = old.line
    line.text = "\(old.count) more \(old.count == 1 ? "time" : "times"): \(line.text)"
    return line
  }
}
