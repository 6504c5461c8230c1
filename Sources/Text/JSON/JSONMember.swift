// SPDX-License-Identifier: Apache-2.0

/// One key of an object and what belongs to it.
package struct JSONMember: Sendable, Equatable {
  /// The key, with its escapes resolved.
  package var key: String
  /// Where the key begins.
  package var keyPosition: TextPosition
  /// The value.
  package var value: JSONValue

  /// A key and its value.
  package init(_ key: String, _ value: JSONValue, keyAt keyPosition: TextPosition = .none) {
    self.key = key
    self.value = value
    self.keyPosition = keyPosition
  }

  /// Whether keys and values are equal; keys compare by their scalars.
  package static func == (a: Self, b: Self) -> Bool {
    a.key.utf8.elementsEqual(b.key.utf8) && a.value == b.value
  }
}
