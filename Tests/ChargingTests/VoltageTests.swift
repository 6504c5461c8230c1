// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Quantities
import Testing

struct VoltageTests {
  @Test func theFirstDecisionGoesStraightToItsValue() throws {
    var bench = Bench(at: 3300)
    let limits = try bench.limits(0)
    #expect(limits.chargeVoltage == Limit(.millivolts(55_200), .mode(.bulk)))
    #expect(limits.dischargeVoltage == .millivolts(16 * 2800))
  }

  @Test func theBatterysCutoffBoundsIt() throws {
    var bench = Bench(at: 3300)
    bench.cutoffs.cellOvervoltage = .millivolts(3480)
    let limits = try bench.limits(0)
    #expect(limits.chargeVoltage == Limit(.millivolts(16 * 3430), .battery))
  }

  @Test func whatTheBatteryCallsFullDoesNotBoundIt() throws {
    var bench = Bench(at: 3300)
    bench.cutoffs.cellFull = .millivolts(3400)
    #expect(try bench.limits(0).volts == 55_200)
  }

  @Test func settingsForAnotherChemistryChargeNothing() throws {
    var bench = Bench(at: 2300)  // LTO
    bench.cutoffs.cellOvervoltage = .millivolts(2800)
    bench.cutoffs.cellUndervoltage = .millivolts(1800)
    let limits = try bench.limits(0)
    #expect(limits.chargeCurrent == Limit(.zero, .contradiction))
    #expect(limits.volts == 16 * 2750)
  }

  @Test func theBatterysOwnLimitIsObeyed() throws {
    var bench = Bench(at: 3300)
    bench.reported = (54, 40, 60)
    let limits = try bench.limits(0)
    #expect(limits.chargeVoltage == Limit(.millivolts(54_000), .battery))
    #expect(limits.chargeCurrent == Limit(.amperes(40), .battery))
    #expect(limits.dischargeCurrent == Limit(.amperes(60), .battery))
  }

  @Test(arguments: [0, -5, 1, 51])
  func aSenselesslyLowLimitOfTheBatteryStopsChargingInstead(volts: Int) throws {
    var bench = Bench(at: 3300)
    bench.run(1)
    bench.reported.volts = volts
    let limits = try bench.limits(1)
    #expect(limits.chargeVoltage == Limit(.millivolts(16 * 3200), .battery))
    #expect(limits.chargeCurrent == Limit(.zero, .battery))
  }

  @Test func cellsAboveTheTargetTakeTheirOvershootAtOnce() throws {
    var bench = Bench(cells: Array(repeating: 3420, count: 14) + [3458, 3455])
    bench.run(1)
    let limits = try bench.limits(1)
    // 8 mV and 5 mV; within the band of 10 mV the integral does nothing.
    #expect(limits.volts == 55_200 - 13)
    #expect(limits.chargeVoltage.reason == .overshoot(cell: 15, .millivolts(3458)))
  }

  @Test func aCellThatStaysAboveTakesMoreAndMoreDownToFloat() throws {
    var bench = Bench(cells: Array(repeating: 3420, count: 15) + [3480])
    bench.run(1)
    // Beyond the penalty of 30 mV: 10 % of 20 mV each second.
    #expect(try bench.limits(10).volts == 55_200 - 30 - 20)
    #expect(try bench.limits(90).volts == 55_200 - 30 - 200)
    #expect(try bench.limits(3600).volts == 54_000)
  }

  @Test func onlyWaitingForBalanceGoesBelowFloatAndNeverBelowItsLowest() throws {
    var bench = Bench(cells: Array(repeating: 3340, count: 15) + [3490])
    bench.run(1)
    let limits = try bench.limits(3600)
    #expect(limits.mode == .imbalanceHold)
    #expect(limits.volts == 16 * 3200)
    #expect(limits.chargeVoltage.reason == .overshoot(cell: 16, .millivolts(3490)))
    #expect(limits.charge == 1000)
  }

  @Test func aCellThatIsOnlyALittleAboveLetsItReturn() throws {
    var bench = Bench(cells: Array(repeating: 3420, count: 15) + [3480])
    bench.run(100)
    let low = try bench.limits(1).volts
    bench.cells[15] = 3458
    #expect(try bench.limits(600).volts > low)
  }

  @Test func itRisesAfterItsHoldAndSlowly() throws {
    var bench = Bench(cells: Array(repeating: 3420, count: 15) + [3459])
    bench.run(10)
    bench.level(3420)
    #expect(try bench.limits(59).volts == 55_191)
    #expect(try bench.limits(1).chargeVoltage == Limit(.millivolts(55_191), .ramp))
    #expect(try bench.limits(5).volts == 55_196)
    #expect(try bench.limits(4).chargeVoltage == Limit(.millivolts(55_200), .mode(.transition)))
  }

  @Test func noChargeMeansFloat() throws {
    var bench = Bench(at: 3300)
    bench.run(1)
    bench.alarms = .of(.chargeOvertemperature)
    let limits = try bench.limits(1)
    #expect(limits.chargeVoltage == Limit(.millivolts(54_000), .protection(.chargeOvertemperature)))
    bench.alarms = []
    // CCL waits 30 s and CVL with it; then CVL has its own hold of 60 s.
    #expect(try bench.limits(31).volts == 54_000)
    #expect(try bench.limits(60).volts <= 54_002)
    #expect(try bench.limits(60).volts > 54_040)
  }

  @Test func sustainChargesFreely() throws {
    var bench = Bench(at: 2950)
    let limits = try bench.limits(60)
    #expect(limits.mode == .sustain)
    #expect(limits.chargeVoltage == Limit(.millivolts(55_200), .mode(.sustain)))
    #expect(limits.chargeCurrent == Limit(.amperes(90), .battery))
  }

  @Test func aSwitchToBulkFromFloatRisesSlowly() throws {
    var bench = Bench(at: 3375)
    bench.run(10)
    #expect(bench.control.mode == .float)
    bench.level(3300)
    bench.soc = 60
    bench.run(60)
    #expect(bench.control.mode == .bulk)
    #expect(try bench.limits(55).volts == 54_000)
    #expect(try bench.limits(1300).volts == 55_200)
  }
}
