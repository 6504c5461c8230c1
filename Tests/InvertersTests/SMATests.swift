// SPDX-License-Identifier: Apache-2.0

import Battery
import Inverters
import Quantities
import TestKit
import Testing
import Wire

@Suite("What a Sunny Island is told") struct SMATests {
  private func sent(_ reading: Reading, limits: Limits? = Pictures.limits()) -> [CANFrame] {
    InverterProfile.sma.encode(Pictures.picture(reading, limits: limits))
  }

  @Test func aKnownBatterySendsTheMandatorySet() {
    #expect(
      sent(Pictures.reading).map(\.description) == [
        "351#2802E703B004D101", "35A#A8A08200A8A08200", "355#43006200851A", "356#A91485FFF800",
        "35B#0000000000000000", "35E#43656C6C62757300", "35F#FFFF02013001FFFF",
      ])
  }

  @Test("nothing else is ever on the bus")
  func onlyItsOwn() {
    let own: Set<UInt32> = [0x351, 0x355, 0x356, 0x35A, 0x35B, 0x35E, 0x35F]
    var numbers = SplitMix64(seed: 5)
    for _ in 0..<3000 {
      let frames = InverterProfile.sma.encode(Pictures.random(&numbers))
      guard own.isSuperset(of: frames.map(\.id)) else {
        Issue.record("\(frames)")
        return
      }
    }
  }

  @Test("what is not known is marked")
  func marks() {
    var reading = Reading()
    reading.set(.soc, Percent.percent(60))
    reading.set(.current, Current.amperes(3))
    let frames = sent(reading)
    #expect(frames.first(0x355)?.description == "355#3C00FFFF7017")
    #expect(frames.first(0x356)?.description == "356#00801E000080")
    #expect(frames.first(0x35F)?.description == "35F#FFFFFFFFFFFFFFFF")
  }

  @Test("a state of charge that is not known is not sent, since its mark means empty")
  func charge() {
    var reading = Pictures.reading
    reading[.soc] = nil
    #expect(sent(reading).first(0x355) == nil)
    reading[.soc] = 55_000_000
    reading[.soh] = 104_000_000
    // A health above 100 would be rejected.
    #expect(sent(reading).first(0x355)?.littleUInt16(at: 2) == 100)
  }

  @Test(
    "limits are within the bounds beyond which the inverter rejects them",
    arguments: [
      (55_290, 99_990, 120_000, 46_410, "2802E703B004D101"),
      (70_000, 2_000_000, 2_000_000, 50_000, "7602E02EE02EE001"),
      (41_000, -5, 99, 30_000, "9A01000000009A01"),
      (55_200, 0, 0, 0, "280200000000FFFF"),
      (40_999, 10_000, 10_000, 42_000, nil),
    ] as [(Int, Int, Int, Int, String?)])
  func limits(_ voltage: Int, _ charge: Int, _ discharge: Int, _ floor: Int, _ bytes: String?) {
    var limits = Pictures.limits(charge: voltage, charge, discharging: discharge)
    limits.dischargeVoltage = .millivolts(floor)
    let frame = sent(Pictures.reading, limits: limits).first(0x351)
    #expect(frame?.description == bytes.map { "351#" + $0 })
  }

  @Test(
    "what forbids charging alone, or only informs, never stops the inverter",
    arguments: Alarm.allCases)
  func alarms(_ alarm: Alarm) throws {
    var reading = Pictures.reading
    reading.alarms = AlarmSet(alarm)
    let frame = try #require(sent(reading).first(0x35A))
    let raised = VictronPair.allCases.filter { $0.alarms.has(alarm) }
    let stops = raised.contains { !SMA.warningOnly.contains($0) }
    let isStopped = (0..<4).contains { frame.payload[$0] & 0x55 != 0 }
    let isWarned = (4..<8).contains { frame.payload[$0] & 0x55 != 0 }
    #expect(isStopped == stops)
    #expect(isWarned)
    // The pairs after "cell imbalance" are not to be used.
    #expect(frame.payload[3] & 0xFC == 0 && frame.payload[7] & 0xFC == 0)
  }

  @Test func coldThatForbidsChargingIsNoAlarm() throws {
    var reading = Pictures.reading
    reading.alarms = .of(.chargeUndertemperature)
    #expect(sent(reading).first(0x35A)?.description == "35A#A8A08200A8908200")
    reading.alarms = .of(.cellUndervoltage)
    #expect(sent(reading).first(0x35A)?.description == "35A#98A0820098A08200")
  }

  @Test func silenceWarnsAndStopsNothing() throws {
    let frame = try #require(
      InverterProfile.sma.encode(Pictures.picture(Pictures.reading, .stale)).first(0x35A))
    #expect(frame.description == "35A#A8A08200A8A04200")
  }
}
