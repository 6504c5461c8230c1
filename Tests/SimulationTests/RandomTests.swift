// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Simulation

@Suite struct RandomTests {
  @Test func isSplitMix64() {
    // Published outputs of the reference implementation for the seed 1234567.
    var random = SeededRandom(seed: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ]
    for value in expected { #expect(random.next() == value) }
  }

  @Test func bellHasTheMeanAndSpreadThatItClaims() {
    var random = SeededRandom(seed: 5)
    var sum = 0.0
    var squares = 0.0
    for _ in 0..<100_000 {
      let value = random.bell()
      #expect(value.magnitude <= 3.5)
      sum += value
      squares += value * value
    }
    #expect((sum / 100_000).magnitude < 0.01)
    #expect((squares / 100_000 - 1).magnitude < 0.02)
  }

  @Test func placesAreIndependentOfTheirOrder() {
    let forward = (0..<50).map { SeededRandom.unit(seed: 9, at: $0) }
    let backward = (0..<50).reversed().map { SeededRandom.unit(seed: 9, at: $0) }
    #expect(forward == backward.reversed())
    #expect(Set(forward).count == 50)
    #expect(forward.allSatisfy { $0 >= 0 && $0 < 1 })
  }

  @Test func stepsRoundHalfAwayFromZeroAndNeverTrap() {
    #expect(2.5.steps == 3)
    #expect((-2.5).steps == -3)
    #expect(0.49.steps == 0)
    #expect(Double.nan.steps == 0)
    #expect(Double.infinity.steps == 4_503_599_627_370_496)
    #expect((-1e300).steps == -4_503_599_627_370_496)
  }
}
