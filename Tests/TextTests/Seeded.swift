// SPDX-License-Identifier: Apache-2.0

import Text

/// The SplitMix64 sequence: the same numbers on every machine for the same seed.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  /// A tree with up to `depth` levels, with numbers of every size and texts of every plane.
  mutating func tree(depth: Int = 4) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &self) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &self))
    case 2: return .number(Int64(bitPattern: next()) >> Int64.random(in: 0..<64, using: &self))
    case 3:
      return .number(
        Int64.random(in: -1_000_000_000...1_000_000_000, using: &self),
        decimals: Int.random(in: 0...6, using: &self))
    case 4, 5: return .string(text())
    case 6:
      return .array((0..<Int.random(in: 0..<5, using: &self)).map { _ in tree(depth: depth - 1) })
    default:
      let count = Int.random(in: 0..<6, using: &self)
      return .object((0..<count).map { ("\($0)\(text())", tree(depth: depth - 1)) })
    }
  }

  /// A text of scalars from all over Unicode.
  mutating func text() -> String {
    var view = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0..<12, using: &self) {
      let bound: UInt32 =
        [0x20, 0x80, 0x800, 0x10000, 0x110000].randomElement(using: &self) ?? 0x80
      view.append(Unicode.Scalar(UInt32.random(in: 0..<bound, using: &self)) ?? "?")
    }
    return String(view)
  }
}
