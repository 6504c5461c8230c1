// SPDX-License-Identifier: Apache-2.0

/// A small random generator whose seed repeats a test exactly.
///
/// Source: Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators (OOPSLA 2014).
package struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// The sequence of this seed; print the seed when a test fails.
  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// This many random bytes.
  package mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
  }

  /// True once in `count` on average.
  package mutating func oneIn(_ count: UInt64) -> Bool { next(upperBound: count) == 0 }

  /// The bytes in pieces of random length, from 1 byte to `most`.
  package mutating func pieces(of bytes: [UInt8], most: Int) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + Int.random(in: 1...most, using: &self))
      pieces.append(Array(bytes[start..<end]))
      start = end
    }
    return pieces
  }
}
