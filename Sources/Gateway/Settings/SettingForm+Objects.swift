// SPDX-License-Identifier: Apache-2.0

import Text

extension SettingForm {
  /// An object with settings of its own.
  static func object(_ table: SettingTable<Value>) -> Self {
    Self(kind: .object(table.rows)) { reader, node, key in
      node.child(key).map { reader.read($0, table) }
    } write: { _ in
      .null
    }
  }

  /// A list of objects; one that is wrong stands in it at its default, so that places stay right.
  static func list<Whole>(
    _ table: SettingTable<Whole>, atLeast least: Int = 0
  ) -> Self where Value == [Whole] {
    Self(kind: .list(table.rows, atLeast: least)) { reader, node, key in
      guard let child = node.child(key) else { return nil }
      let elements = reader.list(node, key)
      if let count = child.value.array?.count, count < least {
        reader.report(child, found: "\(count) in the list", expected: "at least \(least)")
      }
      return elements.map { reader.read($0, table) }
    } write: { _ in
      .null
    }
  }

  /// A list of texts; `what` says what each stands for.
  static func texts(_ what: String, atLeast least: Int) -> Self where Value == [String] {
    Self(kind: .array(.text(what, longest: 4096), atLeast: least)) { reader, node, key in
      guard let child = node.child(key) else { return nil }
      let elements = reader.list(node, key)
      if let count = child.value.array?.count, count < least {
        reader.report(child, found: "\(count) in the list", expected: "at least \(least)")
      }
      return elements.compactMap { element in
        if let text = element.value.string, !text.isEmpty { return text }
        reader.report(element, expected: what)
        return nil
      }
    } write: { _ in
      .null
    }
  }

  /// An object whose keys are names.
  static func named<Each>(_ form: SettingForm<Each>) -> Self where Value == [String: Each] {
    Self(kind: .named(form.kind)) { reader, node, key in
      guard let child = node.child(key) else { return nil }
      guard let members = child.value.members else {
        reader.report(child, expected: "an object { … }")
        return nil
      }
      var values: [String: Each] = [:]
      for member in members { values[member.key] = form.read(&reader, child, member.key) }
      return values
    } write: { _ in
      .null
    }
  }

  /// A short form, or an object where there is more to say.
  static func short<Short, Whole>(
    _ short: SettingForm<Short>, _ make: @escaping @Sendable (Short) -> Value,
    or table: SettingTable<Whole>, _ wrap: @escaping @Sendable (Whole) -> Value,
    write: @escaping @Sendable (Value) -> JSONValue = { _ in .null }
  ) -> Self {
    let noun = short.kind.noun
    return Self(kind: .oneOf([short.kind, .object(table.rows)])) { reader, node, key in
      guard let child = node.child(key) else { return nil }
      if child.value.members != nil { return wrap(reader.read(child, table)) }
      guard short.kind.fits(child.value) else {
        reader.report(child, expected: "\(noun) or an object { … }")
        return nil
      }
      return short.read(&reader, node, key).map(make)
    } write: {
      write($0)
    }
  }

  /// One of several kinds of object, told apart by the first key of each.
  static func oneOf(_ variants: [SettingVariant<Value>]) -> Self {
    Self(kind: .oneOf(variants.map { .object($0.rows) })) { reader, node, key in
      node.child(key).flatMap { reader.read($0, variants) }
    } write: { _ in
      .null
    }
  }
}

/// One kind of object of several that may stand in one place.
struct SettingVariant<Value: Sendable>: Sendable {
  /// Its settings; the first is the one by which it is known.
  let rows: [SettingRow]
  /// The shortest one, for messages.
  let example: String
  /// Reads an object that is known to be one.
  let read: @Sendable (inout SettingReader, SettingReader.Node) -> Value

  /// A kind of object from its settings.
  init<Whole>(
    _ table: SettingTable<Whole>, _ example: String,
    _ make: @escaping @Sendable (Whole) -> Value
  ) {
    var rows = table.rows
    if !rows.isEmpty { rows[0].standardWords = "one is needed" }
    self.rows = rows
    self.example = example
    read = { reader, node in make(reader.read(node, table)) }
  }

  /// The key by which it is known.
  var mark: String { rows.first?.path ?? "" }
}

extension SettingReader {
  /// Reads an object that is one of several kinds.
  ///
  /// What belongs to another kind is told as a warning and left out: it does nothing there.
  fileprivate mutating func read<Value>(
    _ node: Node, _ variants: [SettingVariant<Value>]
  ) -> Value? {
    let expected = "one of " + variants.map(\.example).joined(separator: ", ")
    guard let members = node.value.members else {
      report(node, expected: expected)
      return nil
    }
    let chosen = variants.filter { node.value[$0.mark] != nil }
    guard let variant = chosen.first, chosen.count == 1 else {
      let marks = variants.map { "\"\($0.mark)\"" }.joined(separator: ", ")
      // A key that is only misspelt is told alone.
      let known = variants.flatMap(\.rows).map(\.path)
      let before = problems.count
      _ = checkKeys(node, known)
      if problems.count == before {
        let found =
          chosen.isEmpty ? "an object without any of \(marks)" : "more than one of \(marks)"
        report(node, found: found, expected: expected)
      }
      return nil
    }
    let own = variant.rows.map(\.path)
    var kept: [JSONMember] = []
    for member in members {
      let other = variants.first { $0.rows.contains { $0.path == member.key } }
      guard let other, !own.contains(member.key) else {
        kept.append(member)
        continue
      }
      report(
        Node(JSONValue(member.value.content, at: member.keyPosition), path: node.path),
        found: "\"\(member.key)\" beside \"\(variant.mark)\"",
        expected: "it beside \"\(other.mark)\" only; here it does nothing", severity: .warning)
    }
    return variant.read(
      &self, Node(JSONValue(.object(kept), at: node.value.position), path: node.path))
  }
}

extension SettingKind {
  /// What it is in a message.
  fileprivate var noun: String {
    switch self {
    case .flag: "true or false"
    case .text(let what, _): what
    default: "a value"
    }
  }

  /// Whether a value is of the right type, whatever else may be wrong with it.
  fileprivate func fits(_ value: JSONValue) -> Bool {
    switch self {
    case .flag: value.bool != nil
    case .text: value.string != nil
    default: true
    }
  }
}
