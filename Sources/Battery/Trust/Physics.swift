// SPDX-License-Identifier: Apache-2.0

public import Quantities

/// What any battery can be, whatever its maker: bounds far outside of where it works.
///
/// One reading is judged by itself here; how fast things change is judged by `Gate`.
public enum Physics {
  /// A cell, in steps of 0.1 mV: 0.3 to 5.5 V.
  ///
  /// Below, a sense wire is off or the cell is dead.
  public static let cell: ClosedRange<Int64> = 3000...55_000
  /// A sensor, in steps of 0.01 °C: -60 to 150 °C.
  public static let temperature: ClosedRange<Int64> = -6000...15_000
  /// How far the named extremes may lie from the list of cells, in steps of 0.1 mV: they may be a
  /// measurement apart.
  static let extremes: Int64 = 1000
  /// How far the pack voltage may lie from the sum of its cells: 5 % of it and 0.5 V.
  static let sum: (percent: Int64, millivolts: Int64) = (5, 500)

  /// What is impossible in a reading; `nil` when a battery can be like this.
  public static func objection(to reading: Reading, emptyCell: CellVoltage? = nil) -> Objection? {
    for point in Point.allCases {
      guard let value = reading[point], let range = range(of: point), !range.contains(value)
      else { continue }
      return Objection(.range, complaint(point))
    }
    for index in 0..<reading.cells.count {
      let voltage = reading.cells[index]
      guard voltage != emptyCell, !cell.contains(Int64(voltage.raw)) else { continue }
      return Objection(.range, "a cell lies outside 0.3 to 5.5 V")
    }
    for index in 0..<reading.temperatures.count {
      guard let sensor = reading.temperatures[index] else { continue }
      guard temperature.contains(Int64(sensor.raw)) else {
        return Objection(.range, "a temperature lies outside -60 to 150 °C")
      }
    }
    return contradiction(in: reading, emptyCell: emptyCell)
  }

  /// The values of a point that a battery can have; `nil` where each is possible.
  static func range(of point: Point) -> ClosedRange<Int64>? {
    switch point {
    case .cellDelta: return 0...cell.upperBound
    case .cellCount: return 1...Int64(Cells.capacity)
    case .cellMinNumber, .cellMaxNumber: return 0...Int64(Cells.capacity)
    case .socDrift: return nil
    default: break
    }
    return switch point.kind {
    case .cellVoltage: cell
    case .voltage: 0...1_000_000
    case .current: -2_000_000...2_000_000
    case .power: -2_000_000_000...2_000_000_000
    case .temperature: temperature
    case .percent: 0...110_000_000
    case .charge: 0...100_000_000
    case .energy: 0...Int64.max
    case .flag: 0...1
    case .count, .cycles, .seconds: nil
    }
  }

  private static func complaint(_ point: Point) -> StaticString {
    switch point.kind {
    case .cellVoltage: "a cell lies outside 0.3 to 5.5 V"
    case .voltage: "a voltage lies outside 0 to 1000 V"
    case .current: "a current is above 2000 A"
    case .power: "the power is above 2 MW"
    case .temperature: "a temperature lies outside -60 to 150 °C"
    case .percent: "a share lies outside 0 to 110 %"
    case .charge: "a charge lies outside 0 to 100,000 Ah"
    case .count: "its number of cells cannot be"
    case .energy, .flag, .cycles, .seconds: "a number cannot be"
    }
  }

  private static func contradiction(in reading: Reading, emptyCell: CellVoltage?) -> Objection? {
    if let low = reading[.cellMin], let high = reading[.cellMax], low > high {
      return Objection(.sum, "the lowest cell is above the highest")
    }
    guard let (lowest, highest) = reading.cells.extremes else { return nil }
    let low = reading.cells[lowest]
    if let named = reading[.cellMin], low != emptyCell,
      (named - Int64(low.raw)).magnitude > extremes
    {
      return Objection(.sum, "the lowest cell is not among the cells")
    }
    if let named = reading[.cellMax],
      (named - Int64(reading.cells[highest].raw)).magnitude > extremes
    {
      return Objection(.sum, "the highest cell is not among the cells")
    }
    guard let voltage = reading[.voltage] else { return nil }
    let total = Int64(reading.cells.sum.raw)
    let allowed = total * sum.percent / 100 + sum.millivolts
    guard (voltage - total).magnitude > allowed else { return nil }
    return Objection(.sum, "the pack voltage is not the sum of the cells")
  }
}
