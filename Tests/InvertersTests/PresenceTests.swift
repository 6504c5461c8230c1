// SPDX-License-Identifier: Apache-2.0

import Battery
import Inverters
import Quantities
import Testing
import Wire

@Suite("Whether an inverter is there") struct PresenceTests {
  private func frame(_ text: String) throws -> CANFrame {
    try #require(CANFrame(text: Array(text.utf8)))
  }

  @Test func anInverterIsHeardAndForgotten() throws {
    var presence = InverterPresence()
    #expect(!presence.isAlive(at: Tick(0)))
    #expect(try presence.heard(frame("305#0000000000000000"), at: Tick(100)))
    #expect(presence.isAlive(at: Tick(100)))
    #expect(!presence.isVictron)
    #expect(presence.isAlive(at: Tick(600_100)))
    #expect(!presence.isAlive(at: Tick(600_101)))
    #expect(!presence.isAlive(at: Tick(5_101), patience: 5_000))
    #expect(presence.lastKeepAlive == Tick(100))
  }

  @Test func aGXIntroducesItself() throws {
    var presence = InverterPresence()
    try presence.heard(frame("307#1234567856494300"), at: Tick(5))
    #expect(presence.isVictron)
    #expect(presence.lastHeard == Tick(5))
    #expect(presence.lastKeepAlive == nil)
    // It stays one when another frame of that identifier says nothing.
    try presence.heard(frame("307#00"), at: Tick(6))
    #expect(presence.isVictron)
  }

  @Test(arguments: ["305#", "305#0102030405060708", "00000305#00", "306#00"])
  func theIdentifierAloneCounts(_ text: String) throws {
    var presence = InverterPresence()
    #expect(try presence.heard(frame(text), at: Tick(1)))
    #expect(presence.lastHeard == Tick(1))
  }

  @Test(arguments: ["351#1402FA00FA00BD01", "30A#00", "18EEFF00#00"])
  func othersDoNot(_ text: String) throws {
    var presence = InverterPresence()
    #expect(try !presence.heard(frame(text), at: Tick(1)))
    #expect(presence.lastHeard == nil)
  }

  @Test func noInverterIsWaitedFor() {
    var schedule = InverterSchedule()
    schedule.update(Pictures.picture(), at: Tick(0))
    #expect(schedule.next(at: Tick(0))?.id == 0x351)
  }
}
