// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Quantities
import Simulation

/// A plain battery management system: it measures, protects, bleeds, counts, and tells of it.
struct ShownBattery {
  /// What it tells, and when it protects.
  struct Design: Sendable {
    var cutoffs = Cutoffs()
    /// Whether cells are told one by one, or only the lowest and the highest.
    var listsCells = true
    var tellsSOC = true
    var tellsSwitches = false
    /// Whether it tells limits of its own.
    var tellsLimits = false
    /// Sensors on the cells, 0 to 2.
    var sensors = 2
    /// By how much its count of the charge is wrong at the start.
    var socError = 0.0
    /// Above this a cell is bled when it is ahead of the lowest, V.
    var bleedAbove = 3.38
    /// Milliseconds from one reading to the next.
    var period: Int64 = 250
  }

  let design: Design
  /// What it reports as protections that act.
  private(set) var alarms: AlarmSet = []
  private(set) var isChargeOn = true
  private(set) var isDischargeOn = true
  private var soc: Double
  private let capacity: Double
  private let full: Double
  private var trippedUntil: Int64 = 0
  private var random: SeededRandom

  init(_ design: TrialDesign) {
    self.design = design.bms
    soc = min(1, max(0, design.pack.soc + design.bms.socError))
    capacity = design.pack.cell.capacity
    full = Double((design.settings.absorption ?? .zero).raw) / 10_000
    random = SeededRandom(seed: design.seed ^ 0x424D_53)
  }

  /// What it shows of the pack now; protections, switches and bleeding follow from the same.
  mutating func show(
    _ pack: inout SimulatedPack, _ troubles: [Trouble.Kind], at second: Int64, step: Double
  ) -> Reading {
    var senses = pack.sense()
    var cells = Cells()
    for index in 0..<senses.cells.count {
      var tenths = Double(senses.cells[index].raw)
      for trouble in troubles {
        switch trouble {
        case .noise(let volts): tenths += (2 * random.unit() - 1) * volts * 10_000
        case .offset(let cell, let volts) where cell == index: tenths += volts * 10_000
        default: break
        }
      }
      cells.append(CellVoltage(clamping: Int64(max(0, min(65_535, tenths)))))
    }
    senses.cells = cells
    count(pack.current, cells, step)
    bleed(&pack, cells)
    protect(senses, troubles, at: second)
    return reading(senses, pack, troubles)
  }

  private mutating func count(_ current: Double, _ cells: Cells, _ step: Double) {
    soc = min(1, max(0, soc + current * step / 3600 / capacity * 1.002))
    guard let place = cells.extremes else { return }
    let lowest = Double(cells[place.lowest].raw) / 10_000
    if lowest >= full - 0.015, current.magnitude < capacity * 0.05 { soc = 1 }
  }

  private func bleed(_ pack: inout SimulatedPack, _ cells: Cells) {
    pack.balancing = 0
    guard let place = cells.extremes else { return }
    let floor = max(design.bleedAbove, Double(cells[place.lowest].raw) / 10_000 + 0.008)
    for index in 0..<cells.count where Double(cells[index].raw) / 10_000 > floor {
      pack.balancing |= 1 << UInt64(index)
    }
  }

  private mutating func protect(_ senses: Senses, _ troubles: [Trouble.Kind], at second: Int64) {
    let cutoffs = design.cutoffs
    guard let place = senses.cells.extremes else { return }
    let (low, high) = (senses.cells[place.lowest], senses.cells[place.highest])
    func follow(_ alarm: Alarm, _ isBad: Bool, _ isGood: Bool) {
      if isBad { alarms.insert(AlarmSet(alarm)) } else if isGood { alarms.remove(AlarmSet(alarm)) }
    }
    if let trip = cutoffs.cellOvervoltage {
      follow(.cellOvervoltage, high > trip, high < trip - .millivolts(100))
    }
    if let trip = cutoffs.cellUndervoltage {
      follow(.cellUndervoltage, low < trip, low > trip + .millivolts(150))
    }
    let amperes = Double(senses.current.raw) / 1000
    if let trip = cutoffs.chargeOvercurrent, amperes > Double(trip.raw) / 1000 {
      trippedUntil = second + 30
    }
    follow(.chargeOvercurrent, second < trippedUntil, second >= trippedUntil)
    alarms.subtract(Self.byTrouble)
    for case .protection(let alarm) in troubles { alarms.insert(AlarmSet(alarm)) }
    isChargeOn = !alarms.has(.cellOvervoltage) && !alarms.has(.chargeOvercurrent)
    isDischargeOn = !alarms.has(.cellUndervoltage)
    for trouble in troubles {
      switch trouble {
      case .chargeSwitch: isChargeOn = false
      case .dischargeSwitch: isDischargeOn = false
      default: break
      }
    }
  }

  /// The protections that a trouble may put up.
  static let byTrouble = AlarmSet.of(
    .internalFault, .temperatureSensorFault, .shortCircuit, .mosfetOvertemperature,
    .packUndervoltage,
    .packOvervoltage)

  private func reading(
    _ senses: Senses, _ pack: SimulatedPack, _ troubles: [Trouble.Kind]
  ) -> Reading {
    var reading = Reading()
    let cells = senses.cells
    let hides = troubles.contains { if case .miscounted = $0 { true } else { false } }
    if design.listsCells {
      for index in 0..<(cells.count - (hides ? 1 : 0)) { reading.cells.append(cells[index]) }
    } else if let place = cells.extremes {
      reading.set(.cellMin, cells[place.lowest])
      reading.set(.cellMax, cells[place.highest])
      reading[.cellMinNumber] = Int64(place.lowest + 1)
      reading[.cellMaxNumber] = Int64(place.highest + 1)
    }
    reading[.cellCount] = Int64(pack.cells.count)
    reading.set(.voltage, cells.sum)
    reading.set(.current, senses.current)
    if design.tellsSOC { reading.set(.soc, Percent(clamping: Int64(soc * 100_000_000))) }
    reading.set(.nominal, Charge(clamping: Int64(capacity * 1000)))
    tellTemperatures(&reading, senses, troubles)
    reading[.chargeEnabled] = isChargeOn ? 1 : 0
    reading[.dischargeEnabled] = isDischargeOn ? 1 : 0
    reading.reportsAlarms = true
    reading.alarms = alarms
    reading.cutoffs = design.cutoffs
    return reading
  }

  private func tellTemperatures(
    _ reading: inout Reading, _ senses: Senses, _ troubles: [Trouble.Kind]
  ) {
    if design.tellsSwitches { reading.set(.mosfetTemperature, senses.inside) }
    var more = 0.0
    for trouble in troubles {
      if case .noTemperature = trouble { return }
      if case .hot(let celsius) = trouble { more = celsius }
    }
    for (index, sensor) in [senses.outside.0, senses.outside.1].enumerated()
    where index < design.sensors {
      guard let sensor else { continue }
      let hotter = index == 0 ? Temperature(clamping: Int64(more * 100)) : .zero
      reading.temperatures.append(sensor + hotter)
    }
  }
}
