// SPDX-License-Identifier: Apache-2.0

/// Writes JSON (RFC 8259) as it goes, without a tree in between.
///
/// The caller keeps to the grammar: a key before each value inside an object, none elsewhere; the
/// methods that take a body cannot leave an object or array open.
package struct JSONWriter: Sendable {
  /// How the text is laid out.
  package enum Layout: Sendable {
    /// No white space at all.
    case compact
    /// A line for each key and element, indented by two spaces.
    case pretty
  }

  /// What was written so far.
  package private(set) var bytes: [UInt8] = []
  private let layout: Layout
  private var depth = 0
  private var needsComma = false
  private var followsKey = false

  /// A writer of nothing so far.
  ///
  /// - Parameters:
  ///   - layout: how the text is laid out.
  ///   - capacity: for how many bytes to make room at once.
  package init(_ layout: Layout = .compact, capacity: Int = 256) {
    self.layout = layout
    bytes.reserveCapacity(capacity)
  }

  /// What was written so far, as a string.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Forgets what was written and keeps the room for it.
  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    depth = 0
    needsComma = false
    followsKey = false
  }

  /// Ends a line, so that another document can follow.
  package mutating func newline() {
    bytes.append(UInt8(ascii: "\n"))
    needsComma = false
  }

  /// Opens an object.
  package mutating func beginObject() { open(UInt8(ascii: "{")) }

  /// Closes an object.
  package mutating func endObject() { close(UInt8(ascii: "}")) }

  /// Opens an array.
  package mutating func beginArray() { open(UInt8(ascii: "[")) }

  /// Closes an array.
  package mutating func endArray() { close(UInt8(ascii: "]")) }

  /// Writes an object with what `body` writes.
  package mutating func object<E: Error>(
    _ body: (inout JSONWriter) throws(E) -> Void
  ) throws(E) {
    beginObject()
    try body(&self)
    endObject()
  }

  /// Writes an array with what `body` writes.
  package mutating func array<E: Error>(
    _ body: (inout JSONWriter) throws(E) -> Void
  ) throws(E) {
    beginArray()
    try body(&self)
    endArray()
  }

  /// Writes a key; its value comes next.
  package mutating func key(_ name: some JSONText) {
    separate()
    quote(name)
    bytes.append(UInt8(ascii: ":"))
    if layout == .pretty { bytes.append(UInt8(ascii: " ")) }
    followsKey = true
  }

  /// Begins a value and lets `body` append its bytes.
  mutating func scalar(_ body: (inout [UInt8]) -> Void) {
    separate()
    body(&bytes)
    needsComma = true
  }

  /// Writes a text in quotes, with what must be escaped escaped.
  mutating func quote(_ text: some JSONText) {
    bytes.append(UInt8(ascii: "\""))
    text.withJSONBytes { span in
      for index in span.indices { Self.append(span[index], to: &bytes) }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func append(_ byte: UInt8, to bytes: inout [UInt8]) {
    guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
      bytes.append(byte)
      return
    }
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    case 0x0A: bytes.append(UInt8(ascii: "n"))
    case 0x0C: bytes.append(UInt8(ascii: "f"))
    case 0x0D: bytes.append(UInt8(ascii: "r"))
    case 0x00..<0x20:
      bytes.append(contentsOf: "u00".utf8)
      bytes.append(UInt8(ascii: "0") + byte >> 4)
      let low = byte & 0xF
      bytes.append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
    default: bytes.append(byte)
    }
  }

  /// Writes what stands between the value before and the next one.
  private mutating func separate() {
    guard !followsKey else {
      followsKey = false
      return
    }
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = false
    if depth > 0 { indent() }
  }

  private mutating func indent() {
    guard layout == .pretty else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
  }

  private mutating func open(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    depth += 1
  }

  private mutating func close(_ bracket: UInt8) {
    depth = max(0, depth - 1)
    // Only an object or array with something in it needs a comma at its end, or a line of its own.
    if needsComma { indent() }
    bytes.append(bracket)
    needsComma = true
    followsKey = false
  }
}
