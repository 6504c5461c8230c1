// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// The registers of the language with the address 0xD2.
enum DalyD2 {
  static let address: UInt8 = 0xD2
  /// Registers of a status that every board answers, and of the longer one that some do.
  static let status: UInt16 = 62
  static let longStatus: UInt16 = 80

  /// Takes an answer over.
  static func read(
    _ frame: borrowing Span<UInt8>, _ request: Request?, _ reading: inout Reading, inverts: Bool
  ) throws(WireError) {
    let block = try DalyModbus.block(frame, request)
    var new = Reading()
    try place(block, &new, inverts: inverts)
    guard new.saysAnything else { throw .notAReading }
    reading = new
  }

  /// Takes the values of registers over.
  static func place(
    _ block: DalyBlock, _ reading: inout Reading, inverts: Bool
  ) throws(WireError) {
    try placeCells(block, &reading)
    if let raw = block[0x28] { reading.set(.voltage, Voltage.decivolts(raw)) }
    if let raw = block[0x29] {
      reading.set(.current, Daly.current(raw, risesWhenCharging: !inverts))
    }
    if let raw = block[0x2A] {
      guard raw <= 1000 else { throw .implausible("the state of charge is above 100 %") }
      reading.set(.soc, Daly.share(raw))
    }
    reading.set(.cellMax, block[0x2B].map { CellVoltage.millivolts($0) })
    reading.set(.cellMin, block[0x2C].map { CellVoltage.millivolts($0) })
    reading.set(.temperatureMax, block[0x2D].map { Daly.temperature($0) })
    reading.set(.temperatureMin, block[0x2E].map { Daly.temperature($0) })
    reading[.status] = block[0x2F].map(Int64.init)
    reading.set(.remaining, block[0x30].map { Charge.centiampereHours(Int($0) * 10) })
    reading[.cycles] = block[0x33].map(Int64.init)
    reading[.balancing] = block[0x34].map { $0 == 0 ? 0 : 1 }
    reading[.chargeEnabled] = block[0x35].map { $0 == 1 ? 1 : 0 }
    reading[.dischargeEnabled] = block[0x36].map { $0 == 1 ? 1 : 0 }
    reading.set(.cellAverage, block[0x37].map { CellVoltage.millivolts($0) })
    reading.set(.cellDelta, block[0x38].map { CellVoltage.millivolts($0) })
    placeFaults(block, &reading)
    reading.set(.mosfetTemperature, block[0x42].flatMap(sensor))
    placeSetup(block, &reading)
  }

  /// A sensor that may not be there.
  static func sensor(_ raw: UInt16) -> Temperature? {
    raw == 0 || raw == 0xFFFF ? nil : Daly.temperature(raw)
  }

  /// Cells and sensors, as many as the board says that there are.
  private static func placeCells(
    _ block: DalyBlock, _ reading: inout Reading
  ) throws(WireError) {
    guard let cells = block[0x31], let sensors = block[0x32] else { return }
    guard (1...32).contains(cells) else { throw .implausible("its number of cells cannot be") }
    guard sensors <= 8 else { throw .implausible("its number of sensors cannot be") }
    reading[.cellCount] = Int64(cells)
    for index in 0..<cells {
      guard let raw = block[index] else { return }
      guard raw <= 5500 else { throw .implausible("a cell has more than 5.5 V") }
      reading.cells.append(.millivolts(raw))
    }
    for index in 0..<sensors {
      guard let raw = block[0x20 + index] else { return }
      reading.temperatures.append(Daly.temperature(raw))
    }
    guard let low = block[0x3E], let high = block[0x3F] else { return }
    reading.cells.balancing =
      (UInt64(high) << 16 | UInt64(low)) & ((1 << UInt64(cells)) - 1)
    reading.cells.reportsBalancing = true
  }

  /// The low byte of each of the four words is the even byte of the seven of the classic language.
  private static func placeFaults(_ block: DalyBlock, _ reading: inout Reading) {
    guard block.has(0x3A, through: 0x3D) else { return }
    Daly.placeFaults(
      { index in
        let word = block[0x3A + UInt16(index / 2)] ?? 0
        return UInt8(truncatingIfNeeded: index % 2 == 0 ? word : word >> 8)
      }, &reading)
  }

  /// Ratings, limits and texts.
  private static func placeSetup(_ block: DalyBlock, _ reading: inout Reading) {
    reading.set(.nominal, block[0x80].map { Charge.centiampereHours(Int($0) * 10) })
    reading.cutoffs.cellOvervoltage = block[0x8C].flatMap { $0 == 0 ? nil : .millivolts($0) }
    reading.cutoffs.cellUndervoltage = block[0x8E].flatMap { $0 == 0 ? nil : .millivolts($0) }
    reading.cutoffs.chargeOvercurrent = block[0x94].flatMap(limit)
    reading.cutoffs.dischargeOvercurrent = block[0x96].flatMap(limit)
    reading.cutoffs.chargeUndertemperature = block[0x9A].flatMap {
      $0 == 0 ? nil : Daly.temperature($0)
    }
    if let charge = block[0x98], let discharge = block[0x9C], min(charge, discharge) > 0 {
      reading.cutoffs.overtemperature = Daly.temperature(min(charge, discharge))
    }
    reading.identity.firmware = block.text(0xA9, bytes: 16).flatMap { label(reversed($0)) }
    reading.identity.hardware = block.text(0xB1, bytes: 16).flatMap { text in
      let turned = reversed(text)
      return label(turned.hasPrefix("BMS") || turned.hasPrefix("DL") ? turned : text)
    }
  }

  /// Over-current thresholds are told on either side of 30000; nothing there means that none is set.
  private static func limit(_ raw: UInt16) -> Current? {
    raw == 30_000 || raw == 0 ? nil : Current.deciamperes(Int(raw) - 30_000).magnitude
  }

  /// A text from its last character to its first, as these boards keep their version.
  static func reversed(_ text: String) -> String {
    String(decoding: text.utf8.reversed(), as: UTF8.self)
  }

  private static func label(_ text: String) -> Label? {
    text.isEmpty ? nil : Label(text.utf8)
  }
}
