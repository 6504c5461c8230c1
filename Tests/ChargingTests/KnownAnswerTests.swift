// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Quantities
import Testing

/// The scenarios of an older bridge's unit tests.
///
/// Kept where they are physical, and deliberately answered otherwise where they are not;
/// docs/charging.md tells why.
struct KnownAnswerTests {
  /// 16 cells, 58.4 V, 50 A, 100 A, hold above 120 mV until 40 mV.
  static let settings: ChargeSettings = {
    var settings = ChargeSettings.lfp
    settings.absorption = .millivolts(3650)
    settings.cellCeiling = .millivolts(3700)
    settings.maxChargeCurrent = .amperes(50)
    settings.maxDischargeCurrent = .amperes(100)
    settings.imbalanceLimit = .millivolts(120)
    settings.imbalanceRelease = .millivolts(40)
    return settings
  }()

  private func bench(_ millivolts: Int, soc: Int) -> Bench {
    var bench = Bench(Self.settings, at: millivolts)
    bench.cutoffs = Cutoffs()
    bench.soc = soc
    return bench
  }

  // MARK: Those that hold

  @Test func eightyPercentInBulk() throws {
    var bench = bench(3300, soc: 80)
    let limits = try bench.limits(60)
    #expect(limits.mode == .bulk)
    #expect(limits.chargeVoltage.value == .millivolts(58_400))
    #expect(limits.chargeCurrent.value == .amperes(50))
    #expect(limits.dischargeCurrent.value == .amperes(100))
  }

  @Test func ninetySixPercentStaysInFloat() throws {
    var bench = bench(3375, soc: 100)
    #expect(try bench.limits(1).mode == .float)
    bench.soc = 96
    #expect(try bench.limits(3600).mode == .float)
  }

  @Test func apartAtTheTopHolds() throws {
    var bench = bench(3350, soc: 97)
    bench.run(1)
    bench.cells[0] = 3500
    #expect(try bench.limits(10).mode == .imbalanceHold)
  }

  @Test func togetherAgainReturnsToBulk() throws {
    var bench = bench(3350, soc: 97)
    bench.cells[0] = 3500
    #expect(try bench.limits(1).mode == .imbalanceHold)
    bench.level(3330)
    bench.cells[0] = 3350
    bench.soc = 85
    #expect(try bench.limits(300).mode == .bulk)
  }

  // MARK: Those that are void

  @Test(arguments: [92, 96, 99, 100])
  func stateOfChargeAloneMovesNothing(soc: Int) throws {
    var bench = bench(3300, soc: 80)
    bench.run(1)
    bench.soc = soc
    let limits = try bench.limits(3600)
    #expect(limits.mode == .bulk)
    #expect(limits.chargeVoltage.value == .millivolts(58_400))
  }

  @Test func ninetyPercentDoesNotEndFloat() throws {
    var bench = bench(3375, soc: 100)
    bench.run(1)
    bench.soc = 90
    #expect(try bench.limits(3600).mode == .float)
  }

  @Test func floatIsAVoltageOfCellsAndLeavesTheCurrentAlone() throws {
    var bench = bench(3370, soc: 99)
    let limits = try bench.limits(1)
    #expect(limits.mode == .float)
    // Not 58.30 V and 0.5 A.
    #expect(limits.chargeVoltage.value == .millivolts(54_000))
    #expect(limits.chargeCurrent.value == .amperes(50))
  }

  @Test func imbalanceElsewhereHoldsNothing() throws {
    var bench = bench(3100, soc: 97)
    bench.cells[0] = 3250
    #expect(try bench.limits(600).mode == .bulk)
  }

  @Test func imbalanceChargesAtTwoAmperes() throws {
    var bench = bench(3300, soc: 97)
    bench.cells[0] = 3421
    #expect(try bench.limits(1).mode == .imbalanceHold)
    // Not 0.5 A.
    #expect(try bench.limits(1).chargeCurrent.value == .amperes(2))
  }

  @Test func anEmptyPackIsChargedFreely() throws {
    var bench = bench(3100, soc: 4)
    let limits = try bench.limits(1)
    #expect(limits.mode == .sustain)
    // Not 5 A, and CVL is that of bulk, not 3.20 V a cell.
    #expect(limits.chargeCurrent.value == .amperes(50))
    #expect(limits.chargeVoltage.value == .millivolts(58_400))
    #expect(limits.dischargeCurrent.value == .amperes(5))
  }

  @Test func aLowerCVLDoesNotNarrowDischarging() throws {
    var bench = bench(3600, soc: 97)
    bench.cells[0] = 3690
    let limits = try bench.limits(600)
    #expect(limits.chargeVoltage.value < .millivolts(58_400))
    #expect(limits.dischargeCurrent.value == .amperes(100))
  }
}
