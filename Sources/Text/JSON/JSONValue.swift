// SPDX-License-Identifier: Apache-2.0

/// One node of a JSON document and the place where it begins in its source.
///
/// Two values are equal when their contents are, wherever they stand; objects compare in order and
/// numbers by their text.
package struct JSONValue: Sendable, Equatable {
  /// What a node can be.
  package enum Content: Sendable, Equatable {
    /// The word `null`.
    case null
    /// The word `true` or `false`.
    case bool(Bool)
    /// A finite number, exactly as written.
    case number(JSONNumber)
    /// A text.
    case string(String)
    /// Values in order.
    case array([JSONValue])
    /// Keys and values in the order of the source; no key stands twice.
    case object([JSONMember])
  }

  /// What this node is.
  package var content: Content
  /// Where it begins; `.none` when it was not read from a text.
  package var position: TextPosition

  /// A node from its content and place.
  package init(_ content: Content, at position: TextPosition = .none) {
    self.content = content
    self.position = position
  }

  /// Whether the contents are equal, wherever they stand.
  package static func == (a: Self, b: Self) -> Bool { a.content == b.content }
}

extension JSONValue {
  /// The word `null`.
  package static var null: Self { Self(.null) }
  /// The word `true` or `false`.
  package static func bool(_ value: Bool) -> Self { Self(.bool(value)) }
  /// A whole number.
  package static func number(_ value: Int64) -> Self { Self(.number(JSONNumber(value))) }
  /// A number of `raw` steps of `10^-decimals`.
  package static func number(_ raw: Int64, decimals: Int) -> Self {
    Self(.number(JSONNumber(raw, decimals: decimals)))
  }
  /// A text.
  package static func string(_ value: String) -> Self { Self(.string(value)) }
  /// Values in order.
  package static func array(_ values: [JSONValue]) -> Self { Self(.array(values)) }
  /// Keys and values in order.
  package static func object(_ members: [(String, JSONValue)]) -> Self {
    Self(.object(members.map { JSONMember($0.0, $0.1) }))
  }
}
