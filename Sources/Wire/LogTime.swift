// SPDX-License-Identifier: Apache-2.0

/// A moment as logs of a wire write it: seconds with six decimals, `1700000000.123456`.
///
/// Source: candump of can-utils.
public enum LogTime {
  /// Appends a moment of so many microseconds; seconds get at least `digits` digits.
  public static func append(
    _ microseconds: Int64, digits: Int = 10, to text: inout [UInt8]
  ) {
    let moment = UInt64(clamping: microseconds)
    append(moment / 1_000_000, digits, &text)
    text.append(UInt8(ascii: "."))
    append(moment % 1_000_000, 6, &text)
  }

  /// The microseconds of a text with 1 to 6 decimals; `nil` for anything else.
  public static func microseconds(_ text: some Collection<UInt8>) -> Int64? {
    var value: Int64 = 0
    var decimals: Int?
    var digits = 0
    for character in text {
      switch character {
      case UInt8(ascii: ".") where decimals == nil && digits > 0: decimals = 0
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        // 12 digits of seconds last for 30,000 years; more would overflow.
        if let places = decimals { decimals = places + 1 } else { digits += 1 }
        guard digits <= 12, decimals ?? 0 <= 6 else { return nil }
        value = value * 10 + Int64(character - UInt8(ascii: "0"))
      default: return nil
      }
    }
    guard let places = decimals, places > 0 else { return nil }
    for _ in places..<6 { value *= 10 }
    return value
  }

  /// Appends a number with at least `digits` decimal digits.
  private static func append(_ value: UInt64, _ digits: Int, _ text: inout [UInt8]) {
    let start = text.count
    var rest = value
    while rest > 0 || text.count < start + digits {
      text.insert(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10), at: start)
      rest /= 10
    }
  }

  /// The microseconds of `(seconds.decimals)`.
  static func inParentheses(_ text: some Collection<UInt8>) -> Int64? {
    guard text.first == UInt8(ascii: "("), text.count >= 2 else { return nil }
    var last: UInt8 = 0
    for byte in text { last = byte }
    guard last == UInt8(ascii: ")") else { return nil }
    return microseconds(text.dropFirst().dropLast())
  }
}
