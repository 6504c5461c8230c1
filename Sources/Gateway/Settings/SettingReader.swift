// SPDX-License-Identifier: Apache-2.0

import Dialects
package import Quantities
package import Text

/// Walks a settings document and collects every mistake in it instead of stopping at the first.
package struct SettingReader {
  /// The mistakes so far, in the order in which they were met.
  package private(set) var problems: [SettingProblem] = []

  /// The register maps read so far, by the names of their languages.
  var maps: [String: ModbusMap] = [:]

  /// Where secrets come from.
  let secrets: SecretSource

  /// Nothing read yet.
  package init(secrets: SecretSource = .process) { self.secrets = secrets }

  /// An object of the document while its keys are read.
  package struct Node {
    package let value: JSONValue
    package let path: String

    package init(_ value: JSONValue, path: String) {
      self.value = value
      self.path = path
    }

    func child(_ key: String) -> Node? {
      value[key].map { Node($0, path: path.isEmpty ? key : "\(path).\(key)") }
    }
  }

  /// Records a mistake at a node.
  package mutating func report(
    _ node: Node, found: String? = nil, expected: String, severity: SettingProblem.Severity = .error
  ) {
    problems.append(
      SettingProblem(
        severity: severity, position: node.value.position, path: node.path,
        found: found ?? node.value.noun,
        expected: expected))
  }

  /// Checks that a node is an object and has no keys but these; `false` when it is no object.
  package mutating func checkKeys(_ node: Node, _ known: [String]) -> Bool {
    guard let members = node.value.members else {
      report(node, expected: "an object { … }")
      return false
    }
    for member in members where !known.contains(where: { $0.utf8.elementsEqual(member.key.utf8) }) {
      let moved = SettingsVersion.rename(of: member.key, at: node.path)
      let hint =
        moved.map { "; since version \($0.version) it is \"\($0.to)\"" }
        ?? EditDistance.nearest(member.key, in: known).map { "; did you mean \"\($0)\"?" } ?? ""
      problems.append(
        SettingProblem(
          position: member.keyPosition, path: node.path,
          found: "the unknown setting \"\(member.key)\"",
          expected: "one of \(known.joined(separator: ", "))\(hint)"))
    }
    return true
  }

  /// A text; absent keys answer `nil`.
  package mutating func string(_ node: Node, _ key: String, longest: Int = 4096) -> String? {
    guard let child = node.child(key) else { return nil }
    guard let text = child.value.string, !text.isEmpty, text.utf8.count <= longest else {
      report(child, expected: "a text of 1 to \(longest) bytes")
      return nil
    }
    return text
  }

  /// One of a few words.
  package mutating func choice(_ node: Node, _ key: String, _ words: [String]) -> String? {
    guard let child = node.child(key) else { return nil }
    if let text = child.value.string, words.contains(text) { return text }
    let near = child.value.string.flatMap { EditDistance.nearest($0, in: words) }
    let hint = near.map { "; did you mean \"\($0)\"?" } ?? ""
    report(child, expected: "one of \(words.map { "\"\($0)\"" }.joined(separator: ", "))\(hint)")
    return nil
  }

  /// A whole number within a range.
  package mutating func integer(
    _ node: Node, _ key: String, _ range: ClosedRange<Int64>, _ unit: String = ""
  ) -> Int64? {
    guard let child = node.child(key) else { return nil }
    guard let number = child.value.int64, range.contains(number) else {
      let suffix = unit.isEmpty ? "" : " \(unit)"
      report(
        child, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)\(suffix)")
      return nil
    }
    return number
  }

  /// An amount within a range, written in the unit of its scale.
  package mutating func amount<S: Scale>(
    _ node: Node, _ key: String, _ range: ClosedRange<Quantity<S>>
  ) -> Quantity<S>? {
    guard let child = node.child(key) else { return nil }
    guard let raw = child.value.decimal(places: S.decimals).flatMap({ S.Raw(exactly: $0) }),
      range.contains(Quantity<S>(raw: raw))
    else {
      report(
        child,
        expected: "a number from \(range.lowerBound.text()) to \(range.upperBound.text()) \(S.unit)"
      )
      return nil
    }
    return Quantity<S>(raw: raw)
  }

  /// True or false.
  package mutating func flag(_ node: Node, _ key: String) -> Bool? {
    guard let child = node.child(key) else { return nil }
    guard let flag = child.value.bool else {
      report(child, expected: "true or false")
      return nil
    }
    return flag
  }

  /// An object below a node; absent keys answer `nil`.
  package func object(_ node: Node, _ key: String) -> Node? { node.child(key) }

  /// The elements of a list below a node; absent keys answer none.
  package mutating func list(_ node: Node, _ key: String) -> [Node] {
    guard let child = node.child(key) else { return [] }
    guard let values = child.value.array else {
      report(child, expected: "a list [ … ]")
      return []
    }
    return values.enumerated().map { Node($0.element, path: "\(child.path)[\($0.offset)]") }
  }
}
