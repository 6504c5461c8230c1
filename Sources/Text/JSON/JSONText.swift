// SPDX-License-Identifier: Apache-2.0

/// What a JSON key or text can be made from.
package protocol JSONText {
  /// Hands the UTF-8 bytes to `body`.
  func withJSONBytes(_ body: (borrowing Span<UInt8>) -> Void)
}

extension String: JSONText {
  package func withJSONBytes(_ body: (borrowing Span<UInt8>) -> Void) { body(utf8.span) }
}

extension Substring: JSONText {
  package func withJSONBytes(_ body: (borrowing Span<UInt8>) -> Void) { body(utf8.span) }
}

extension StaticString: JSONText {
  package func withJSONBytes(_ body: (borrowing Span<UInt8>) -> Void) {
    // Safe: the buffer lives as long as the program, and the closure cannot keep the span.
    withUTF8Buffer { buffer in unsafe body(buffer.span) }
  }
}
