// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Quantities
import Testing

struct CurrentTests {
  @Test func theBatterysCutoffsAreTripPoints() throws {
    let limits = try #require(Bench(at: 3300).first)
    #expect(limits.chargeCurrent == Limit(.amperes(90), .battery))
    #expect(limits.dischargeCurrent == Limit(.amperes(180), .battery))
  }

  @Test func theOwnerNarrowsAndNeverWidens() throws {
    var settings = ChargeSettings.lfp
    settings.maxChargeCurrent = .amperes(40)
    settings.maxDischargeCurrent = .amperes(1000)
    let limits = try #require(Bench(settings, at: 3300).first)
    #expect(limits.chargeCurrent == Limit(.amperes(40), .user))
    #expect(limits.dischargeCurrent == Limit(.amperes(180), .battery))
  }

  /// Highest cell in mV, CCL in mA out of 90 A.
  @Test(arguments: [
    (3375, 90_000), (3387, 57_600), (3400, 22_500), (3425, 4500), (3447, 1000), (3450, 1000),
    (3499, 1000),
  ])
  func theHighestCellDecidesCharging(highest: Int, milliamperes: Int) throws {
    var bench = Bench(at: 3374)
    bench.cells[6] = highest
    if highest > 3450 { bench.level(3410); bench.cells[6] = highest }
    let limits = try #require(bench.first)
    #expect(limits.charge == milliamperes)
    if highest > 3375 {
      #expect(limits.chargeCurrent.reason == .cellCurve(cell: 7, .millivolts(highest)))
    }
  }

  /// Lowest cell in mV, DCL in mA out of 180 A.
  @Test(arguments: [(3190, 180_000), (3145, 112_500), (3100, 45_000), (3050, 27_000)])
  func theLowestCellDecidesDischarging(lowest: Int, milliamperes: Int) throws {
    var bench = Bench(at: 3300)
    bench.cells[11] = lowest
    let limits = try #require(bench.first)
    #expect(limits.discharge == milliamperes)
    if lowest < 3190 {
      #expect(limits.dischargeCurrent.reason == .cellCurve(cell: 12, .millivolts(lowest)))
    }
    #expect(limits.charge == 90_000)
  }

  /// Coldest and hottest sensor in °C, CCL and DCL in mA out of 90 A and 180 A.
  @Test(arguments: [
    (20, 40, 90_000, 180_000), (5, 20, 45_000, 90_000), (20, 45, 45_000, 90_000),
    (2, 50, 22_500, 45_000), (5, 50, 22_500, 45_000), (0, 20, 0, 45_000), (-10, 20, 0, 0),
    (20, 55, 0, 0), (-11, 60, 0, 0),
  ])
  func theColdestAndTheHottestSensorBothCount(
    coldest: Int, hottest: Int, charge: Int, discharge: Int
  ) throws {
    var bench = Bench(at: 3300)
    bench.temperatures = [hottest, nil, coldest]
    let limits = try #require(bench.first)
    #expect(limits.charge == charge)
    #expect(limits.discharge == discharge)
  }

  @Test func theReasonNamesTheSensorThatBinds() throws {
    var bench = Bench(at: 3300)
    bench.temperatures = [50, 5]
    #expect(
      try #require(bench.first).chargeCurrent.reason == .temperatureCurve(.degrees(50)))
    bench.temperatures = [44, 2]
    #expect(try #require(bench.first).chargeCurrent.reason == .temperatureCurve(.degrees(2)))
  }

  @Test func noTemperatureAtAllNarrowsCharging() throws {
    var bench = Bench(at: 3300)
    bench.temperatures = [nil, nil]
    let limits = try #require(bench.first)
    #expect(limits.chargeCurrent == Limit(.milliamperes(22_500), .noTemperature))
    #expect(limits.discharge == 180_000)
  }

  @Test func withoutSensorsTheSwitchesStandIn() throws {
    var bench = Bench(at: 3300)
    bench.temperatures = [nil, nil]
    bench.switches = 3
    let limits = try #require(bench.first)
    #expect(limits.chargeCurrent.reason == .temperatureCurve(.degrees(3)))
    #expect(limits.charge == 29_999)
  }

  @Test func aTemperatureThatIsTooOldIsNone() throws {
    var bench = Bench(at: 3300)
    bench.run(1)
    bench.temperatures = []
    #expect(try bench.limits(60).charge == 90_000)
    #expect(try bench.limits(1).chargeCurrent.reason == .noTemperature)
  }

  @Test func coldStopsUntilItIsThreeDegreesWarmer() throws {
    var bench = Bench(at: 3300)
    bench.temperatures = [0]
    bench.run(1)
    bench.temperatures = [3]
    #expect(try bench.limits(100).chargeCurrent == Limit(.zero, .temperatureCurve(.degrees(3))))
    bench.temperatures = [4]
    #expect(try bench.limits(100).charge == 37_499)
  }

  @Test func theBatterysTemperatureCutoffsStopBeforeItDoes() throws {
    var bench = Bench(at: 3300)
    bench.cutoffs.chargeUndertemperature = .degrees(5)
    bench.cutoffs.overtemperature = .degrees(45)
    bench.temperatures = [6, 20]
    #expect(try #require(bench.first).charge > 0)
    bench.temperatures = [5, 20]
    #expect(try #require(bench.first).chargeCurrent == Limit(.zero, .temperatureCurve(.degrees(5))))
    bench.temperatures = [20, 45]
    let hot = try #require(bench.first)
    #expect(hot.chargeCurrent == Limit(.zero, .temperatureCurve(.degrees(45))))
    #expect(hot.discharge == 90_000)
  }

