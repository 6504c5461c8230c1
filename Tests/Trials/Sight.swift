// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Quantities

/// What a reading says, and what follows from it by the document alone.
struct Sight {
  let bounds: Bounds
  /// The lowest and the highest cell, V.
  let low, high: Double
  let soc: Double?
  /// The coldest and the hottest sensor that count, °C.
  private(set) var temperatures: (coldest: Double, hottest: Double)?
  let switches: Double?
  /// What all cells together are above the target, V.
  let above: Double
  let reportedVoltage: Double?
  /// Whether the list of cells and their number do not agree.
  let isMiscounted: Bool
  /// The most that the curves permit, A.
  private(set) var mostCharge: Double
  private(set) var mostDischarge: Double
  /// Whether something must stop it now; whether something may, hysteresis included.
  private(set) var mustStopCharge = false
  private(set) var mayStopCharge = false
  private(set) var mustStopDischarge = false
  private(set) var mayStopDischarge = false

  init(_ scene: Scene, _ snapshot: Snapshot, _ settings: ChargeSettings) {
    let reading = scene.reading
    let bounds = Bounds(settings, reading)
    self.bounds = bounds
    var cells: [Double] = []
    for index in 0..<reading.cells.count { cells.append(Double(reading.cells[index].raw) / 10_000) }
    if cells.isEmpty {
      cells = [reading.cellMin, reading.cellMax].compactMap { $0.map { Double($0.raw) / 10_000 } }
      above = max(0, (cells.max() ?? 0) - bounds.target)
    } else {
      above = cells.reduce(0) { $0 + max(0, $1 - bounds.target) }
    }
    low = cells.min() ?? 0
    high = cells.max() ?? 0
    isMiscounted = reading.cells.count > 0 && Int64(reading.cells.count) != reading[.cellCount]
    reportedVoltage = reading[.chargeVoltageLimit].map { Double($0) / 1000 }
    func recent(_ point: Point) -> Double? {
      guard let sample = snapshot[point] else { return nil }
      return scene.second * 1000 - sample.at.milliseconds <= 60_000 ? Double(sample.value) : nil
    }
    soc = recent(.soc).map { $0 / 1e6 }
    switches = recent(.mosfetTemperature).map { $0 / 100 }
    let cold = recent(.temperatureMin) ?? recent(.temperatureMax)
    let hot = recent(.temperatureMax) ?? recent(.temperatureMin)
    if let cold, let hot {
      temperatures = (cold / 100, hot / 100)
    } else if let switches {
      temperatures = (switches, switches)
    }
    mostCharge = bounds.charge
    mostDischarge = bounds.discharge
    narrow(settings)
    stop(reading, recent)
  }

  private mutating func narrow(_ settings: ChargeSettings) {
    typealias Curves = Bounds.Curves
    var (charge, discharge) = (1.0, 1.0)
    let cell: (Double, Double) =
      switch settings.highestAbsorption.raw {
      case 36_500:
        (Bounds.share(Curves.chargeLFP, at: high), Bounds.share(Curves.dischargeLFP, at: low))
      case 28_500:
        (Bounds.share(Curves.chargeLTO, at: high), Bounds.share(Curves.dischargeLTO, at: low))
      default: ownersCurves(settings)
      }
    charge = min(charge, cell.0)
    discharge = min(discharge, cell.1)
    if let (coldest, hottest) = temperatures {
      for celsius in [coldest, hottest] {
        charge = min(charge, Bounds.share(Curves.chargeTemperature, at: celsius))
        discharge = min(discharge, Bounds.share(Curves.dischargeTemperature, at: celsius))
      }
    } else {
      charge = min(charge, 0.25)
    }
    if let switches {
      charge = min(charge, Bounds.share(Curves.switches, at: switches))
      discharge = min(discharge, Bounds.share(Curves.switches, at: switches))
    }
    mostCharge = max(bounds.charge * charge, min(bounds.charge, 1))
    mostDischarge = max(bounds.discharge * discharge, min(bounds.discharge, 1))
  }

  /// Curves of a chemistry for which nobody gives any: from float to ceiling and from floor to release.
  private func ownersCurves(_ settings: ChargeSettings) -> (Double, Double) {
    func volts(_ voltage: CellVoltage?) -> Double { Double((voltage ?? .zero).raw) / 10_000 }
    let (float, ceiling) = (volts(settings.float), volts(settings.cellCeiling))
    let (floor, release) = (volts(settings.cellFloor), volts(settings.sustainRelease))
    return (
      Bounds.share(Bounds.Curves.shape, at: (high - float) / (ceiling - float)),
      Bounds.share(Bounds.Curves.shape, at: (release - low) / (release - floor))
    )
  }

  private mutating func stop(_ reading: Reading, _ recent: (Point) -> Double?) {
    var (mustCharge, mayCharge) = (false, false)
    var (mustDischarge, mayDischarge) = (false, false)
    if !reading.alarms.isDisjoint(with: Self.stopsCharge) || recent(.chargeEnabled) == 0 {
      mustCharge = true
    }
    if !reading.alarms.isDisjoint(with: Self.stopsDischarge) || recent(.dischargeEnabled) == 0 {
      mustDischarge = true
    }
    if high >= bounds.ceiling || bounds.isContradiction { mustCharge = true }
    if high > bounds.ceiling - 0.03 { mayCharge = true }
    if let reportedVoltage, reportedVoltage < bounds.n * bounds.lowest - 0.001 { mustCharge = true }
    if low <= bounds.floor + 0.1 || low <= bounds.sustainRelease { mayDischarge = true }
    if let (coldest, hottest) = temperatures {
      let coldTrip = reading.cutoffs.chargeUndertemperature.map { Double($0.raw) / 100 + 1 } ?? -100
      let hotTrip = reading.cutoffs.overtemperature.map { Double($0.raw) / 100 - 1 } ?? 200
      if coldest <= max(0, coldTrip - 0.001) || hottest >= min(55, hotTrip + 0.001) {
        mustCharge = true
      }
      if coldest <= max(0, coldTrip) + 3 || hottest >= min(55, hotTrip) - 3 { mayCharge = true }
      if coldest <= -10 || hottest >= 55 { mustDischarge = true }
      if coldest <= -7 || hottest >= 52 { mayDischarge = true }
    } else {
      // A pack that was too cold and lost its sensor stays stopped.
      mayCharge = true
      mayDischarge = true
    }
    if let switches {
      if switches >= 90 { (mustCharge, mustDischarge) = (true, true) }
      if switches >= 87 { (mayCharge, mayDischarge) = (true, true) }
    }
    mustStopCharge = mustCharge
    mayStopCharge = mayCharge || mustCharge
    mustStopDischarge = mustDischarge
    mayStopDischarge = mayDischarge || mustDischarge
  }

  /// By the list of the document, and only those that a trial can raise.
  private static let stopsCharge = AlarmSet.of(
    .cellOvervoltage, .packOvervoltage, .chargeOvercurrent, .shortCircuit, .mosfetOvertemperature,
    .temperatureSensorFault, .internalFault)
  private static let stopsDischarge = AlarmSet.of(
    .cellUndervoltage, .packUndervoltage, .shortCircuit, .mosfetOvertemperature, .internalFault)
}
