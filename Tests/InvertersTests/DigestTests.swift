// SPDX-License-Identifier: Apache-2.0

import Battery
import Inverters
import Quantities
import TestKit
import Testing
import Wire

/// The default mapping keeps every byte that it ever sent.
@Suite("Digest of what is sent") struct DigestTests {
  /// FNV-1a over all frames of so many random batteries, in every stage, as the code before rows drove
  /// the encoding sent them.
  static let known: [(profile: String, digest: UInt64)] = [
    ("victron", 0x82EE_6669_EC95_CD4C), ("pylontech-1.2", 0x905F_755B_E323_0697),
    ("pylontech-1.3", 0x326C_EC19_75EE_DEF4), ("sma", 0x1C1A_71F9_4492_A2B9),
  ]

  @Test("no byte differs for a mapping that nobody changed", arguments: known)
  func sameBytes(_ name: String, _ digest: UInt64) throws {
    let profile = try #require(InverterProfile.named(name))
    var numbers = SplitMix64(seed: 20_261_123)
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for _ in 0..<4000 {
      var picture = Pictures.random(&numbers)
      if numbers.coin(20) {
        picture.identity.health = .percent(Int.random(in: 1...100, using: &numbers))
      }
      if numbers.coin(20) {
        picture.identity.product = .random(in: 0...UInt16.max, using: &numbers)
      }
      if numbers.coin(20) { picture.identity.serial = Pictures.text(0...32, &numbers) }
      if numbers.coin(20) { picture.identity.model = Pictures.text(0...16, &numbers) }
      if numbers.coin(10) {
        // All but one value stopped coming 20 s ago.
        var late = Reading()
        late[.voltage] = 52_000
        picture.snapshot.take(late, at: Pictures.now + 20_000, isLive: true)
      }
      for stage in Freshness.allCases {
        picture.freshness = stage
        for frame in profile.encode(picture) {
          for byte in "\(frame)\n".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
      }
    }
    #expect(hash == digest, "\(name) 0x\(String(hash, radix: 16))")
  }
}
