// SPDX-License-Identifier: Apache-2.0

import Quantities
import Wire

// A checksum of 16 bits passes one in 65,536 random corruptions; what passes must still be a
// battery, and must agree with itself.

extension TinyBMS {
  /// Bounds of what a pack of 4 to 16 cells behind this unit can be, far outside its working range.
  enum Bounds {
    /// The highest cell, 0.1 mV steps: 5 V.
    static let cell: UInt16 = 50_000
    /// The highest pack, mV: 16 cells of 5 V.
    static let pack: Int32 = 80_000
    /// The highest current either way, mA; the largest setting is 750 A.
    static let current: Int32 = 2_000_000
    /// Sensors, 0.1 °C.
    static let temperature: ClosedRange<Int16> = -600...1500
    /// State of charge, 0.000001 %; a coulomb counter may run a little over.
    static let soc: UInt32 = 110_000_000
    /// Numbers of register 50.
    static let status: ClosedRange<UInt16> = 0x90...0x9F
    /// How far the lowest and the highest cell may lie from the cells themselves, 0.1 mV: they may
    /// be one measurement apart.
    static let extremes: Int32 = 1000
    /// How far the pack voltage may lie from the sum of the cells, in parts of a hundred and mV.
    static let sum: (percent: Int32, millivolts: Int32) = (5, 500)
  }

  /// Whether live values can be those of a battery.
  static func checkLive(_ block: Block, _ cells: CellPlaces) throws(WireError) {
    var lowest = UInt16.max
    var highest: UInt16 = 0
    var sum: Int32 = 0
    for register in 0..<UInt16(maximumCells) where cells.mask >> register & 1 == 1 {
      let cell = block[register] ?? 0
      guard cell <= Bounds.cell else { throw .implausible("a cell is above 5 V") }
      lowest = min(lowest, cell)
      highest = max(highest, cell)
      sum += Int32(cell)
    }
    let hasAll = cells.count > 0 && block.has(0, through: 15)
    try checkExtremes(block, hasAll ? (Int32(lowest), Int32(highest)) : nil)
    if let bits = block.float(36) {
      guard let volts = Voltage.volts(bits), volts.raw >= 0, volts.raw <= Bounds.pack else {
        throw .implausible("the pack voltage is no voltage of 4 to 16 cells")
      }
      let allowed = sum / 1000 * Bounds.sum.percent + Bounds.sum.millivolts
      if hasAll, (volts.raw - sum / 10).magnitude > allowed {
        throw .implausible("the pack voltage is not the sum of the cells")
      }
    }
    if let bits = block.float(38) {
      guard let amperes = Current.amperes(bits), amperes.raw.magnitude <= Bounds.current else {
        throw .implausible("the current is above 2000 A")
      }
    }
    for register: UInt16 in [42, 43, 48] {
      guard let raw = block.signed(register), raw != .min else { continue }
      guard Bounds.temperature.contains(raw) else {
        throw .implausible("a temperature lies outside -60 to 150 °C")
      }
    }
    if let soc = block.double(46), soc > Bounds.soc {
      throw .implausible("the state of charge is above 110 %")
    }
    if let status = block[50], !Bounds.status.contains(status) {
      throw .implausible("the status is none that a unit has")
    }
  }

  private static func checkExtremes(
    _ block: Block, _ cells: (lowest: Int32, highest: Int32)?
  ) throws(WireError) {
    let limit = Int32(Bounds.cell)
    let low = block[40].map { Int32($0) * 10 }
    let high = block[41].map { Int32($0) * 10 }
    if let low, low > limit { throw .implausible("the lowest cell is above 5 V") }
    if let high, high > limit { throw .implausible("the highest cell is above 5 V") }
    if let low, let high, low > high {
      throw .implausible("the lowest cell is above the highest")
    }
    guard let cells else { return }
    if let low, (low - cells.lowest).magnitude > Bounds.extremes {
      throw .implausible("the lowest cell is not among the cells")
    }
    if let high, (high - cells.highest).magnitude > Bounds.extremes {
      throw .implausible("the highest cell is not among the cells")
    }
  }
}
