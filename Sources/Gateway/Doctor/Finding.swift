// SPDX-License-Identifier: Apache-2.0

/// Something that the doctor has found, and what to do about it.
package struct Finding: Sendable, Hashable {
  /// How much it matters.
  package enum Level: Int, Comparable, Sendable {
    /// Worth knowing.
    case note
    /// It works, and something should be looked at.
    case watch
    /// Something is wrong.
    case wrong

    /// Whether the first matters less.
    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

    /// The name in JSON.
    package var name: String {
      switch self {
      case .note: "note"
      case .watch: "watch"
      case .wrong: "wrong"
      }
    }
  }

  /// How much it matters.
  package var level: Level
  /// A name for programs, such as `wrong_speed`.
  package var cause: String
  /// Which battery, inverter or part.
  package var about: String
  /// What was seen, in one sentence.
  package var seen: String
  /// What to do, in plain words.
  package var advice: String

  /// A finding.
  package init(_ level: Level, _ cause: String, _ about: String, _ seen: String, _ advice: String) {
    self.level = level
    self.cause = cause
    self.about = about
    self.seen = seen
    self.advice = advice
  }

  /// Findings in order of importance; those of one level stay as they were.
  package static func ordered(_ findings: [Finding]) -> [Finding] {
    [.wrong, .watch, .note].flatMap { level in findings.filter { $0.level == level } }
  }
}
