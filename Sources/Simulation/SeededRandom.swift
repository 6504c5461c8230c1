// SPDX-License-Identifier: Apache-2.0

/// A stream of numbers that is the same for the same seed on every machine: SplitMix64.
///
/// Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.
@frozen public struct SeededRandom: Sendable {
  private var state: UInt64

  /// The stream of a seed.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mix(state)
  }

  /// A number from 0 up to, but not including, 1.
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number near a normal distribution of mean 0 and standard deviation 1, never beyond ±3.5.
  ///
  /// The sum of four even distributions: near enough for noise, and without a logarithm.
  public mutating func bell() -> Double {
    let bits = next()
    let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + bits >> 48
    // Four even numbers of 0…65535 have mean 131070 and standard deviation 37837.
    return (Double(sum) - 131_070) * (1 / 37_837.0)
  }

  /// A whole number from 0 up to, but not including, `bound`.
  /// - Precondition: `bound` is positive.
  public mutating func below(_ bound: UInt64) -> UInt64 { next() % bound }

  /// The number that a seed has at a place, without going through those before it.
  public static func unit(seed: UInt64, at place: Int64) -> Double {
    let state = seed &+ UInt64(bitPattern: place) &* 0x9E37_79B9_7F4A_7C15
    return Double(mix(mix(state) &+ 0x632B_E59B_D9B4_E019) >> 11) * 0x1p-53
  }

  private static func mix(_ bits: UInt64) -> UInt64 {
    var z = bits
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension Double {
  /// The nearest whole number, halves away from zero; beyond ±2^52 the bound, and 0 for no number.
  ///
  /// Written out because the library's rounding may call libm, which differs between machines.
  var steps: Int64 {
    let bound = 4_503_599_627_370_496.0
    guard self > -bound else { return self == self ? -4_503_599_627_370_496 : 0 }
    guard self < bound else { return 4_503_599_627_370_496 }
    return Int64(self < 0 ? self - 0.5 : self + 0.5)
  }

  /// This number, or the bound it lies beyond.
  func clamped(_ lowest: Double, _ highest: Double) -> Double {
    self < lowest ? lowest : self > highest ? highest : self
  }
}
