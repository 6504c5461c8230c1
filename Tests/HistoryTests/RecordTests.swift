// SPDX-License-Identifier: Apache-2.0
import Battery
import Quantities
import Testing

@testable import History

@Suite struct RecordTests {
  private let limits = Limits(
    chargeVoltage: .init(.millivolts(55_200), .user), chargeCurrent: .init(.amperes(80), .user),
    dischargeCurrent: .init(.amperes(90), .battery), dischargeVoltage: .millivolts(48_000),
    mode: .float)

  private func snapshot(at now: Tick) -> Snapshot {
    var snapshot = Snapshot()
    var slow = Reading()
    slow[.soh] = 99_000_000
    snapshot.take(slow, at: now + -61_000, isLive: false)
    var live = Reading()
    live[.voltage] = 53_000
    live[.current] = -2000
    live[.chargeVoltageLimit] = 58_000
    live.cells.append(.millivolts(3312))
    live.reportsAlarms = true
    live.alarms = .of(.cellOvervoltage)
    snapshot.take(live, at: now, isLive: true)
    return snapshot
  }

  @Test func `decided limits take the place of reported ones and are marked`() {
    let now = moment(0)
    let record = Record(
      battery: 1, sequence: 4, snapshot: snapshot(at: now.monotonic), limits: limits,
      freshness: .fresh, at: now)
    #expect(record[.chargeVoltageLimit] == 55_200)
    #expect(record[.dischargeCurrentLimit] == 90_000)
    #expect(record.mode == .float)
    #expect(record.derived >> UInt64(Point.chargeVoltageLimit.rawValue) & 1 == 1)
    #expect(record.derived >> UInt64(Point.power.rawValue) & 1 == 1)
    #expect(record.derived >> UInt64(Point.voltage.rawValue) & 1 == 0)
    #expect(record.alarms == .of(.cellOvervoltage))
  }

  @Test func `without a decision the battery's own limit is kept`() {
    let now = moment(0)
    let record = Record(
      battery: 1, sequence: 4, snapshot: snapshot(at: now.monotonic), limits: nil,
      freshness: .aging, at: now)
    #expect(record[.chargeVoltageLimit] == 58_000)
    #expect(record.mode == nil)
  }

  @Test func `a value past its age is left out`() {
    let now = moment(0)
    let record = Record(
      battery: 1, sequence: 4, snapshot: snapshot(at: now.monotonic), limits: nil,
      freshness: .fresh, at: now)
    #expect(record[.soh] == nil)
    #expect(record[.voltage] == 53_000)
  }

  @Test(arguments: [Freshness.stale, .lost])
  func `stale readings are not stored as measured`(freshness: Freshness) {
    let now = moment(0)
    let record = Record(
      battery: 1, sequence: 4, snapshot: snapshot(at: now.monotonic), limits: limits,
      freshness: freshness, at: now)
    #expect(record[.voltage] == nil && record[.current] == nil && record.alarms == nil)
    #expect(record.reading.cells.count == 0)
    #expect(record[.chargeCurrentLimit] == 80_000)
    #expect(record.freshness == freshness)
  }
}
