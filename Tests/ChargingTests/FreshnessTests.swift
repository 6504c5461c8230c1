// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Quantities
import Testing

/// The stages by which an ageing reading fails safe.
struct FreshnessTests {
  @Test func freshIsAsDecided() throws {
    var bench = Bench(at: 3300)
    let limits = try bench.limits(5, .fresh)
    #expect(limits.volts == 55_200)
    #expect(limits.charge == 90_000)
    #expect(limits.discharge == 180_000)
  }

  @Test func agingHoldsWhatIs() throws {
    var bench = Bench(at: 3300)
    let fresh = try bench.limits(5)
    let aging = try bench.limits(8, .aging)
    #expect(aging == fresh)
  }

  @Test func agingMayNotRise() throws {
    var bench = Bench(at: 3430)
    bench.run(5)
    let before = try bench.limits(1)
    bench.level(3300)
    bench.run(20)  // within the hold of 30 s
    let aging = try bench.limits(100, .aging)
    #expect(aging.charge == before.charge)
    #expect(aging.chargeCurrent.reason == .freshness(.aging))
    // Nor does the time in it count for the hold.
    #expect(try bench.limits(9).charge == before.charge)
    #expect(try bench.limits(2).charge > before.charge)
  }

  @Test func agingMayNotRiseInTheMidstOfARamp() throws {
    var bench = Bench(at: 3300)
    bench.alarms = .of(.chargeOvercurrent)
    bench.run(1)
    bench.alarms = []
    let before = try bench.limits(35)
    #expect(before.charge == 25_000)
    let aging = try bench.limits(10, .aging)
    #expect(aging.charge == before.charge)
    #expect(aging.volts == before.volts)
  }

  @Test func agingMayFall() throws {
    var bench = Bench(at: 3300)
    bench.run(5)
    bench.snapshot.keep(.chargeEnabled, 0, at: Tick(bench.now))
    bench.snapshot.keep(.mosfetTemperature, 8000, at: Tick(bench.now))
    let aging = try bench.limits(1, .aging)
    #expect(aging.charge == 0)
    #expect(aging.discharge == 45_000)
    #expect(aging.volts == 54_000)
  }

  @Test func timeInAgingCountsForNothing() {
    var bench = Bench(at: 3445)
    bench.run(890)
    #expect(bench.control.mode == .transition)
    bench.run(3600, .aging)
    #expect(bench.control.mode == .transition)
    bench.run(20)
    #expect(bench.control.mode == .floatApproach)
  }

  @Test func staleStopsChargingAndHoldsDischarging() throws {
    var bench = Bench(at: 3300)
    bench.cells[3] = 3145
    let fresh = try bench.limits(5)
    #expect(fresh.discharge == 112_500)
    for _ in 0..<50 {
      let stale = try bench.limits(1, .stale)
      #expect(stale.chargeVoltage == Limit(.millivolts(54_000), .freshness(.stale)))
      #expect(stale.chargeCurrent == Limit(.zero, .freshness(.stale)))
      #expect(stale.dischargeCurrent == fresh.dischargeCurrent)
    }
  }

  @Test func staleNeverRaisesCVL() throws {
    var bench = Bench(at: 3300)
    bench.reported.volts = 52
    bench.run(5)
    let stale = try bench.limits(1, .stale)
    #expect(stale.chargeVoltage == Limit(.millivolts(52_000), .battery))
  }

  @Test func lostSendsNothing() {
    var bench = Bench(at: 3300)
    bench.run(5)
    #expect(bench.run(3, .lost) == nil)
    #expect(bench.control.silence == .lost)
  }

  @Test(arguments: [Freshness.stale, .lost])
  func chargingComesBackByItsRamps(freshness: Freshness) throws {
    var bench = Bench(at: 3300)
    bench.run(5)
    bench.run(3, freshness)
    var limits = try bench.limits(1)
    #expect(limits.chargeCurrent == Limit(.zero, .ramp))
    #expect(limits.volts == 54_000)
    #expect(limits.discharge == 180_000)
    limits = try bench.limits(29)
    #expect(limits.charge == 0)
    limits = try bench.limits(1)
    #expect(limits.charge == 5000)
    limits = try bench.limits(17)
    #expect(limits.charge == 90_000)
  }

  @Test(arguments: [Freshness.stale, .lost])
  func aCVLBelowFloatDoesNotJumpUpAfterwards(freshness: Freshness) throws {
    var bench = Bench(cells: Array(repeating: 3340, count: 15) + [3490])
    let before = try bench.limits(3600)
    #expect(before.volts == 51_200)
    bench.run(3, freshness)
    bench.level(3300)
    #expect(try bench.limits(1).volts == 51_200)
  }

  @Test func aLostBatteryChoosesItsModeAnew() {
    var bench = Bench(at: 3375)
    bench.run(5)
    #expect(bench.control.mode == .float)
    bench.run(3, .lost)
    bench.level(3250)
    bench.soc = 40
    bench.run(1)
    #expect(bench.control.mode == .bulk)
  }

  @Test func aNewRunOfTheProgramGoesOnWhereTheLastOneWas() throws {
    for millivolts in [3300, 3375, 3445] {
      var old = Bench(at: millivolts)
      let before = try old.limits(20)
      var new = Bench(at: millivolts)
      new.now = 500_000
      #expect(new.decide() == before)
    }
  }
}
