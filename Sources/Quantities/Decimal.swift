// SPDX-License-Identifier: Apache-2.0

/// Writes whole steps as decimal text, without floating point.
public enum Decimal {
  /// Appends `raw` steps of `10^-decimals` as ASCII, such as `-3.03`.
  ///
  /// `places` is how many decimals to keep, rounded half away from zero; `nil` writes what there is
  /// and drops trailing zeros.
  public static func append(
    _ raw: Int64, decimals: Int, places: Int? = nil, to text: inout [UInt8]
  ) {
    var magnitude = raw.magnitude
    var digits = decimals
    if let places, places < digits {
      let unit = power(digits - places)
      let (quotient, remainder) = magnitude.quotientAndRemainder(dividingBy: unit)
      magnitude = remainder >= unit - remainder ? quotient + 1 : quotient
      digits = places
    } else if places == nil {
      while digits > 0, magnitude % 10 == 0 {
        magnitude /= 10
        digits -= 1
      }
    }
    if raw < 0, magnitude != 0 { text.append(UInt8(ascii: "-")) }
    let (whole, part) = magnitude.quotientAndRemainder(dividingBy: power(digits))
    appendDigits(whole, width: 1, to: &text)
    let padding = max(0, (places ?? 0) - digits)
    guard digits + padding > 0 else { return }
    text.append(UInt8(ascii: "."))
    if digits > 0 { appendDigits(part, width: digits, to: &text) }
    for _ in 0..<padding { text.append(UInt8(ascii: "0")) }
  }

  /// The text of `raw` steps of `10^-decimals`; see `append(_:decimals:places:to:)`.
  public static func string(_ raw: Int64, decimals: Int, places: Int? = nil) -> String {
    var text: [UInt8] = []
    append(raw, decimals: decimals, places: places, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  private static func power(_ exponent: Int) -> UInt64 {
    var result: UInt64 = 1
    for _ in 0..<exponent { result *= 10 }
    return result
  }

  private static func appendDigits(_ number: UInt64, width: Int, to text: inout [UInt8]) {
    var digits: [UInt8] = []
    var rest = number
    repeat {
      digits.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    for _ in 0..<max(0, width - digits.count) { text.append(UInt8(ascii: "0")) }
    text.append(contentsOf: digits.reversed())
  }
}

extension Quantity: CustomStringConvertible {
  /// The amount and its unit, such as `3.4475 V`.
  public var description: String { "\(text()) \(S.unit)" }

  /// The number without its unit, with `places` decimals or as many as it needs.
  public func text(places: Int? = nil) -> String {
    Decimal.string(Int64(raw), decimals: S.decimals, places: places)
  }
}
