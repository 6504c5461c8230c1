// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

/// What a snapshot says that the control decides by; what is too old or was never told is `nil`.
struct Evidence {
  /// One cell: its number, counted from 1 or 0 where it is not told, and its voltage.
  struct Cell {
    var number: Int
    var voltage: CellVoltage
  }

  /// Cells in series.
  let count: Int
  /// The cells one by one; empty where the battery tells extremes alone.
  let cells: Cells
  let highest: Cell
  let lowest: Cell
  /// The mean cell, or a cell's share of the pack voltage where cells are not told one by one.
  let average: CellVoltage?
  let current: Current?
  let soc: Percent?
  /// The capacity by which the tail current is reckoned.
  let capacity: Charge?
  /// The coldest and the hottest sensor, or the switches where the pack has no other sensor.
  let coldest: Temperature?
  let hottest: Temperature?
  let switches: Temperature?
  let chargeSwitch: Bool?
  let dischargeSwitch: Bool?
  let protections: AlarmSet
  let cutoffs: Cutoffs
  /// Limits that the battery itself reports.
  let chargeVoltageLimit: Voltage?
  let chargeCurrentLimit: Current?
  let dischargeCurrentLimit: Current?

  /// Highest cell less lowest cell.
  var spread: CellVoltage { highest.voltage - lowest.voltage }

  /// What can be read from a snapshot with `count` cells; `nil` when no cell is known.
  init?(_ snapshot: Snapshot, count: Int, settings: ChargeSettings, at now: Tick) {
    let reading = snapshot.reading
    guard let (lowest, highest) = Self.extremes(reading) else { return nil }
    self.count = count
    self.lowest = lowest
    self.highest = highest
    cells = reading.cells

    func recent(_ point: Point) -> Int64? {
      guard let sample = snapshot[point] else { return nil }
      return now - sample.at <= settings.valueAge || now < sample.at ? sample.value : nil
    }
    average =
      reading.cells.average
      ?? recent(.voltage).map { CellVoltage(Voltage(clamping: $0), over: count) }
    current = recent(.current).map { Current(clamping: $0) }
    soc = recent(.soc).map { Percent(clamping: $0) }
    capacity =
      settings.capacity ?? (reading[.full] ?? reading[.nominal]).map { Charge(clamping: $0) }
    switches = recent(.mosfetTemperature).map { Temperature(clamping: $0) }
    let cold = recent(.temperatureMin).map { Temperature(clamping: $0) }
    let hot = recent(.temperatureMax).map { Temperature(clamping: $0) }
    coldest = cold ?? hot ?? switches
    hottest = hot ?? cold ?? switches
    chargeSwitch = recent(.chargeEnabled).map { $0 != 0 }
    dischargeSwitch = recent(.dischargeEnabled).map { $0 != 0 }
    protections = reading.reportsAlarms ? reading.alarms : []
    cutoffs = reading.cutoffs
    chargeVoltageLimit = reading.amount(.chargeVoltageLimit, as: VoltageScale.self)
    chargeCurrentLimit = reading.amount(.chargeCurrentLimit, as: CurrentScale.self)
    dischargeCurrentLimit = reading.amount(.dischargeCurrentLimit, as: CurrentScale.self)
  }

  /// How far all cells together lie above `target`.
  func overshoot(above target: CellVoltage) -> Voltage {
    guard cells.count > 0 else {
      return Self.pack(max(.zero, highest.voltage - target), 1)
    }
    var total: Int64 = 0
    for index in 0..<cells.count {
      total += max(0, Int64(cells[index].raw) - Int64(target.raw))
    }
    return Voltage(clamping: (total + 9) / 10)
  }

  /// The pack voltage of `count` cells at `cell`, rounded down.
  static func pack(_ cell: CellVoltage, _ count: Int) -> Voltage {
    Voltage(clamping: max(0, Int64(cell.raw)) * Int64(count) / 10)
  }

  /// The lowest and the highest cell: of the list and of the extremes that the battery names, whichever
  /// is further out.
  private static func extremes(_ reading: Reading) -> (lowest: Cell, highest: Cell)? {
    var lowest: Cell?
    var highest: Cell?
    if let (low, high) = reading.cells.extremes {
      lowest = Cell(number: low + 1, voltage: reading.cells[low])
      highest = Cell(number: high + 1, voltage: reading.cells[high])
    }
    if let named = reading.cellMin, lowest == nil || named < lowest?.voltage ?? named {
      lowest = Cell(number: number(reading[.cellMinNumber]), voltage: named)
    }
    if let named = reading.cellMax, highest == nil || named > highest?.voltage ?? named {
      highest = Cell(number: number(reading[.cellMaxNumber]), voltage: named)
    }
    guard let lowest, let highest else { return nil }
    return (lowest, highest)
  }

  private static func number(_ value: Int64?) -> Int {
    guard let value, value > 0 else { return 0 }
    return Int(clamping: value)
  }
}
