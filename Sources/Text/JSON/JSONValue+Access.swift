// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
  /// Whether this is the word `null`.
  package var isNull: Bool { content == .null }

  /// The truth value, or `nil` when this is something else.
  package var bool: Bool? {
    guard case .bool(let value) = content else { return nil }
    return value
  }

  /// The number, or `nil` when this is something else.
  package var number: JSONNumber? {
    guard case .number(let value) = content else { return nil }
    return value
  }

  /// The whole number, or `nil` when this is something else or does not fit exactly.
  package var int64: Int64? { number?.int64 }

  /// The number in steps of `10^-places`, rounded half away from zero.
  ///
  /// `nil` when this is no number or lies beyond 64 bits.
  package func decimal(places: Int) -> Int64? { number?.decimal(places: places) }

  /// The text, or `nil` when this is something else.
  package var string: String? {
    guard case .string(let value) = content else { return nil }
    return value
  }

  /// The elements, or `nil` when this is no array.
  package var array: [JSONValue]? {
    guard case .array(let values) = content else { return nil }
    return values
  }

  /// The keys and values, or `nil` when this is no object.
  package var members: [JSONMember]? {
    guard case .object(let members) = content else { return nil }
    return members
  }

  /// The value of `key`, or `nil` when this is no object or does not have it.
  package subscript(key: String) -> JSONValue? {
    members?.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
  }

  /// The element at `index` from 0, or `nil` when this is no array or is shorter.
  package subscript(index: Int) -> JSONValue? {
    guard let array, array.indices.contains(index) else { return nil }
    return array[index]
  }

  /// What this is, for messages: `the number 5`, `the text "can0"`, `a list`, `an object`.
  ///
  /// A long text is cut.
  package var noun: String {
    switch content {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let value): "the number \(value.text.cut(to: 40))"
    case .string(let value): "the text \(JSONValue.string(value.cut(to: 40)).text())"
    case .array: "a list"
    case .object: "an object"
    }
  }

  /// The fault of standing where something else belongs.
  ///
  /// - Parameter what: what belongs here, such as `a number of volts`.
  /// - Returns: the fault, at this value's place.
  package func fault(expected what: String) -> JSONError {
    JSONError(at: position, "found \(noun) where \(what) was expected")
  }
}

extension String {
  /// The first `count` scalars and an ellipsis, or all when there are not more.
  func cut(to count: Int) -> String {
    guard let end = unicodeScalars.index(startIndex, offsetBy: count, limitedBy: endIndex),
      end < endIndex
    else { return self }
    return String(self[..<end]) + "…"
  }
}
