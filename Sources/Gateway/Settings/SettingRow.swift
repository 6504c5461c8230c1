// SPDX-License-Identifier: Apache-2.0

package import Text

/// What one setting is, as data: its key, what it may be, what it is without being set, what it means.
package struct SettingRow: Sendable {
  /// Its key; in `all` with everything above it, such as `batteries[].link.serial`.
  package internal(set) var path: String
  /// What it may be.
  package let kind: SettingKind
  /// What it is for, in a sentence of Markdown without its full stop.
  package let meaning: String
  /// Whether it must be there.
  package let isNeeded: Bool
  /// Whether `null` may stand there, for "none".
  package let acceptsNull: Bool
  /// What it is where the file does not say it; `null` where there is no such value.
  package internal(set) var standard: JSONValue = .null
  /// The default in words, in Markdown, where it is no plain value.
  package internal(set) var standardWords: String?
  /// The range in words, in Markdown, where the kind alone does not tell it.
  package let rangeWords: String?
  /// What it may be instead where a flag of the same object is true.
  package internal(set) var exception: Exception?

  /// Another kind and default, which hold while a flag beside the setting is true.
  package struct Exception: Sendable {
    /// The key of the flag.
    package let flag: String
    /// What the setting may be then.
    package let kind: SettingKind
    /// What it is then where the file does not say it.
    package let standard: JSONValue
  }
}

extension SettingRow {
  /// Every setting of the file, each object before what is inside it, with its whole path.
  package static let all: [SettingRow] = below("", Settings.table.rows)

  private static func below(_ place: String, _ rows: [SettingRow]) -> [SettingRow] {
    rows.flatMap { row in
      var whole = row
      whole.path = place.isEmpty ? row.path : "\(place).\(row.path)"
      var inside = whole.path
      switch row.kind {
      case .list, .array: inside += "[]"
      case .named(.object): inside += ".NAME"
      default: break
      }
      return [whole] + below(inside, row.kind.rows)
    }
  }

  /// Its key alone.
  package var key: String { path.split(separator: ".").last.map(String.init) ?? path }
}
