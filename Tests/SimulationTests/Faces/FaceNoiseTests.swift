// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Simulation
import Testing

/// Faces on a bad line: what is read is what was said, or nothing.
struct FaceNoiseTests {
  /// Turns one bit, loses a byte or adds one, in every third message.
  private func single(_ bytes: inout [UInt8], _ dice: inout SeededRandom) {
    guard dice.below(3) == 0, !bytes.isEmpty else { return }
    let place = Int(dice.below(UInt64(bytes.count)))
    switch dice.below(3) {
    case 0: bytes[place] ^= 1 << UInt8(dice.below(8))
    case 1: bytes.remove(at: place)
    default: bytes.insert(UInt8(truncatingIfNeeded: dice.next()), at: place)
    }
  }

  /// Four such things in a message.
  private func many(_ bytes: inout [UInt8], _ dice: inout SeededRandom) {
    guard dice.below(2) == 0 else { return }
    for _ in 0..<4 where !bytes.isEmpty {
      let place = Int(dice.below(UInt64(bytes.count)))
      switch dice.below(3) {
      case 0: bytes[place] ^= 1 << UInt8(dice.below(8))
      case 1: bytes.remove(at: place)
      default: bytes.insert(UInt8(truncatingIfNeeded: dice.next()), at: place)
      }
    }
  }

  private func same(_ reading: Reading, _ truth: Reading) -> Bool {
    for point in Point.allCases where reading[point] != truth[point] { return false }
    guard reading.cells.count == truth.cells.count, reading.alarms == truth.alarms else {
      return false
    }
    for index in 0..<truth.cells.count where reading.cells[index] != truth.cells[index] {
      return false
    }
    return true
  }

  /// Runs five clean seconds and five damaged minutes; every live reading must be the clean one.
  private func survives<Face: UnitFace>(
    _ dialect: Dialect, _ face: Face, needs count: Int,
    _ damage: @escaping (inout [UInt8], inout SeededRandom) -> Void
  ) throws {
    var talk = FaceTalk(face, dialect, .sample())
    talk.run(5000)
    let truth = try #require(talk.live.last)
    talk.damage = damage
    talk.readings = []
    talk.run(300_000)
    #expect(talk.live.count > count, "\(dialect.name): \(talk.live.count)")
    for reading in talk.live { #expect(same(reading, truth), "\(dialect.name), seed 1") }
    talk.damage = nil
    talk.readings = []
    talk.run(10_000)
    #expect(talk.live.count >= 8)
  }

  @Test func noSingleDamageIsBelieved() throws {
    try survives(.pylontechRS485(.init()), PylontechFace(), needs: 120, single)
    try survives(.seplosV2(.init()), SeplosV2Face(), needs: 120, single)
    try survives(.seplosV3(.init()), SeplosV3Face(), needs: 120, single)
    try survives(.veDirect(.init()), VEDirectFace(), needs: 120, single)
  }

  /// Sixteen bits of a cyclic checksum see more than one damage.
  @Test func noManifoldDamageIsBelievedBehindACyclicChecksum() throws {
    try survives(.seplosV3(.init()), SeplosV3Face(), needs: 50, many)
  }

  /// A sum does not see characters that change places: what it lets through must still agree with
  /// itself, so that no cell is far from what it was.
  @Test func whatASumLetsThroughAgreesWithItself() throws {
    var talk = FaceTalk(PylontechFace(), .pylontechRS485(.init()), .sample())
    talk.damage = { bytes, dice in
      guard bytes.count > 40 else { return }
      let place = 13 + Int(dice.below(UInt64(bytes.count - 20)))
      bytes.swapAt(place, place + 1)
    }
    talk.run(300_000)
    #expect(!talk.live.isEmpty && talk.session.statistics.implausible > 20)
    for reading in talk.live {
      guard let volts = reading.voltage else { continue }
      #expect((reading.cells.sum.raw - volts.raw).magnitude <= 300)
    }
  }

  @Test func lostFramesLeaveACycleOut() {
    var talk = FaceTalk(DiscoverFace(), .discoverCAN(.init()), .sample())
    talk.damage = { bytes, dice in
      guard dice.below(2) == 0 else { return }
      let lost = Int(dice.below(UInt64(bytes.count / 13)))
      bytes.removeSubrange(13 * lost..<13 * lost + 13)
    }
    talk.run(600_000)
    #expect((200...400).contains(talk.live.count))
    for reading in talk.live {
      for point: Point in [.voltage, .soc, .remaining, .chargeCurrentLimit] {
        #expect(reading[point] != nil)
      }
      #expect(reading.reportsAlarms)
    }
  }

  @Test func whoIsSilentOrSpoiledIsNotRead() {
    for quirk: TinyBMSQuirks in [.silent, .wrongChecksum, .refusing] {
      var talk = FaceTalk(PylontechFace(), .pylontechRS485(.init()), .sample())
      talk.face.quirks = quirk
      talk.run(10_000)
      #expect(talk.readings.isEmpty && !talk.faults.isEmpty)
      var other = FaceTalk(SeplosV2Face(), .seplosV2(.init()), .sample())
      other.face.quirks = quirk
      other.run(10_000)
      #expect(other.readings.isEmpty && !other.faults.isEmpty)
      var third = FaceTalk(SeplosV3Face(), .seplosV3(.init()), .sample())
      third.face.quirks = quirk
      third.run(10_000)
      #expect(third.readings.isEmpty && !third.faults.isEmpty)
    }
    var shunt = FaceTalk(VEDirectFace(), .veDirect(.init()), .sample())
    shunt.face.quirks = .wrongChecksum
    shunt.run(10_000)
    #expect(shunt.readings.isEmpty && shunt.session.statistics.badChecksums == 0)
  }
}
