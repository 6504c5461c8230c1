// SPDX-License-Identifier: Apache-2.0

/// A short text from a device: a serial number, a model, a firmware version.
///
/// Never over 32 bytes.
@frozen public struct Label: Hashable, BitwiseCopyable, Sendable {
  /// The most bytes that are kept.
  public static let capacity = 32

  /// How many bytes there are.
  public private(set) var count: UInt8 = 0
  private var bytes: [32 of UInt8] = .init(repeating: 0)

  /// No text.
  public init() {}

  /// The printable ASCII of `text` up to its first NUL, without blanks at its end; the rest is dropped.
  public init(_ text: some Sequence<UInt8>) {
    for byte in text {
      guard byte != 0, Int(count) < Self.capacity else { break }
      append(byte)
    }
    while count > 0, bytes[Int(count) - 1] == 0x20 { count -= 1 }
  }

  /// The text of a constant.
  public init(_ text: StaticString) {
    self.init(ConstantBytes(text))
  }

  /// Adds a printable character of ASCII where there is room; anything else is left out.
  public mutating func append(_ byte: UInt8) {
    guard Int(count) < Self.capacity, (0x20...0x7E).contains(byte) else { return }
    bytes[Int(count)] = byte
    count += 1
  }

  /// Whether there is no text.
  public var isEmpty: Bool { count == 0 }

  /// The byte at `index`; 0 beyond the end.
  public subscript(index: Int) -> UInt8 { index < Int(count) ? bytes[index] : 0 }

  /// The text.
  public var string: String {
    var copy: [UInt8] = []
    for index in 0..<Int(count) { copy.append(bytes[index]) }
    return String(decoding: copy, as: UTF8.self)
  }

  /// Whether the texts are the same.
  public static func == (a: Self, b: Self) -> Bool {
    guard a.count == b.count else { return false }
    for index in 0..<Int(a.count) where a.bytes[index] != b.bytes[index] { return false }
    return true
  }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) {
    for index in 0..<Int(count) { hasher.combine(bytes[index]) }
  }
}

/// The bytes of a constant text, one after the other.
private struct ConstantBytes: Sequence, IteratorProtocol {
  private let text: StaticString
  private var place = 0

  init(_ text: StaticString) { self.text = text }

  mutating func next() -> UInt8? {
    guard place < text.utf8CodeUnitCount else { return nil }
    defer { place += 1 }
    return unsafe text.utf8Start[place]
  }
}
