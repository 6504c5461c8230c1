// SPDX-License-Identifier: Apache-2.0

public import Battery
import Quantities

/// Why a text is no value of a setting.
public enum SettingTextError: Error, Equatable, Sendable {
  /// It does not begin with a number.
  case notANumber
  /// What stands after the number is not the setting's unit.
  case otherUnit
  /// The setting cannot be set as finely.
  case tooFine
  /// The number is too large for any setting, or the text too long.
  case tooLarge
  /// It has characters that the device cannot store.
  case notPlain
}

// Values of registers as people write and read them.

extension Register {
  /// A raw value with its unit, such as `3.65 V`; `–` for one that means "not there".
  public func text(_ raw: Int64) -> String {
    if raw == absent { return "–" }
    let number = number(raw)
    return unit.utf8CodeUnitCount == 0 ? number : "\(number) \(unit)"
  }

  /// A raw value without its unit, such as `3.65`.
  public func number(_ raw: Int64) -> String {
    Decimal.string(steps(raw) ?? raw, decimals: Int(decimals))
  }

  /// The step in which it can be set, with its unit, such as `0.001 V`.
  public var step: String { text(1 - offset) }

  /// The raw value that a text stands for, such as `3.65 V`, `3650 mV` or `3.65`.
  ///
  /// A number without a unit is in the row's own. A number of bits or of a choice may also be
  /// written `0x1F` or `0b101`. Limits are not checked.
  public func raw(of text: some Sequence<UInt8>) throws(SettingTextError) -> Int64 {
    let bytes = [UInt8](text)
    if unit.utf8CodeUnitCount == 0, let number = Self.radix(bytes) { return number }
    var place = 0
    var isNegative = false
    if place < bytes.count, bytes[place] == 0x2D || bytes[place] == 0x2B {
      isNegative = bytes[place] == 0x2D
      place += 1
    }
    var mantissa: Int64 = 0
    var exponent = Int(decimals)
    var digits = 0
    var isFraction = false
    while place < bytes.count {
      let byte = bytes[place]
      if byte == 0x2E, !isFraction {
        isFraction = true
      } else if byte >= 0x30, byte <= 0x39 {
        guard mantissa < 1_000_000_000_000_000 else { throw .tooLarge }
        mantissa = mantissa * 10 + Int64(byte - 0x30)
        digits += 1
        if isFraction { exponent -= 1 }
      } else {
        break
      }
      place += 1
    }
    guard digits > 0 else { throw .notANumber }
    while place < bytes.count, bytes[place] == 0x20 { place += 1 }
    guard let power = power(of: [UInt8](bytes[place...])) else { throw .otherUnit }
    exponent += power
    while exponent < 0 {
      guard mantissa % 10 == 0 else { throw .tooFine }
      mantissa /= 10
      exponent += 1
    }
    while exponent > 0 {
      guard mantissa < 1_000_000_000_000_000 else { throw .tooLarge }
      mantissa *= 10
      exponent -= 1
    }
    guard mantissa % Int64(numerator) == 0 else { throw .tooFine }
    let raw = mantissa / Int64(numerator)
    return (isNegative ? -raw : raw) - offset
  }

  /// The power of ten by which a unit as written differs from the row's; `nil` for another unit.
  private func power(of written: [UInt8]) -> Int? {
    if written.isEmpty || unit.hasBytes(written) { return 0 }
    if unit.hasBytes("°C".utf8), written == [0x43] { return 0 }
    let milli = UInt8(ascii: "m")
    if written.first == milli, unit.hasBytes(written.dropFirst()) { return -3 }
    if written.first == UInt8(ascii: "k"), unit.hasBytes(written.dropFirst()) { return 3 }
    return unit.hasBytes([milli] + written) ? 3 : nil
  }

  private static func radix(_ bytes: [UInt8]) -> Int64? {
    guard bytes.count > 2, bytes.count < 19, bytes[0] == 0x30 else { return nil }
    let base: Int64
    switch bytes[1] | 0x20 {
    case UInt8(ascii: "x"): base = 16
    case UInt8(ascii: "b"): base = 2
    default: return nil
    }
    var number: Int64 = 0
    for byte in bytes.dropFirst(2) {
      let digit: Int64
      switch byte {
      case 0x30...0x39: digit = Int64(byte - 0x30)
      case 0x41...0x46: digit = Int64(byte - 0x37)
      case 0x61...0x66: digit = Int64(byte - 0x57)
      default: return nil
      }
      guard digit < base, number < 1 << 40 else { return nil }
      number = number * base + digit
    }
    return number
  }
}
