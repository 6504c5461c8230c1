// SPDX-License-Identifier: Apache-2.0

/// A serial line that turns bits and loses bytes, as many as it is told to, the same for the same
/// seed.
struct SimulatedLine: Sendable {
  /// Of a thousand bytes, how many have a bit turned.
  var garbled = 0
  /// Of a thousand bytes, how many are lost.
  var dropped = 0
  private var random: SeededRandom

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  /// What arrives of these bytes.
  mutating func pass(_ bytes: [UInt8]) -> [UInt8] {
    guard garbled > 0 || dropped > 0 else { return bytes }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for byte in bytes {
      if dropped > 0, random.below(1000) < UInt64(dropped) { continue }
      let isTurned = garbled > 0 && random.below(1000) < UInt64(garbled)
      result.append(isTurned ? byte ^ 1 << UInt8(random.below(8)) : byte)
    }
    return result
  }
}
