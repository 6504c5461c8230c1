// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// What a battery of any kind can be, far outside every working range.
///
/// A map that somebody wrote by hand may have a wrong address or scale, and a checksum tells nothing of
/// that: what comes out must be a battery, and must agree with itself.
enum ModbusBounds {
  /// A cell, 0.1 mV steps.
  static let cell: ClosedRange<Int64> = 3000...55_000
  /// The highest pack, mV.
  static let pack: ClosedRange<Int64> = 0...1_500_000
  /// The highest current either way, mA.
  static let current: Int64 = 2_000_000
  /// Sensors, 0.01 °C.
  static let temperature: ClosedRange<Int64> = -6000...15_000
  /// A state of charge, 0.000001 %: a counter may run a little over.
  static let soc: ClosedRange<Int64> = 0...110_000_000
  /// Any other share.
  static let share: ClosedRange<Int64> = 0...200_000_000
  /// How far the pack may lie from the sum of its cells, in parts of a hundred and mV.
  static let sum: (percent: Int64, millivolts: Int64) = (5, 500)

  static func checkCell(_ steps: Int64) throws(WireError) {
    guard cell.contains(steps) else { throw .implausible("a cell lies outside 0.3 to 5.5 V") }
  }

  static func checkTemperature(_ steps: Int64) throws(WireError) {
    guard temperature.contains(steps) else {
      throw .implausible("a temperature lies outside -60 to 150 °C")
    }
  }

  /// Whether a value of a point can be that of a battery.
  static func check(_ steps: Int64, _ point: Point) throws(WireError) {
    switch point.kind {
    case .cellVoltage where point == .cellDelta:
      guard (0...cell.upperBound).contains(steps) else {
        throw .implausible("the spread of the cells is none")
      }
    case .cellVoltage: try checkCell(steps)
    case .voltage:
      guard pack.contains(steps) else {
        throw .implausible("a voltage lies outside 0 to 1500 V")
      }
    case .current:
      guard steps.magnitude <= UInt64(current) else {
        throw .implausible("a current is above 2000 A")
      }
    case .temperature: try checkTemperature(steps)
    case .percent:
      guard (point == .soc ? soc : share).contains(steps) else {
        throw .implausible("a share lies outside 0 to 100 %")
      }
    case .charge, .energy, .count, .cycles, .seconds, .flag:
      guard steps >= 0 else { throw .implausible("a count is below zero") }
    case .power: break
    }
  }

  /// Whether a value can be a cutoff of a battery.
  static func check(_ steps: Int64, _ cutoff: ModbusMap.Cutoff) throws(WireError) {
    switch cutoff.kind {
    case .cellVoltage: try checkCell(steps)
    case .temperature: try checkTemperature(steps)
    default:
      guard steps.magnitude <= UInt64(current) else {
        throw .implausible("a current is above 2000 A")
      }
    }
  }

  /// Whether the values of one whole poll agree with each other.
  static func checkWhole(_ reading: Reading) throws(WireError) {
    let count = Int64(reading.cells.count)
    guard count > 0 else { return }
    if let told = reading[.cellCount], told != count {
      throw .implausible("the battery tells another number of cells than there are")
    }
    if let voltage = reading.voltage {
      let cells = Int64(reading.cells.sum.raw)
      let allowed = cells / 100 * sum.percent + sum.millivolts
      guard (Int64(voltage.raw) - cells).magnitude <= UInt64(allowed) else {
        throw .implausible("the pack voltage is not the sum of the cells")
      }
    }
    if let lowest = reading.cellMin, let highest = reading.cellMax, lowest > highest {
      throw .implausible("the lowest cell is above the highest")
    }
  }
}
