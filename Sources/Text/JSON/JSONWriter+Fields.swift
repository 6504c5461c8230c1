// SPDX-License-Identifier: Apache-2.0

package import Quantities

// A key and its value in one. What is absent is left out altogether, never written as zero.

extension JSONWriter {
  /// Writes a key and a text; nothing at all when the text is absent.
  package mutating func field(_ name: some JSONText, _ text: (some JSONText)?) {
    guard let text else { return }
    key(name)
    value(text)
  }

  /// Writes a key and a truth value; nothing at all when it is absent.
  package mutating func field(_ name: some JSONText, _ flag: Bool?) {
    guard let flag else { return }
    key(name)
    value(flag)
  }

  /// Writes a key and a whole number; nothing at all when it is absent.
  package mutating func field(_ name: some JSONText, _ number: (some FixedWidthInteger)?) {
    guard let number else { return }
    key(name)
    value(number)
  }

  /// Writes a key and an amount in its unit; nothing at all when it is absent.
  package mutating func field(_ name: some JSONText, _ amount: Quantity<some Scale>?) {
    guard let amount else { return }
    key(name)
    value(amount)
  }

  /// Writes a key and `raw` steps of `10^-decimals`; nothing at all when they are absent.
  package mutating func field(
    _ name: some JSONText, _ raw: Int64?, decimals: Int, places: Int? = nil
  ) {
    guard let raw else { return }
    key(name)
    decimal(raw, decimals: decimals, places: places)
  }

  /// Writes a key and a number as it was read; nothing at all when it is absent.
  package mutating func field(_ name: some JSONText, _ number: JSONNumber?) {
    guard let number else { return }
    key(name)
    value(number)
  }

  /// Writes a key and a tree; nothing at all when it is absent, and `null` for a `null`.
  package mutating func field(_ name: some JSONText, _ tree: JSONValue?) {
    guard let tree else { return }
    key(name)
    value(tree)
  }

  /// Writes a key and an object with what `body` writes.
  package mutating func object<E: Error>(
    _ name: some JSONText, _ body: (inout JSONWriter) throws(E) -> Void
  ) throws(E) {
    key(name)
    try object(body)
  }

  /// Writes a key and an array with what `body` writes.
  package mutating func array<E: Error>(
    _ name: some JSONText, _ body: (inout JSONWriter) throws(E) -> Void
  ) throws(E) {
    key(name)
    try array(body)
  }
}
