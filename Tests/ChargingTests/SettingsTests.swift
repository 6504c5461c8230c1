// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Quantities
import Testing

struct SettingsTests {
  private func fields(_ settings: ChargeSettings) -> [String] {
    settings.validate().map { "\($0.field)" }
  }

  @Test func lfpIsComplete() {
    #expect(fields(.lfp) == [])
  }

  @Test func nmcAsksForWhatNoSourceGives() {
    #expect(Set(fields(.nmc)) == ["float", "sustainCell", "sustainRelease"])
    var settings = ChargeSettings.nmc
    settings.float = .millivolts(4050)
    settings.sustainCell = .millivolts(3100)
    settings.sustainRelease = .millivolts(3400)
    #expect(fields(settings) == [])
  }

  @Test func ltoAsksForWhatTheSourcesDisagreeOn() {
    #expect(Set(fields(.lto)) == ["absorption", "float"])
    var settings = ChargeSettings.lto
    settings.absorption = .millivolts(2500)
    settings.float = .millivolts(2450)
    #expect(fields(settings) == [])
  }

  @Test func anUnusedChemistryAsksForEveryVoltage() {
    #expect(
      fields(ChargeSettings()) == [
        "absorption", "float", "cellCeiling", "cellFloor", "sustainCell", "sustainRelease",
      ])
  }

  /// One wrong number, and the field that must be named.
  static let mistakes: [(String, @Sendable (inout ChargeSettings) -> Void)] = [
    ("cells", { $0.cells = 0 }),
    ("cells", { $0.cells = 49 }),
    ("capacity", { $0.capacity = .zero }),
    ("maxChargeCurrent", { $0.maxChargeCurrent = .amperes(-1) }),
    ("maxDischargeCurrent", { $0.maxDischargeCurrent = .zero }),
    ("absorption", { $0.absorption = .millivolts(4200) }),
    ("float", { $0.float = .millivolts(3460) }),
    ("float", { $0.float = .zero }),
    ("lowestFloat", { $0.lowestFloat = .millivolts(3400) }),
    ("topRegion", { $0.topRegion = .millivolts(3460) }),
    ("cellCeiling", { $0.cellCeiling = .millivolts(3460) }),
    ("cellCeilingHysteresis", { $0.cellCeilingHysteresis = .zero }),
    ("cellFloor", { $0.cellFloor = .millivolts(3050) }),
    ("sustainCell", { $0.sustainCell = .millivolts(2700) }),
    ("sustainRelease", { $0.sustainRelease = .millivolts(3300) }),
    ("cutoffShare", { $0.cutoffShare = .percent(101) }),
    ("overvoltageMargin", { $0.overvoltageMargin = .millivolts(5) }),
    ("undervoltageMargin", { $0.undervoltageMargin = .millivolts(-1) }),
    ("chargeCellCurve", { $0.chargeCellCurve = Curve([]) }),
    ("dischargeTemperatureCurve", { $0.dischargeTemperatureCurve = Curve([]) }),
    ("unknownTemperatureShare", { $0.unknownTemperatureShare = .percent(-1) }),
    ("chargeFloor", { $0.chargeFloor = .zero }),
    ("abandonDrop", { $0.abandonDrop = .millivolts(20) }),
    ("absorptionDwell", { $0.absorptionDwell = 0 }),
    ("tailHold", { $0.tailHold = .max }),
    ("rebulkSOC", { $0.rebulkSOC = .percent(101) }),
    ("rebulkDropAlone", { $0.rebulkDropAlone = .millivolts(10) }),
    ("rebulkSpread", { $0.rebulkSpread = .millivolts(5) }),
    ("imbalanceLimit", { $0.imbalanceLimit = .millivolts(40) }),
    ("sustainReleaseSOC", { $0.sustainReleaseSOC = .percent(60) }),
    ("voltageRamp", { $0.voltageRamp = .zero }),
    ("currentRamp", { $0.currentRamp = .amperes(-5) }),
    ("currentStep", { $0.currentStep = .percent(50) }),
    ("valueAge", { $0.valueAge = -1 }),
  ]

  @Test(arguments: mistakes.indices)
  func eachMistakeNamesItsField(index: Int) {
    let (field, make) = Self.mistakes[index]
    var settings = ChargeSettings.lfp
    make(&settings)
    #expect(fields(settings).contains(field))
  }

  @Test func aMistakeSaysWhatWasFoundAndExpected() throws {
    var settings = ChargeSettings.lfp
    settings.absorption = .millivolts(4200)
    let problem = try #require(settings.validate().first)
    #expect(
      problem.description
        == "absorption is 4.2 V: expected 3.37 V to 3.65 V; that is the chemistry's range")
  }

  @Test func settingsWithAProblemDriveNothing() {
    var bench = Bench(.nmc, at: 3700)
    #expect(bench.run(10) == nil)
    #expect(bench.control.silence == .settings)
  }
}
