// SPDX-License-Identifier: Apache-2.0

/// Bytes as text and back.
public enum Hex {
  /// Two lower-case digits a byte.
  public static func string(_ bytes: borrowing Span<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for index in 0..<bytes.count { append(bytes[index], upper: false, to: &text) }
    return String(decoding: text, as: UTF8.self)
  }

  /// A byte as `0xAA`.
  public static func byte(_ value: UInt8) -> String { prefixed([value]) }

  /// A word as `0xAABB`.
  public static func word(_ value: UInt16) -> String {
    prefixed([UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)])
  }

  /// The bytes that a text of hexadecimal digits stands for; blanks are skipped.
  ///
  /// `nil` for anything else and for an odd number of digits.
  public static func bytes(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var high: UInt8?
    for character in text where character != UInt8(ascii: " ") {
      guard let digit = digit(character) else { return nil }
      if let first = high {
        bytes.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    return high == nil ? bytes : nil
  }

  /// The value of one hexadecimal digit, in either case.
  public static func digit(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// Appends a byte as two digits.
  public static func append(_ byte: UInt8, upper: Bool, to text: inout [UInt8]) {
    for nibble in [byte >> 4, byte & 0xF] {
      let letter = upper ? UInt8(ascii: "A") : UInt8(ascii: "a")
      text.append(nibble < 10 ? UInt8(ascii: "0") + nibble : letter + nibble - 10)
    }
  }

  private static func prefixed(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = [UInt8(ascii: "0"), UInt8(ascii: "x")]
    for byte in bytes { append(byte, upper: true, to: &text) }
    return String(decoding: text, as: UTF8.self)
  }
}
