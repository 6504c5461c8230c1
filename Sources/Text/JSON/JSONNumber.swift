// SPDX-License-Identifier: Apache-2.0

import Quantities

/// A finite number as its source wrote it; no digit is lost through floating point.
package struct JSONNumber: Hashable, Sendable, CustomStringConvertible {
  /// The source text: JSON, or with JSON5's `0x1F`, `+5`, `.5` and `5.`.
  package let text: String

  /// A number from text that a reader has checked.
  init(checked text: String) { self.text = text }

  /// A number from its JSON5 text and nothing else around it; `nil` for what is not one.
  package init?(_ text: String) {
    guard let number = try? JSON5Reader.read(text).number, number.text == text else { return nil }
    self = number
  }

  /// A whole number.
  package init(_ value: Int64) { text = String(value) }

  /// A number of `raw` steps of `10^-decimals`.
  package init(_ raw: Int64, decimals: Int) {
    text = Decimal.string(raw, decimals: decimals)
  }

  /// The source text.
  package var description: String { text }

  /// The number when it is whole and fits 64 bits; `1e3` and `5.0` are whole.
  package var int64: Int64? { scaled(places: 0, exactly: true) }

  /// The number in steps of `10^-places`, rounded half away from zero; `nil` beyond 64 bits.
  package func decimal(places: Int) -> Int64? { scaled(places: places, exactly: false) }

  /// The number in strict JSON; the source text itself when that is strict already.
  package var json: String {
    var rest = text.utf8[...]
    let sign = rest.first == UInt8(ascii: "-") ? "-" : ""
    if let first = rest.first, first == UInt8(ascii: "+") || first == UInt8(ascii: "-") {
      rest = rest.dropFirst()
    }
    if let value = Self.hexadecimal(rest) { return sign + String(value) }
    var whole: [UInt8] = Array(sign.utf8)
    if rest.first == UInt8(ascii: ".") { whole.append(UInt8(ascii: "0")) }
    var previous: UInt8 = 0
    for byte in rest {
      // A point without digits after it.
      if previous == UInt8(ascii: "."), !byte.isDigit { whole.removeLast() }
      whole.append(byte)
      previous = byte
    }
    if previous == UInt8(ascii: ".") { whole.removeLast() }
    return String(decoding: whole, as: UTF8.self)
  }

  /// The value of the digits after `0x`; `nil` when these are not hexadecimal.
  private static func hexadecimal(_ digits: Substring.UTF8View) -> UInt64? {
    guard digits.count > 2, digits.dropFirst().first.map({ $0 | 0x20 }) == UInt8(ascii: "x") else {
      return nil
    }
    return UInt64(Substring(digits.dropFirst(2)), radix: 16)
  }

  /// The digits before and after the point, the power of ten of the last one, and the sign.
  private var parts: (digits: [UInt8], exponent: Int, isNegative: Bool) {
    var digits: [UInt8] = []
    var exponent = 0
    var isFraction = false
    var rest = json.utf8[...]
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative { rest = rest.dropFirst() }
    while let byte = rest.popFirst() {
      if byte.isDigit {
        if byte != UInt8(ascii: "0") || !digits.isEmpty { digits.append(byte - UInt8(ascii: "0")) }
        if isFraction { exponent -= 1 }
      } else if byte == UInt8(ascii: ".") {
        isFraction = true
      } else {
        // Beyond this any number is either zero or too large: a text is never that long.
        let bound = 1 << 40
        let negative = rest.first == UInt8(ascii: "-")
        var power = 0
        for digit in rest where digit.isDigit {
          power = min(bound, power * 10 + Int(digit - UInt8(ascii: "0")))
        }
        exponent += negative ? -power : power
        break
      }
    }
    return (digits, exponent, isNegative)
  }

  private func scaled(places: Int, exactly: Bool) -> Int64? {
    let (digits, exponent, isNegative) = parts
    guard !digits.isEmpty else { return 0 }
    // How many of the digits, with zeros appended when there are too few, stand before the point.
    let count = digits.count + exponent + min(1000, max(-1000, places))
    guard count <= 19 else { return nil }
    var magnitude: UInt64 = 0
    for index in 0..<max(0, count) {
      let digit = index < digits.count ? digits[index] : 0
      magnitude = magnitude * 10 + UInt64(digit)  // at most 19 digits: below 2^64
    }
    if count < digits.count {
      if exactly, digits[max(0, count)...].contains(where: { $0 != 0 }) { return nil }
      if count >= 0, digits[count] >= 5 { magnitude += 1 }
    }
    if isNegative {
      return magnitude == Int64.min.magnitude ? .min : Int64(exactly: magnitude).map { -$0 }
    }
    return Int64(exactly: magnitude)
  }
}

extension UInt8 {
  /// Whether this is an ASCII digit.
  var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

  /// The value of an ASCII hexadecimal digit.
  var hexValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
