// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Simulation
import Testing

/// Batteries of other makers: what a session reads of a face is what its state says.
struct FaceTests {
  /// The values that a state and a reading must share; a point that the dialect does not have is left
  /// out of `points`.
  private func check(_ reading: Reading, _ state: UnitState, _ points: [Point]) {
    for point in points {
      let expected: Int64? =
        switch point {
        case .voltage: Int64(state.voltage.raw)
        case .current: Int64(state.current.raw)
        case .soc: Int64(state.soc.raw)
        case .soh: Int64(state.health.raw)
        case .remaining: Int64(state.remaining.raw)
        case .full, .nominal: Int64(state.full.raw)
        case .cycles: state.cycles
        case .cellCount: Int64(state.cells.count)
        case .chargeEnabled: state.isChargeOn ? 1 : 0
        case .dischargeEnabled: state.isDischargeOn ? 1 : 0
        default: nil
        }
      #expect(reading[point] == expected, "\(point.name)")
    }
  }

  private func checkCells(_ reading: Reading, _ state: UnitState) {
    #expect(reading.cells.count == state.cells.count)
    for index in 0..<state.cells.count { #expect(reading.cells[index] == state.cells[index]) }
  }

  private func checkSensors(_ reading: Reading, _ state: UnitState, count: Int = 4) {
    #expect(reading.temperatures.count == count)
    for index in 0..<count {
      #expect(reading.temperatures[index] == state.temperatures[index])
    }
  }

  /// A voltage that the language tells in steps of 10 or 100 mV.
  private func rounded(_ state: UnitState, to step: Int64) -> UnitState {
    var state = state
    state.voltage = Voltage(
      clamping: Int64(state.voltage.raw).dividedRounding(by: step) * step)
    return state
  }

  private static let common: [Point] = [
    .voltage, .current, .remaining, .full, .cycles, .cellCount, .chargeEnabled, .dischargeEnabled,
  ]

  @Test(arguments: [100, 50]) func aPylontechSaysWhatItsStateSays(_ ampereHours: Int) {
    var state = UnitState.sample()
    // Up to 65 Ah the charge stands in two bytes, beyond that in three.
    state.full = .ampereHours(ampereHours)
    state.remaining = .ampereHours(ampereHours * 61 / 100 + 1)
    var talk = FaceTalk(PylontechFace(), .pylontechRS485(.init()), state)
    talk.run(10_000)
    #expect(talk.faults.isEmpty, "\(talk.faults)")
    let reading = talk.snapshot.reading
    check(reading, state, Self.common)
    checkCells(reading, state)
    checkSensors(reading, state)
    #expect(reading.reportsAlarms && reading.alarms.isEmpty && reading.warnings.isEmpty)
    #expect(reading[.chargeVoltageLimit] == 53_250 && reading[.dischargeVoltageLimit] == 45_000)
    #expect(reading[.chargeCurrentLimit] == 50_000 && reading[.dischargeCurrentLimit] == 50_000)
    #expect(reading.cutoffs.cellOvervoltage == .millivolts(3650))
    #expect(reading.cutoffs.cellUndervoltage == .millivolts(2800))
    #expect(reading.cutoffs.chargeOvercurrent == .amperes(90))
    #expect(reading.cutoffs.dischargeOvercurrent == .amperes(90))
    #expect(reading.cutoffs.overtemperature == .degrees(60))
    #expect(reading.cutoffs.chargeUndertemperature == .degrees(0))
    #expect(reading.identity.serial?.string == "CELLBUS000000001")
    #expect(reading.identity.model?.string == "US5000")
    #expect(reading.identity.manufacturer?.string == "Pylon")
    #expect(reading.identity.firmware?.string == "2.3")
    // It tells no state of charge: the share of what it can hold is marked as computed here.
    let soc = talk.snapshot[.soc]
    #expect(soc?.isDerived == true)
    #expect(
      soc?.value
        == (Int64(state.remaining.raw) * 100_000_000).dividedRounding(by: Int64(state.full.raw)))
  }

  @Test func aPylontechThatWantsNoChargeGetsNone() {
    var state = UnitState.sample()
    state.isChargeOn = false
    state.alarms = .of(.cellOvervoltage, .chargeOvercurrent, .overtemperature)
    var talk = FaceTalk(PylontechFace(), .pylontechRS485(.init()), state)
    talk.run(5000)
    let reading = talk.snapshot.reading
    #expect(reading[.chargeCurrentLimit] == 0 && reading[.dischargeCurrentLimit] == 50_000)
    #expect(reading[.chargeEnabled] == 0 && reading.alarms == state.alarms)
  }