  @Test func losingTheSensorDoesNotWarmAColdPack() throws {
    var bench = Bench(at: 3300)
    bench.temperatures = [-5]
    bench.run(1)
    bench.temperatures = []
    #expect(try bench.limits(200).chargeCurrent == Limit(.zero, .noTemperature))
  }

  /// Switch temperature in °C, CCL and DCL in mA.
  @Test(arguments: [(70, 90_000, 180_000), (80, 22_500, 45_000), (90, 0, 0)])
  func hotSwitchesNarrowBoth(degrees: Int, charge: Int, discharge: Int) throws {
    var bench = Bench(at: 3300)
    bench.switches = degrees
    let limits = try #require(bench.first)
    #expect(limits.charge == charge)
    #expect(limits.discharge == discharge)
    if degrees > 70 {
      #expect(limits.chargeCurrent.reason == .switchTemperature(.degrees(degrees)))
    }
  }

  @Test func anOpenSwitchStopsItsWayAtOnceAndOnlyThatWay() throws {
    var bench = Bench(at: 3300)
    bench.run(1)
    bench.chargeEnabled = false
    bench.dischargeEnabled = true
    var limits = try bench.limits(1)
    #expect(limits.chargeCurrent == Limit(.zero, .chargeSwitchOpen))
    #expect(limits.discharge == 180_000)
    bench.chargeEnabled = nil
    bench.dischargeEnabled = false
    limits = try bench.limits(1)
    #expect(limits.dischargeCurrent == Limit(.zero, .dischargeSwitchOpen))
    bench.dischargeEnabled = nil
    // A switch of which nothing is heard for a minute is not known to be open.
    limits = try bench.limits(200)
    #expect(limits.charge == 90_000)
    #expect(limits.discharge == 180_000)
  }

  @Test func aCellAtItsCeilingStopsChargingUntilItIsWellBelow() throws {
    var bench = Bench(at: 3440)
    bench.run(1)
    bench.cells[4] = 3500
    var limits = try bench.limits(1)
    #expect(limits.chargeCurrent == Limit(.zero, .cellCeiling(cell: 5, .millivolts(3500))))
    #expect(limits.chargeVoltage.value == .millivolts(54_000))
    bench.cells[4] = 3471
    limits = try bench.limits(300)
    #expect(limits.charge == 0)
    bench.cells[4] = 3470
    limits = try bench.limits(29)
    #expect(limits.charge == 0)
    limits = try bench.limits(10)
    #expect(limits.charge == 1000)
  }

  @Test func theBatterysOvervoltageCutoffLowersTheCeiling() throws {
    var bench = Bench(at: 3400)
    bench.cutoffs.cellOvervoltage = .millivolts(3470)
    bench.cells[0] = 3459
    #expect(try #require(bench.first).charge > 0)
    bench.cells[0] = 3460
    #expect(try #require(bench.first).charge == 0)
  }

  @Test func theTaperEndsAboveNothing() throws {
    var bench = Bench(at: 3450)
    for millivolts in 3400...3499 {
      bench.level(millivolts)
      #expect(try bench.limits(1).charge >= 1000)
    }
  }

  @Test func waitingForBalanceChargesGently() throws {
    var bench = Bench(cells: [3410] + Array(repeating: 3300, count: 15))
    let limits = try bench.limits(1)
    #expect(limits.mode == .imbalanceHold)
    #expect(limits.chargeCurrent == Limit(.amperes(2), .spread(.millivolts(110))))
    #expect(limits.volts == 55_200)
    #expect(limits.discharge == 180_000)
  }

  @Test func nearEmptyNarrowsDischargingAlone() throws {
    var bench = Bench(at: 3150)
    bench.soc = 4
    let limits = try bench.limits(1)
    #expect(limits.mode == .sustain)
    #expect(limits.dischargeCurrent == Limit(.amperes(5), .mode(.sustain)))
    #expect(limits.charge == 90_000)
  }

  @Test func theFloorStopsDischargingAfterItsHoldAndWithHysteresis() throws {
    var bench = Bench(at: 3100)
    bench.run(1)
    bench.cells[8] = 2800
    #expect(try bench.limits(4).discharge == 1000)
    var limits = try bench.limits(1)
    #expect(limits.dischargeCurrent == Limit(.zero, .cellFloor(cell: 9, .millivolts(2800))))
    bench.cells[8] = 2899
    #expect(try bench.limits(600).discharge == 0)
    bench.cells[8] = 2900
    #expect(try bench.limits(59).discharge == 0)
    limits = try bench.limits(60)
    #expect(limits.discharge > 0)
  }

  @Test func aSpikeDoesNotSwitchTheHouseOff() throws {
    var bench = Bench(at: 3200)
    for _ in 0..<20 {
      bench.cells[8] = 2700
      #expect(try bench.limits(4).discharge >= 1000)
      bench.cells[8] = 3000
      #expect(try bench.limits(1).discharge >= 1000)
    }
  }

  @Test func theBatterysOwnFloorsRaiseOurs() throws {
    var bench = Bench(at: 3300)
    bench.cutoffs.cellUndervoltage = .millivolts(2800)
    #expect(try #require(bench.first).dischargeVoltage == .millivolts(16 * 2850))
    bench.cutoffs.cellEmpty = .millivolts(2950)
    #expect(try #require(bench.first).dischargeVoltage == .millivolts(16 * 2950))
  }
}

extension Bench {
  /// What a control that just started decides.
  var first: Limits? {
    var copy = self
    copy.control = ChargeControl(control.settings)
    copy.snapshot = Snapshot()
    return copy.decide()
  }
}
