// SPDX-License-Identifier: Apache-2.0

import Text

/// One setting of an object of the file, declared once: what it is, and where its value goes.
struct SettingField<Whole: Sendable>: Sendable {
  /// Where a value goes.
  typealias Place<Value> = any WritableKeyPath<Whole, Value> & Sendable

  /// What it is, as data, without its default.
  var row: SettingRow
  /// Reads it, if it is there, from an object into a value; reports what is wrong with it.
  var read: @Sendable (inout SettingReader, SettingReader.Node, inout Whole) -> Void
  /// What it is set to, as the file would say it; `null` for nothing that the file can say.
  let value: @Sendable (Whole) -> JSONValue
}

extension SettingField {
  /// A setting that always has a value.
  ///
  /// - Parameters:
  ///   - key: its key.
  ///   - place: where its value goes.
  ///   - form: what it may be.
  ///   - needed: what to write, for the message where it is absent; `nil` where it need not be there.
  ///   - orNull: whether `null` may be written; it leaves the default.
  ///   - standard: the default in words, where it is no plain value.
  ///   - range: the range in words, where the form alone does not tell it.
  ///   - meaning: what it is for.
  /// - Returns: the setting.
  static func setting<Value>(
    _ key: String, _ place: Place<Value>, _ form: SettingForm<Value>, needed: String? = nil,
    orNull: Bool = false, default standard: String? = nil, range: String? = nil, _ meaning: String
  ) -> Self {
    Self(
      row: SettingRow(
        path: key, kind: form.kind, meaning: meaning, isNeeded: needed != nil, acceptsNull: orNull,
        standardWords: standard, rangeWords: range)
    ) { reader, node, whole in
      guard let child = node.child(key) else {
        if let needed { reader.report(node, found: "no \"\(key)\"", expected: needed) }
        return
      }
      if orNull, child.value.isNull { return }
      if let value = form.read(&reader, node, key) { whole[keyPath: place] = value }
    } value: {
      form.write($0[keyPath: place])
    }
  }

  /// A setting that need not have a value.
  ///
  /// It is declared as by `setting`; where `null` may be written, it takes the value away.
  static func optional<Value>(
    _ key: String, _ place: Place<Value?>, _ form: SettingForm<Value>, orNull: Bool = false,
    default standard: String? = nil, range: String? = nil, _ meaning: String
  ) -> Self {
    Self(
      row: SettingRow(
        path: key, kind: form.kind, meaning: meaning, isNeeded: false, acceptsNull: orNull,
        standardWords: standard, rangeWords: range)
    ) { reader, node, whole in
      guard let child = node.child(key) else { return }
      if orNull, child.value.isNull {
        whole[keyPath: place] = nil
      } else if let value = form.read(&reader, node, key) {
        whole[keyPath: place] = value
      }
    } value: {
      $0[keyPath: place].map(form.write) ?? .null
    }
  }

  /// A setting that is checked and goes nowhere by itself.
  static func checked<Value>(
    _ key: String, _ form: SettingForm<Value>, default standard: String, _ meaning: String
  ) -> Self {
    Self(
      row: SettingRow(
        path: key, kind: form.kind, meaning: meaning, isNeeded: false, acceptsNull: false,
        standardWords: standard, rangeWords: nil)
    ) { reader, node, _ in
      _ = form.read(&reader, node, key)
    } value: { _ in
      .null
    }
  }

  /// The same setting, but of another form and default where a flag beside it is true.
  func with<Value>(
    _ flag: String, _ place: Place<Value>, _ form: SettingForm<Value>, default standard: Value
  ) -> Self {
    let usual = read
    let key = row.path
    var field = self
    field.row.exception = SettingRow.Exception(
      flag: flag, kind: form.kind, standard: form.write(standard))
    field.read = { reader, node, whole in
      guard node.child(flag)?.value.bool == true else { return usual(&reader, node, &whole) }
      whole[keyPath: place] = form.read(&reader, node, key) ?? standard
    }
    return field
  }
}
