// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

// Registers 0 to 55: the live values (Rev D, register map).

extension TinyBMS {
  /// Where the cells stand among registers 0 to 15.
  struct CellPlaces: BitwiseCopyable {
    /// Bit `n` is set when register `n` is a cell.
    var mask: UInt16 = 0
    /// How many cells there are.
    var count: Int { mask.nonzeroBitCount }
    /// The register of the first cell.
    var first: Int { mask.trailingZeroBitCount }
  }

  /// Takes the live values over that `block` holds, once they are believable.
  static func placeLive(
    _ block: Block, _ facts: inout Facts, _ reading: inout Reading
  ) throws(WireError) {
    let cells = try places(block)
    try checkLive(block)
    placeCells(block, cells, &facts, &reading)
    reading.set(.voltage, block.float(36).flatMap { Voltage.volts($0) })
    reading.set(.current, block.float(38).flatMap { Current.amperes($0) })
    reading.set(.cellMin, block[40].map { CellVoltage.millivolts($0) })
    reading.set(.cellMax, block[41].map { CellVoltage.millivolts($0) })
    for register: UInt16 in [48, 42, 43] {
      guard let raw = block.signed(register) else { continue }
      reading.temperatures.append(raw == .min ? nil : .decidegrees(raw))
    }
    reading.set(.soc, block.double(46).map { Percent.micropercent($0) })
    // Reserved before revision C of the map, where it reads 0.
    if let raw = block[45] {
      let soh = (1...50_000).contains(raw) ? Percent.doubleMillipercent(raw) : nil
      reading.set(.soh, soh)
      facts[.soh] = soh.map { Int64($0.raw) }
    }
    if let seconds = block.double(32) { facts[.lifetime] = Int64(seconds) }
    if let status = block[50] {
      reading[.status] = Int64(status)
      learn(status: status, &facts)
      tellAlarms(facts, &reading)
    }
  }

  private static func placeCells(
    _ block: Block, _ cells: CellPlaces, _ facts: inout Facts, _ reading: inout Reading
  ) {
    let balancing = block[52]
    if let balancing {
      reading.cells.reportsBalancing = true
      reading[.balancing] = balancing == 0 ? 0 : 1
    }
    if let count = block[53] {
      reading[.cellCount] = Int64(count)
    } else if block.has(0, through: 15), cells.count > 0 {
      reading[.cellCount] = Int64(cells.count)
    }
    guard cells.count > 0 else {
      // Bit and register have the same number; the list begins with the first cell there is.
      let first = facts[.firstCell] ?? 0
      if let balancing { reading.cells.balancing = UInt64(balancing) >> UInt64(first) }
      return
    }
    if block.has(0, through: 15) { facts[.firstCell] = Int64(cells.first) }
    var place: UInt64 = 0
    for register in 0..<UInt16(maximumCells) where cells.mask >> register & 1 == 1 {
      reading.cells.append(.decimillivolts(block[register] ?? 0))
      if let balancing, balancing >> register & 1 == 1 { reading.cells.balancing |= 1 << place }
      place += 1
    }
  }

  /// Which of registers 0 to 15 are cells.
  ///
  /// On a pack of fewer than 16 the low registers read 0 and the cells stand at the top. A 0
  /// further up is a cell only when the unit counts it among the cells it has detected.
  private static func places(_ block: Block) throws(WireError) -> CellPlaces {
    var places = CellPlaces()
    for register in 0..<UInt16(maximumCells) {
      if let word = block[register], word != 0 { places.mask |= 1 << register }
    }
    guard let count = block[53] else { return places }
    guard count >= 4, count <= maximumCells else {
      throw .implausible("it counts fewer than 4 or more than 16 cells")
    }
    guard block.has(0, through: 15), places.count != Int(count) else { return places }
    let top = UInt16.max << (UInt16(maximumCells) - count)
    guard places.mask & ~top == 0 else {
      throw .implausible("it counts another number of cells than it gives voltages for")
    }
    places.mask = top
    return places
  }
}
