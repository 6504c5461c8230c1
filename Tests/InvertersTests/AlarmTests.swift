// SPDX-License-Identifier: Apache-2.0

import Battery
import Inverters
import Testing
import Wire

@Suite("Pairs of 0x35A") struct AlarmTests {
  /// A REC Q BMS under real faults: natecostello/van_two_point_oh and rec_bms_status.
  struct Proof: Sendable {
    let condition: String
    let bytes: String
    let alarms: AlarmSet
    let isOnline: Bool
    /// What Cellbus says of a battery in the same state that reports the same pairs.
    let sent: String
  }

  static let proofs: [Proof] = [
    Proof(
      condition: "normal", bytes: "A8A082000000800A", alarms: [], isOnline: true,
      sent: "A8A08202A8A0820A"),
    Proof(
      condition: "over-voltage, contactor open", bytes: "A4A0820000008006",
      alarms: .of(.packOvervoltage), isOnline: false, sent: "A4A08202A4A08206"),
    Proof(
      condition: "under-voltage, contactor open", bytes: "98A0820000008006",
      alarms: .of(.packUndervoltage), isOnline: false, sent: "98A0820298A08206"),
    Proof(
      condition: "over-temperature", bytes: "68A082000000800A", alarms: .of(.overtemperature),
      isOnline: true, sent: "68A0820268A0820A"),
    Proof(
      condition: "over-temperature, contactor open", bytes: "68A0820000008006",
      alarms: .of(.overtemperature), isOnline: false, sent: "68A0820268A08206"),
    Proof(
      condition: "too cold to charge", bytes: "A89082000000800A",
      alarms: .of(.chargeUndertemperature), isOnline: true, sent: "A8908202A890820A"),
  ]

  @Test("read as the hardware means it", arguments: proofs)
  func reads(_ proof: Proof) throws {
    let said = try read(proof.bytes)
    #expect(said.reading.alarms == proof.alarms)
    #expect(said.reading.warnings == [])
    #expect(said.isOnline == proof.isOnline)
  }

  @Test("sent as the hardware sends it", arguments: proofs)
  func sends(_ proof: Proof) throws {
    var reading = try read(proof.bytes).reading
    reading[.chargeEnabled] = proof.isOnline ? 1 : 0
    reading[.dischargeEnabled] = proof.isOnline ? 1 : 0
    let frame = try #require(Victron.encode(Pictures.picture(reading)).first(0x35A))
    #expect(frame.description == "35A#" + proof.sent)
    // The alarms of bytes 0 to 2 and the system status are the hardware's own bits.
    let captured = try #require(CANFrame(text: Array(("35A#" + proof.bytes).utf8)))
    for index in 0..<3 { #expect(frame.payload[index] == captured.payload[index]) }
    #expect(frame.payload[7] & 0x0C == captured.payload[7] & 0x0C)
  }

  /// The bit of each thing in the alarm half, found from the receiving side by feeding single bits to
  /// Venus 3.00 (dfch/BydCanProtocol) and in Victron-style senders for the unused three.
  static let bits: [(VictronPair, byte: Int, mask: UInt8)] = [
    (.general, 0, 0x01), (.highVoltage, 0, 0x04), (.lowVoltage, 0, 0x10),
    (.highTemperature, 0, 0x40), (.lowTemperature, 1, 0x01), (.highChargeTemperature, 1, 0x04),
    (.lowChargeTemperature, 1, 0x10), (.highCurrent, 1, 0x40), (.highChargeCurrent, 2, 0x01),
    (.contactor, 2, 0x04), (.shortCircuit, 2, 0x10), (.internalFault, 2, 0x40),
    (.cellImbalance, 3, 0x01),
  ]

  @Test func thereIsABitForEachPair() {
    #expect(Self.bits.map { $0.0 } == VictronPair.allCases)
  }

  @Test(
    "every alarm raises a pair that a GX shows, or is one that needs none",
    arguments: Alarm.allCases)
  func raises(_ alarm: Alarm) throws {
    let silent: [VictronPair] = [.general, .contactor, .shortCircuit]
    let raised = VictronPair.allCases.filter { $0.alarms.has(alarm) }
    #expect(!raised.isEmpty)
    // A GX derives these from the state of charge or shows them as blocked modules.
    let quiet: AlarmSet = .of(
      .socLow, .socHigh, .remainingCapacityLow, .softwareMosfetLock, .chargeInhibited,
      .dischargeInhibited, .chargerVoltageLow)
    #expect(raised.allSatisfy(silent.contains) == quiet.has(alarm))

    for isProtection in [true, false] {
      var reading = Reading()
      reading.reportsAlarms = true
      if isProtection {
        reading.alarms = AlarmSet(alarm)
      } else {
        reading.warnings = AlarmSet(alarm)
      }
      let frame = try #require(Victron.encode(Pictures.picture(reading)).first(0x35A))
      for (pair, byte, mask) in Self.bits {
        let isRaised = raised.contains(pair)
        #expect((frame.payload[byte] & mask != 0) == (isRaised && isProtection))
        #expect((frame.payload[byte + 4] & mask != 0) == isRaised)
        // A warning alone leaves the alarm at OK.
        #expect((frame.payload[byte] & mask << 1 != 0) == (isRaised && !isProtection))
      }
    }
  }

  @Test func aPairNamesAnAlarmThatRaisesIt() {
    for pair in VictronPair.allCases {
      guard let alarm = pair.alarm else {
        #expect(pair == .general)
        continue
      }
      #expect(pair.alarms.has(alarm))
    }
  }

  @Test func aBatteryThatReportsNoAlarmsClaimsNone() throws {
    var reading = Pictures.reading
    reading.reportsAlarms = false
    reading.reportable = []
    let frame = try #require(Victron.encode(Pictures.picture(reading)).first(0x35A))
    // Only Cellbus's own warning, and online.
    #expect(frame.description == "35A#0000000000008008")
  }

  @Test func aBatteryIsOfflineOnlyWhenBothSwitchesAreOpen() throws {
    for (charge, discharge, status) in [
      (1, 1, 2), (0, 1, 2), (1, 0, 2), (0, 0, 1), (nil, 0, 2), (0, nil, 2), (nil, nil, 2),
    ] as [(Int64?, Int64?, UInt8)] {
      var reading = Pictures.reading
      reading[.chargeEnabled] = charge
      reading[.dischargeEnabled] = discharge
      let frame = try #require(Victron.encode(Pictures.picture(reading)).first(0x35A))
      #expect(frame.payload[7] >> 2 & 3 == status)
    }
  }

  private func read(_ bytes: String) throws -> VictronReading {
    let frame = try #require(CANFrame(text: Array(("35A#" + bytes).utf8)))
    var said = VictronReading()
    try Victron.decode(frame, into: &said)
    return said
  }
}