  @Test func aSeplosV2SaysWhatItsStateSays() {
    let state = UnitState.sample()
    var talk = FaceTalk(SeplosV2Face(), .seplosV2(.init()), state)
    talk.run(5000)
    #expect(talk.faults.isEmpty, "\(talk.faults)")
    let reading = talk.snapshot.reading
    check(reading, rounded(state, to: 10), Self.common + [.soc, .soh, .nominal])
    checkCells(reading, state)
    checkSensors(reading, state)
    #expect(reading.cells.balancing == state.cells.balancing && reading[.balancing] == 1)
    #expect(reading[.ambientTemperature] == 3100 && reading[.mosfetTemperature] == 3200)
    #expect(reading.identity.model?.string == "1101-SP76")
    #expect(reading[.status] == 1 && reading.reportsAlarms && reading.alarms.isEmpty)
  }

  @Test func aSeplosV3SaysWhatItsStateSays() {
    let state = UnitState.sample()
    var talk = FaceTalk(SeplosV3Face(), .seplosV3(.init()), state)
    talk.run(5000)
    // It knows neither the second half of the settings nor who it is, and says so.
    #expect(talk.faults.allSatisfy { if case .refused = $0 { true } else { false } })
    let reading = talk.snapshot.reading
    check(reading, rounded(state, to: 10), Self.common + [.soc, .soh])
    checkCells(reading, state)
    checkSensors(reading, state)
    #expect(reading.cells.balancing == state.cells.balancing && reading[.balancing] == 1)
    #expect(reading[.ambientTemperature] == 3100 && reading[.mosfetTemperature] == 3200)
    #expect(reading[.chargeCurrentLimit] == 180_000 && reading[.dischargeCurrentLimit] == 180_000)
    #expect(reading[.cellMin] == 33_010 && reading[.cellMax] == 33_430)
    #expect(reading[.temperatureMin] == -400 && reading[.temperatureMax] == 2400)
    #expect(reading[.cellAverage] == 33_220 && reading[.temperatureAverage] == 1600)
    #expect(reading[.chargeDischarged] == 10_000 && reading[.status] == 1)
  }

  @Test func aShuntSaysWhatItsStateSays() {
    var state = UnitState.sample()
    state.alarms = .of(.packUndervoltage)
    var talk = FaceTalk(VEDirectFace(), .veDirect(.init()), state)
    talk.run(20_500)
    #expect(talk.faults.isEmpty)
    // The first of both kinds must be seen twice: the checksum has 8 bits.
    #expect(talk.live.count == 20 && talk.readings.count == 40)
    let reading = talk.snapshot.reading
    check(reading, state, [.voltage, .current, .soc, .cycles])
    #expect(reading.cells.count == 0 && reading.temperatures.count == 1)
    #expect(reading.temperatures[0] == .degrees(21))
    #expect(reading[.timeToEmpty] == 17_820)
    #expect(reading[.power] == -613_000 && reading.alarms == state.alarms)
    #expect(reading[.energyCharged] == 49_000_000 && reading[.energyDischarged] == 46_000_000)
    #expect(reading.identity.model?.string == "SmartShunt 500A/50mV")
    #expect(reading.identity.firmware?.string == "4.19")
  }

  @Test func aDiscoverSaysWhatItsStateSays() {
    var state = UnitState.sample()
    state.alarms = .of(.packOvervoltage, .chargeUndertemperature)
    state.isChargeOn = false
    var talk = FaceTalk(DiscoverFace(), .discoverCAN(.init()), state)
    talk.run(10_500)
    #expect(talk.faults.isEmpty && talk.live.count == 11)
    let reading = talk.snapshot.reading
    check(reading, rounded(state, to: 100), [.voltage, .current, .remaining, .nominal, .soc, .soh])
    #expect(reading.temperatures.count == 1 && reading.temperatures[0] == .degrees(21))
    #expect(reading[.chargeVoltageLimit] == 52_500 && reading[.dischargeVoltageLimit] == 40_500)
    #expect(reading[.chargeCurrentLimit] == 0 && reading[.dischargeCurrentLimit] == 100_000)
    #expect(reading.alarms == state.alarms && reading.warnings.isEmpty)
    #expect(reading.identity.model?.string == "Discover AES")
    #expect(reading.identity.manufacturer?.string == "DISCOVER")
    #expect(reading.identity.firmware?.string == "2.0.0.0")
  }

  /// Other numbers on the same line are not for this battery.
  @Test func aFaceAnswersToItsOwnNumberAlone() {
    var options = DialectOptions()
    options.address = 5
    var other = FaceTalk(PylontechFace(address: 4), .pylontechRS485(options), .sample())
    other.run(5000)
    #expect(other.readings.isEmpty && !other.faults.isEmpty)
    var own = FaceTalk(PylontechFace(address: 5), .pylontechRS485(options), .sample())
    own.run(5000)
    #expect(own.live.count >= 8 && own.faults.isEmpty)
  }
}
