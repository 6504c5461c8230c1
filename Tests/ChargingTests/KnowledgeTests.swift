// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Quantities
import Testing

/// What must be known before anything may be sent.
struct KnowledgeTests {
  @Test func nothingBeforeTheCurrentCutoffs() {
    var bench = Bench()
    bench.cutoffs = Cutoffs()
    #expect(bench.run(5) == nil)
    #expect(bench.control.silence == .noCutoffs)
    bench.cutoffs.chargeOvercurrent = .amperes(100)
    #expect(bench.run(1) == nil)
    bench.cutoffs.dischargeOvercurrent = .amperes(200)
    #expect(bench.run(1) != nil)
    #expect(bench.control.silence == nil)
  }

  @Test func theOwnersCurrentsDoInstead() throws {
    var settings = ChargeSettings.lfp
    settings.maxChargeCurrent = .amperes(20)
    settings.maxDischargeCurrent = .amperes(30)
    var bench = Bench(settings)
    bench.cutoffs = Cutoffs()
    let limits = try bench.limits(1)
    #expect(limits.chargeCurrent == Limit(.amperes(20), .user))
    #expect(limits.dischargeCurrent == Limit(.amperes(30), .user))
  }

  @Test func nothingWithoutCells() {
    var settings = ChargeSettings.lfp
    settings.cells = 16
    var bench = Bench(settings, cells: [])
    bench.cellCount = nil
    #expect(bench.run(1) == nil)
    #expect(bench.control.silence == .noCells)
  }

  @Test func nothingWithoutTheNumberOfCells() {
    var bench = Bench(cells: [])
    bench.cellCount = nil
    #expect(bench.run(1) == nil)
    #expect(bench.control.silence == .cellCount)
  }

  @Test func theListAloneTellsTheNumber() throws {
    var bench = Bench(at: 3300, count: 8)
    bench.cellCount = nil
    let limits = try bench.limits(1)
    #expect(limits.volts == 8 * 3450)
  }

  @Test func nothingBeforeTheFirstFreshReading() {
    for freshness in [Freshness.aging, .stale, .lost] {
      var bench = Bench()
      bench.snapshot.take(bench.reading, at: Tick(0), isLive: true)
      #expect(bench.run(3, freshness) == nil)
      #expect(bench.control.silence == (freshness == .lost ? .lost : .noReading))
    }
  }

  @Test func extremesAloneAreEnough() throws {
    var settings = ChargeSettings.lfp
    settings.cells = 16
    var control = ChargeControl(settings)
    var snapshot = Snapshot()
    var reading = Reading()
    reading.set(.cellMin, CellVoltage.millivolts(3300))
    reading.set(.cellMax, CellVoltage.millivolts(3447))
    reading.set(.temperatureMin, Temperature.degrees(20))
    reading.cutoffs = Bench.cutoffs
    snapshot.take(reading, at: Tick(0), isLive: true)
    var limits = try decide(&control, snapshot, 0)
    #expect(limits.mode == .imbalanceHold)
    #expect(limits.chargeCurrent.reason == .cellCurve(cell: 0, .millivolts(3447)))
    #expect("\(limits.chargeCurrent.reason)" == "a cell at 3.447 V on the cell curve")
    reading[.cellMaxNumber] = 7
    reading.set(.cellMin, CellVoltage.millivolts(3440))
    snapshot.take(reading, at: Tick(1000), isLive: true)
    control = ChargeControl(settings)
    limits = try decide(&control, snapshot, 1000)
    #expect(limits.chargeCurrent.reason == .cellCurve(cell: 7, .millivolts(3447)))
    #expect("\(limits.chargeCurrent.reason)" == "cell 7 at 3.447 V on the cell curve")
  }

  @Test func aMissingCellHoldsAndThenFallsSilent() throws {
    var bench = Bench(at: 3300)
    let before = try bench.limits(5)
    #expect(before.charge == 90_000)
    bench.cells.removeLast()
    let during = try bench.limits(1)
    #expect(during.chargeCurrent == Limit(.zero, .cellCount(15)))
    #expect(during.chargeVoltage == Limit(.millivolts(16 * 3375), .cellCount(15)))
    #expect(during.dischargeCurrent == before.dischargeCurrent)
    #expect(bench.run(58) != nil)
    #expect(bench.run(1) == nil)
    #expect(bench.control.silence == .cellCount)
    bench.cells.append(3300)
    let after = try bench.limits(1)
    #expect(after.chargeCurrent == Limit(.zero, .ramp))
  }

  @Test func theOwnersNumberOfCellsMustAgree() {
    var settings = ChargeSettings.lfp
    settings.cells = 15
    var bench = Bench(settings, at: 3300, count: 16)
    #expect(bench.run(3) == nil)
    #expect(bench.control.silence == .cellCount)
  }

  @Test func anAbsurdOvervoltageCutoffIsNoCutoff() {
    var bench = Bench()
    bench.cutoffs.cellOvervoltage = .millivolts(3)
    #expect(bench.run(1) == nil)
    #expect(bench.control.silence == .noCutoffs)
  }

  private func decide(
    _ control: inout ChargeControl, _ snapshot: Snapshot, _ now: Int64
  ) throws -> Limits {
    let limits = control.decide(snapshot, freshness: .fresh, at: Tick(now))
    return try #require(limits)
  }
}
