// SPDX-License-Identifier: Apache-2.0

import Quantities
import Simulation
import Testing
import Wire

@Suite struct GXTests {
  static let alarms = CANFrame(id: 0x35A, [0xA8, 0xAA, 0x82, 0x02, 0xA8, 0xAA, 0x82, 0x0A])

  static func limits(_ voltage: Double, _ charge: Double, _ discharge: Double) -> CANFrame {
    var bytes: [UInt8] = []
    bytes.appendLittle(UInt16(voltage * 10))
    bytes.appendLittle(UInt16(bitPattern: Int16(charge * 10)))
    bytes.appendLittle(UInt16(bitPattern: Int16(discharge * 10)))
    bytes.appendLittle(UInt16(480))
    return CANFrame(id: 0x351, bytes)
  }

  private func present() -> SimulatedGX {
    var gx = SimulatedGX(at: Tick(0))
    gx.received(Self.limits(55.2, 50, 100), at: Tick(0))
    gx.received(Self.alarms, at: Tick(5))
    return gx
  }

  /// The frames that it sends up to a moment, asked for whenever it wants.
  private func sent(_ gx: inout SimulatedGX, until end: Int64) -> [(Int64, UInt32)] {
    var frames: [(Int64, UInt32)] = []
    while gx.deadline < Tick(end) {
      let now = gx.deadline
      while let frame = gx.next(at: now) { frames.append((now.milliseconds, frame.id)) }
    }
    return frames
  }

  @Test func batteryIsPresentOnceAlarmsCame() {
    var gx = SimulatedGX(at: Tick(0))
    gx.received(Self.limits(55.2, 50, 100), at: Tick(0))
    #expect(gx.state == .noBattery)
    #expect(gx.allowance == nil)
    gx.received(Self.alarms, at: Tick(20))
    #expect(gx.state == .running)
    #expect(gx.allowance?.chargeVoltage == .millivolts(55_200))
    #expect(gx.allowance?.chargeCurrent == .amperes(50))
    #expect(gx.allowance?.dischargeCurrent == .amperes(100))
  }

  @Test func keepsAliveEachSecondAndFasterWithoutABattery() {
    var alone = SimulatedGX(at: Tick(0))
    let rapid = sent(&alone, until: 1000)
    #expect(rapid.map(\.1) == [0x305, 0x307, 0x305, 0x307, 0x305, 0x307, 0x305, 0x307])

    var gx = present()
    let calm = sent(&gx, until: 3000)
    #expect(calm.filter { $0.1 == 0x305 }.map(\.0) == [0, 1000, 2000])
    #expect(calm.filter { $0.1 == 0x306 }.count == 3)
    #expect(calm.filter { $0.1 == 0x307 }.count == 3)
  }

  @Test func introducesItselfAsVictron() {
    var gx = SimulatedGX(at: Tick(0))
    let first = gx.next(at: Tick(0))
    let second = gx.next(at: Tick(0))
    #expect(first?.description == "305#0000000000000000")
    #expect(second?.description == "307#1234567856494300")
  }

  @Test func limitsHoldForThreeSecondsAndNotLonger() {
    var gx = present()
    gx.advance(to: Tick(3000))
    #expect(gx.state == .running)
    gx.advance(to: Tick(3001))
    #expect(gx.state == .bmsLost)
    #expect(gx.hasLostAlarm)
    #expect(gx.allowance == nil)
    gx.received(Self.limits(55.2, 20, 100), at: Tick(9000))
    #expect(gx.state == .running)
    #expect(gx.allowance?.chargeCurrent == .amperes(20))
    #expect(gx.log.map { $0.state.name.description } == ["Running", "BmsLost", "Running"])
    #expect(gx.log.map(\.at) == [Tick(5), Tick(3001), Tick(9000)])
    #expect(gx.longestGap == 9000)
  }

  @Test func otherFramesDoNotKeepLimitsAlive() {
    var gx = present()
    for second in 1...4 {
      gx.received(Self.alarms, at: Tick(Int64(second) * 1000))
      gx.received(CANFrame(id: 0x355, [50, 0, 100, 0, 0x88, 0x13]), at: Tick(Int64(second) * 1000))
    }
    #expect(gx.state == .bmsLost)
  }

  @Test func zeroesDisable() {
    var gx = present()
    gx.received(Self.limits(54, 0, 100), at: Tick(1000))
    #expect(gx.state == .chargeDisabled)
    #expect(gx.allowance?.chargeCurrent == .zero)
    gx.received(Self.limits(54, 30, 0), at: Tick(2000))
    #expect(gx.state == .dischargeDisabled)
    gx.received(Self.limits(54, 0, 0), at: Tick(2500))
    #expect(gx.state == .disabled)
  }

  @Test func ownersLimitsOnlyNarrow() {
    var gx = present()
    gx.settings.chargeCurrent = .amperes(15)
    gx.settings.chargeVoltage = .millivolts(60_000)
    #expect(gx.allowance?.chargeCurrent == .amperes(15))
    #expect(gx.allowance?.chargeVoltage == .millivolts(55_200))
  }

  @Test func complainsOfWhatNoBatteryMayDo() {
    var gx = present()
    gx.received(Self.limits(0, 10, 10), at: Tick(100))
    gx.received(Self.limits(54, -1, 10), at: Tick(200))
    gx.received(CANFrame(id: 0x305, [0, 0, 0, 0, 0, 0, 0, 0]), at: Tick(300))
    gx.received(CANFrame(id: 0x351, [1]), at: Tick(400))
    gx.received(CANFrame(id: 0x351, isExtended: true, [1, 2, 3, 4, 5, 6, 7, 8]), at: Tick(500))
    #expect(gx.complaints.zeroVoltage == 1)
    #expect(gx.complaints.negativeLimit == 1)
    #expect(gx.complaints.impersonation == 1)
    #expect(gx.complaints.unreadable == 1)
    #expect(gx.allowance?.chargeCurrent == .zero)
  }
}
