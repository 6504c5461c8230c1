// SPDX-License-Identifier: Apache-2.0

/// What a setting may be, as data: the schema, the documents and `cellbus reference` are made from it.
package indirect enum SettingKind: Sendable {
  /// True or false.
  case flag
  /// A text of one byte or more; `what` says what it stands for, such as "a path".
  case text(_ what: String, longest: Int)
  /// A host on the network with its port, `"host:port"`; a default port may be left out.
  case host(defaultPort: UInt16?)
  /// One of a few words.
  case choice([String])
  /// A whole number within a range.
  case whole(ClosedRange<Int64>, unit: String)
  /// One of a few whole numbers.
  case numbers([Int64], unit: String)
  /// A list of whole numbers within a range.
  case wholes(ClosedRange<Int64>)
  /// An amount; the range is counted in steps of `10^-decimals` units.
  case number(ClosedRange<Int64>, decimals: Int, unit: String)
  /// Pairs of a place, which rises within a range, and a share in percent.
  case curve(ClosedRange<Int64>, decimals: Int, unit: String)
  /// An object with these settings.
  case object([SettingRow])
  /// A list of objects with these settings, of which there must be some number.
  case list([SettingRow], atLeast: Int)
  /// A list of values of this kind, of which there must be some number.
  case array(SettingKind, atLeast: Int)
  /// An object whose keys are names, each with a value of this kind.
  case named(SettingKind)
  /// One of several kinds, of which a value fits at most one.
  case oneOf([SettingKind])
}

extension SettingKind {
  /// The unit of its numbers, such as "ms"; empty where there is none.
  package var unit: String {
    switch self {
    case .whole(_, let unit), .numbers(_, let unit), .number(_, _, let unit),
      .curve(_, _, let unit):
      unit
    default: ""
    }
  }

  /// The settings inside it, each once.
  var rows: [SettingRow] {
    switch self {
    case .object(let rows), .list(let rows, _): rows
    case .oneOf(let kinds):
      kinds.flatMap(\.rows).reduce(into: []) { rows, row in
        // Two kinds may have a setting in common.
        if !rows.contains(where: { $0.path == row.path }) { rows.append(row) }
      }
    case .array(let kind, _): kind.rows
    case .named(.object(let rows)): rows
    default: []
    }
  }
}
