// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// The registers of the language that is asked at 0x80 and the board's number.
enum Daly81 {
  /// The address of a board, counted from 1.
  static func address(of board: UInt8) -> UInt8 { 0x80 + board }

  /// Takes an answer over, beside what other answers of the same poll said.
  static func read(
    _ frame: borrowing Span<UInt8>, _ request: Request?, _ reading: inout Reading, inverts: Bool
  ) throws(WireError) {
    let block = try DalyModbus.block(frame, request)
    var new = reading
    try place(block, &new, inverts: inverts)
    guard new.saysAnything else { throw .notAReading }
    reading = new
  }

  /// Takes the values of registers over.
  static func place(
    _ block: DalyBlock, _ reading: inout Reading, inverts: Bool
  ) throws(WireError) {
    try placeCells(block, &reading)
    if let raw = block[0x38] { reading.set(.voltage, Voltage.decivolts(raw)) }
    if let raw = block[0x39] {
      reading.set(.current, Daly.current(raw, risesWhenCharging: !inverts))
    }
    if let raw = block[0x3A] {
      guard raw <= 1000 else { throw .implausible("the state of charge is above 100 %") }
      reading.set(.soc, Daly.share(raw))
    }
    if let raw = block[0x3E] { reading.set(.cellMax, CellVoltage.millivolts(raw)) }
    if let raw = block[0x3F] { reading[.cellMaxNumber] = Int64(raw) }
    if let raw = block[0x40] { reading.set(.cellMin, CellVoltage.millivolts(raw)) }
    if let raw = block[0x41] { reading[.cellMinNumber] = Int64(raw) }
    if let raw = block[0x42] { reading.set(.cellDelta, CellVoltage.millivolts(raw)) }
    if let raw = block[0x43] { reading.set(.temperatureMax, sensor(raw)) }
    if let raw = block[0x45] { reading.set(.temperatureMin, sensor(raw)) }
    if let raw = block[0x48] { reading[.status] = Int64(raw) }
    if let raw = block[0x4B] { reading.set(.remaining, Charge.centiampereHours(Int(raw) * 10)) }
    if let raw = block[0x4C] { reading[.cycles] = Int64(raw) }
    if let raw = block[0x52] { reading[.chargeEnabled] = raw == 1 ? 1 : 0 }
    if let raw = block[0x53] { reading[.dischargeEnabled] = raw == 1 ? 1 : 0 }
    if let raw = block[0x57] { reading.set(.cellAverage, CellVoltage.millivolts(raw)) }
    if let raw = block[0x5A] { reading.set(.mosfetTemperature, sensor(raw)) }
    placeBalancing(block, &reading)
    placeFaults(block, &reading)
    placeSetup(block, &reading)
  }

  /// A sensor that may not be there.
  static func sensor(_ raw: UInt16) -> Temperature? {
    raw & 0xFF == 0xFF ? nil : Daly.temperature(raw)
  }

  private static func placeCells(
    _ block: DalyBlock, _ reading: inout Reading
  ) throws(WireError) {
    guard let cells = block[0x3C], let sensors = block[0x3D] else { return }
    guard (1...48).contains(cells) else { throw .implausible("its number of cells cannot be") }
    guard sensors <= 8 else { throw .implausible("its number of sensors cannot be") }
    reading[.cellCount] = Int64(cells)
    reading.cells = Cells()
    reading.temperatures = Temperatures()
    for index in 0..<cells {
      guard let raw = block[index] else { return }
      guard raw <= 5500 else { throw .implausible("a cell has more than 5.5 V") }
      reading.cells.append(.millivolts(raw))
    }
    for index in 0..<sensors {
      guard let raw = block[0x30 + index] else { return }
      reading.temperatures.append(sensor(raw))
    }
  }

  private static func placeBalancing(_ block: DalyBlock, _ reading: inout Reading) {
    guard block.has(0x4D, through: 0x51) else { return }
    var bits: UInt64 = 0
    for index in 0..<3 { bits |= UInt64(block[0x4F + UInt16(index)] ?? 0) << (16 * UInt64(index)) }
    if let count = reading[.cellCount], count < 64 { bits &= (1 << UInt64(count)) - 1 }
    reading.cells.balancing = bits
    reading.cells.reportsBalancing = true
    reading[.balancing] = bits == 0 ? 0 : 1
  }

  /// Ratings, limits and texts.
  private static func placeSetup(_ block: DalyBlock, _ reading: inout Reading) {
    if let raw = block.double(0x109) { reading.set(.nominal, Charge(raw: Int64(raw))) }
    if let raw = block.double(0x10B) { reading.set(.full, Charge(raw: Int64(raw))) }
    if let raw = block[0x131] { reading.cutoffs.cellOvervoltage = .millivolts(raw) }
    if let raw = block[0x135] { reading.cutoffs.cellUndervoltage = .millivolts(raw) }
    if let raw = block[0x141] { reading.cutoffs.dischargeOvercurrent = limit(raw) }
    if let raw = block[0x146] { reading.cutoffs.chargeOvercurrent = limit(raw) }
    if let charge = block[0x14B], let discharge = block[0x153] {
      reading.cutoffs.overtemperature = Daly.temperature(min(charge, discharge))
    }
    if let raw = block[0x14F] { reading.cutoffs.chargeUndertemperature = Daly.temperature(raw) }
    reading.identity.firmware = label(block, 0x178) ?? reading.identity.firmware
    reading.identity.model = label(block, 0x17F) ?? reading.identity.model
    reading.identity.serial = label(block, 0x18D) ?? reading.identity.serial
  }

  private static func label(_ block: DalyBlock, _ register: UInt16) -> Label? {
    guard let text = block.text(register, bytes: 14), !text.isEmpty else { return nil }
    return Label(text.utf8)
  }

  private static func limit(_ raw: UInt16) -> Current? {
    raw == 30_000 || raw == 0xFFFF
      ? nil : Current.deciamperes(Int(raw) - 30_000).magnitude
  }
}
