// SPDX-License-Identifier: Apache-2.0

/// An exact amount of one physical kind: a whole number of steps of its `Scale`.
///
/// Arithmetic saturates instead of trapping, because amounts come from hostile bytes, and equality is
/// exact, because nothing here is floating point. An absent amount is `nil`, never zero.
@frozen public struct Quantity<S: Scale>: Hashable, Comparable, BitwiseCopyable, Sendable {
  /// The number of steps.
  public var raw: S.Raw

  /// An amount of `raw` steps.
  @inlinable public init(raw: S.Raw) { self.raw = raw }

  /// The amount nearest to `raw` steps that this scale can hold.
  @inlinable public init(clamping raw: some BinaryInteger) { self.raw = S.Raw(clamping: raw) }

  /// Nothing of it, which is not the same as not knowing it.
  @inlinable public static var zero: Self { Self(raw: 0) }

  /// Whether the first amount is the smaller.
  @inlinable public static func < (a: Self, b: Self) -> Bool { a.raw < b.raw }

  /// The sum, or the end of the scale that it passes.
  @inlinable public static func + (a: Self, b: Self) -> Self {
    let (sum, overflow) = a.raw.addingReportingOverflow(b.raw)
    return Self(raw: overflow ? (a.raw < 0 ? .min : .max) : sum)
  }

  /// The difference, or the end of the scale that it passes.
  @inlinable public static func - (a: Self, b: Self) -> Self {
    let (difference, overflow) = a.raw.subtractingReportingOverflow(b.raw)
    return Self(raw: overflow ? (a.raw < 0 ? .min : .max) : difference)
  }

  /// The same amount the other way.
  @inlinable public static prefix func - (a: Self) -> Self { .zero - a }

  /// Adds as `+` does.
  @inlinable public static func += (a: inout Self, b: Self) { a = a + b }

  /// Subtracts as `-` does.
  @inlinable public static func -= (a: inout Self, b: Self) { a = a - b }

  /// The amount `count` times over, or the end of the scale that it passes.
  @inlinable public static func * (a: Self, count: Int) -> Self {
    let (product, overflow) = Int64(a.raw).multipliedReportingOverflow(by: Int64(count))
    guard overflow else { return Self(clamping: product) }
    return Self(raw: (a.raw < 0) == (count < 0) ? .max : .min)
  }

  /// This amount times `numerator / denominator`, rounded half away from zero.
  ///
  /// The product must fit 64 bits, which any two 32-bit factors do; beyond that it saturates.
  /// - Precondition: `denominator` is positive.
  @inlinable public func scaled(by numerator: Int64, over denominator: Int64) -> Self {
    let (product, overflow) = Int64(raw).multipliedReportingOverflow(by: numerator)
    guard !overflow else { return Self(raw: (raw < 0) == (numerator < 0) ? .max : .min) }
    return Self(clamping: product.dividedRounding(by: denominator))
  }

  /// The amount without its sign.
  @inlinable public var magnitude: Self { raw < 0 ? -self : self }

  /// This amount, or the bound it lies beyond.
  @inlinable public func clamped(_ lowest: Self, _ highest: Self) -> Self {
    max(lowest, min(highest, self))
  }
}

extension Int64 {
  /// The quotient rounded to the nearest whole number, halves away from zero.
  /// - Precondition: `divisor` is positive.
  @inlinable public func dividedRounding(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    guard remainder.magnitude >= divisor.magnitude - remainder.magnitude else { return quotient }
    return self < 0 ? quotient - 1 : quotient + 1
  }
}
