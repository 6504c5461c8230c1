// SPDX-License-Identifier: Apache-2.0

import Text

/// The versions of the settings file, and the steps from each to the next.
///
/// A version that moves a setting adds a step at the end of `steps`; reading an older file, the
/// warnings and `cellbus check --migrate` follow from it.
enum SettingsVersion {
  /// One setting that has moved to another key of the same object.
  struct Rename: Sendable {
    /// The version since which it has its new key.
    let version: Int64
    /// The object, such as `inverters[]`.
    let place: String
    /// The key until then.
    let from: String
    /// The key since.
    let to: String
  }

  /// What moved, version by version.
  static let steps: [[Rename]] = [
    [Rename(version: 2, place: "inverters[]", from: "log", to: "traffic")]
  ]

  /// The version that this program writes.
  static let newest = Int64(steps.count + 1)

  /// The setting that once had this key in an object such as `inverters[0]`.
  static func rename(of key: String, at path: String) -> Rename? {
    let digits = path.split(separator: "[").map { $0.drop { $0.isNumber } }
    let place = digits.joined(separator: "[")
    return steps.joined().first { $0.place == place && $0.from == key }
  }
}

/// One setting of a file that stands under a key of an older version.
struct SettingMove: Sendable {
  /// Where the old key stands.
  let position: TextPosition
  /// The setting, such as `inverters[0].log`.
  let path: String
  /// How it is called since.
  let rename: SettingsVersion.Rename

  /// What to write now.
  var problem: SettingProblem {
    SettingProblem(
      severity: .warning, position: position, path: path,
      found: "the key \"\(rename.from)\" of version \(rename.version - 1)",
      expected: "\"\(rename.to)\"; cellbus check --migrate rewrites the file")
  }
}

extension SettingsVersion {
  /// The version that a document says, 1 where it says none; `nil` for what is no version.
  static func of(_ document: JSONValue) -> Int64? {
    guard let version = document["version"] else { return 1 }
    return version.int64.flatMap { $0 >= 1 ? $0 : nil }
  }

  /// The fault of a document that is newer than this program.
  static func tooNew(_ document: JSONValue) -> SettingProblem? {
    guard let node = document["version"], let version = of(document), version > newest else {
      return nil
    }
    return SettingProblem(
      position: node.position, path: "version", found: "version \(version) of the settings",
      expected: "at most version \(newest): this program is older than the file")
  }

  /// A document as the newest version would say it, and what moved for that.
  static func upgrade(_ document: JSONValue) -> (document: JSONValue, moves: [SettingMove]) {
    guard let version = of(document), version < newest else { return (document, []) }
    var moves: [SettingMove] = []
    var newer = document
    for step in steps[Int(version - 1)...] {
      newer = renamed(newer, "", "", step, &moves)
    }
    return (newer, moves)
  }

  /// A tree with its keys renamed; a new key that stands there already is left alone.
  private static func renamed(
    _ value: JSONValue, _ path: String, _ place: String, _ renames: [Rename],
    _ moves: inout [SettingMove]
  ) -> JSONValue {
    var value = value
    switch value.content {
    case .array(let values):
      let elements = values.enumerated().map { index, element in
        renamed(element, "\(path)[\(index)]", "\(place)[]", renames, &moves)
      }
      value.content = .array(elements)
    case .object(var members):
      for index in members.indices {
        let key = members[index].key
        let below = path.isEmpty ? key : "\(path).\(key)"
        members[index].value = renamed(
          members[index].value, below, place.isEmpty ? key : "\(place).\(key)", renames, &moves)
        guard let rename = renames.first(where: { $0.place == place && $0.from == key }),
          !members.contains(where: { $0.key == rename.to })
        else { continue }
        members[index].key = rename.to
        moves.append(
          SettingMove(position: members[index].keyPosition, path: below, rename: rename))
      }
      value.content = .object(members)
    default: break
    }
    return value
  }
}
