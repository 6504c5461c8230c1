// SPDX-License-Identifier: Apache-2.0

import Battery
import Inverters
import Testing
import Wire

@Suite("Stages of a silent battery") struct StageTests {
  static let measured: [UInt32] = [
    0x355, 0x356, 0x360, 0x372, 0x373, 0x374, 0x375, 0x376, 0x377, 0x378,
  ]
  static let fixed: [UInt32] = [0x35E, 0x35F, 0x370, 0x371, 0x379, 0x380, 0x381, 0x382]

  private func sent(_ stage: Freshness) -> [CANFrame] {
    Victron.encode(Pictures.picture(Pictures.reading, stage, chargeRequested: false))
  }

  @Test(arguments: [Freshness.fresh, .aging])
  func everythingIsSent(_ stage: Freshness) {
    #expect(sent(stage).map(\.id) == [0x351, 0x35A] + Self.measured + Self.fixed)
    #expect(sent(stage) == sent(.fresh))
  }

  @Test func measuredValuesAreWithheldOnceStale() {
    #expect(sent(.stale).map(\.id) == [0x351, 0x35A] + Self.fixed)
  }

  @Test func limitsOfTheStaleStageAreSentAsGiven() {
    var limits = Pictures.limits(charge: 54_000, 0, discharging: 120_000)
    limits.mode = .float
    let frames = Victron.encode(Pictures.picture(Pictures.reading, .stale, limits: limits))
    #expect(frames.first(0x351)?.description == "351#1C020000B004D101")
  }

  @Test func staleWarnsAndLetsAlarmsStand() throws {
    var reading = Pictures.reading
    reading.alarms = .of(.cellOvervoltage)
    let fresh = try #require(Victron.encode(Pictures.picture(reading, .fresh)).first(0x35A))
    let stale = try #require(Victron.encode(Pictures.picture(reading, .stale)).first(0x35A))
    #expect(fresh.description == "35A#A4A08200A4A08208")
    // Byte 6, bits 6-7: "BMS internal" as a warning; its alarm stays OK.
    #expect(stale.description == "35A#A4A08200A4A04208")
  }

  @Test func aLostBatterySendsNothing() {
    #expect(sent(.lost).isEmpty)
    #expect(Victron.urgent(Pictures.picture(Pictures.reading, .lost)).isEmpty)
  }

  @Test func theTableSaysTheSame() {
    for row in Victron.frames {
      let isSent = row.id == 0x351 || row.id == 0x35A || Self.fixed.contains(row.id)
      #expect(row.isSent(in: .stale) == isSent)
      #expect(!row.isSent(in: .lost))
      #expect(row.isSent(in: .fresh) == (isSent || Self.measured.contains(row.id)))
    }
    #expect(Set(Victron.frames.map(\.id)).count == Victron.frames.count)
  }
}
