// SPDX-License-Identifier: Apache-2.0

/// The bits of an IEEE 754 single-precision number as a wire carries it.
///
/// Converted to whole steps by integer arithmetic alone, so that the result is the same on a
/// microcontroller without a floating-point unit, in a browser and on a server.
@frozen public struct Binary32: Hashable, BitwiseCopyable, Sendable {
  /// Sign, exponent and fraction, most significant bit first.
  public var bits: UInt32

  /// A number from its bits.
  @inlinable public init(bits: UInt32) { self.bits = bits }

  /// This number times `factor`, rounded half away from zero; `nil` for infinities, for what is not a
  /// number, and beyond `Int32`.
  /// - Precondition: `factor` lies between 1 and 1,000,000.
  @inlinable public func scaled(by factor: Int64) -> Int32? {
    let exponent = Int((bits >> 23) & 0xFF)
    guard exponent != 0xFF else { return nil }
    let fraction = Int64(bits & 0x7F_FFFF)
    // Value = significand · 2^shift; a subnormal has no hidden bit.
    let significand = exponent == 0 ? fraction : fraction | 0x80_0000
    let shift = (exponent == 0 ? 1 : exponent) - 150
    let product = significand * factor  // below 2^24 · 2^20
    let steps: Int64
    if shift >= 0 {
      guard product == 0 || shift < 20 else { return nil }
      steps = product << Int64(shift)
    } else if shift > -62 {
      let half: Int64 = 1 << Int64(-shift - 1)
      steps = (product + half) >> Int64(-shift)
    } else {
      steps = 0
    }
    return Int32(exactly: bits >> 31 == 1 ? -steps : steps)
  }
}
