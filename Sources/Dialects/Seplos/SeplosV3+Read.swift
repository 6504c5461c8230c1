// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension SeplosV3 {
  /// What a sensor that is not connected reads: 0 °C, to the tenth.
  static let noSensor: UInt16 = 0x0AAB

  static func place(
    _ block: Block, _ data: [UInt8], _ reading: inout Reading, inverts: Bool
  ) throws(WireError) {
    switch block {
    case pack: try placePack(data.span, &reading, inverts: inverts)
    case cells: try placeCells(data.span, &reading)
    case states: try SeplosV3States(data).place(&reading)
    case settings: try placeCutoffs(data.span, &reading)
    case moreSettings: try placeMoreCutoffs(data.span, &reading)
    case versions:
      reading.identity.manufacturer = Label(data[0..<20])
      reading.identity.model = Label(data[20..<40])
    default: throw .notAReading
    }
  }

  private static func placePack(
    _ data: borrowing Span<UInt8>, _ reading: inout Reading, inverts: Bool
  ) throws(WireError) {
    let soc = data.bigUInt16(at: 10)
    let health = data.bigUInt16(at: 12)
    guard soc <= 1000, health <= 1000 else {
      throw .implausible("the state of charge or health is above 100 %")
    }
    let highest = data.bigUInt16(at: 20)
    let lowest = data.bigUInt16(at: 22)
    guard lowest <= highest, lowest >= 300, highest <= 5500 else {
      throw .implausible("a cell is not at 0.3 to 5.5 V")
    }
    let current = Int(Int16(bitPattern: data.bigUInt16(at: 2)))
    reading.set(.voltage, Voltage.centivolts(data.bigUInt16(at: 0)))
    reading.set(.current, Current.milliamperes((inverts ? -10 : 10) * current))
    reading.set(.remaining, Charge.centiampereHours(data.bigUInt16(at: 4)))
    reading.set(.full, Charge.centiampereHours(data.bigUInt16(at: 6)))
    reading.set(.chargeDischarged, Charge.ampereHours(Int(data.bigUInt16(at: 8)) * 10))
    reading.set(.soc, Percent.centipercent(Int(soc) * 10))
    reading.set(.soh, Percent.centipercent(Int(health) * 10))
    reading[.cycles] = Int64(data.bigUInt16(at: 14))
    reading.set(.cellAverage, CellVoltage.millivolts(data.bigUInt16(at: 16)))
    reading.set(.temperatureAverage, try TildeCells.temperature(data.bigUInt16(at: 18)))
    reading.set(.cellMax, CellVoltage.millivolts(highest))
    reading.set(.cellMin, CellVoltage.millivolts(lowest))
    reading.set(.temperatureMax, try TildeCells.temperature(data.bigUInt16(at: 24)))
    reading.set(.temperatureMin, try TildeCells.temperature(data.bigUInt16(at: 26)))
    reading.set(.dischargeCurrentLimit, Current.amperes(data.bigUInt16(at: 30)))
    reading.set(.chargeCurrentLimit, Current.amperes(data.bigUInt16(at: 32)))
  }

  /// Sixteen places, of which those behind the last cell read 0.
  private static func placeCells(
    _ data: borrowing Span<UInt8>, _ reading: inout Reading
  ) throws(WireError) {
    var volts: [UInt16] = []
    for index in 0..<16 { volts.append(data.bigUInt16(at: 2 * index)) }
    while volts.last == 0 { volts.removeLast() }
    guard !volts.isEmpty else { throw .implausible("no cell has a voltage") }
    let sum = volts.reduce(0) { $0 + Int64($1) }
    try TildeCells.place(
      volts, pack: reading.voltage ?? Voltage.millivolts(sum), &reading)
    for index in 0..<4 {
      let raw = data.bigUInt16(at: 32 + 2 * index)
      reading.temperatures.append(raw == noSensor ? nil : try TildeCells.temperature(raw))
    }
    reading.set(.ambientTemperature, try sensor(data.bigUInt16(at: 48)))
    reading.set(.mosfetTemperature, try sensor(data.bigUInt16(at: 50)))
  }

  private static func sensor(_ raw: UInt16) throws(WireError) -> Temperature? {
    raw == noSensor ? nil : try TildeCells.temperature(raw)
  }

  private static func placeCutoffs(
    _ data: borrowing Span<UInt8>, _ reading: inout Reading
  ) throws(WireError) {
    func word(_ address: Int) -> UInt16 { data.bigUInt16(at: 2 * (address - 0x1300)) }
    guard word(0x1311) < word(0x130D), word(0x130D) <= 5500 else {
      throw .implausible("its limits for cells cannot be")
    }
    reading.cutoffs.cellOvervoltage = .millivolts(word(0x130D))
    reading.cutoffs.cellUndervoltage = .millivolts(word(0x1311))
    reading.cutoffs.chargeOvercurrent = .amperes(Int16(bitPattern: word(0x1317)).magnitude)
    reading.cutoffs.dischargeOvercurrent = .amperes(Int16(bitPattern: word(0x131D)).magnitude)
    reading.cutoffs.overtemperature = try TildeCells.temperature(word(0x1332))
  }

  /// The second half of the settings, which follows the first in one reading: above the higher of both
  /// temperatures neither charging nor discharging goes on.
  private static func placeMoreCutoffs(
    _ data: borrowing Span<UInt8>, _ reading: inout Reading
  ) throws(WireError) {
    func word(_ address: Int) -> UInt16 { data.bigUInt16(at: 2 * (address - 0x1335)) }
    let discharge = try TildeCells.temperature(word(0x133A))
    let charge = reading.cutoffs.overtemperature ?? discharge
    reading.cutoffs.overtemperature = max(charge, discharge)
    reading.cutoffs.chargeUndertemperature = try TildeCells.temperature(word(0x1336))
  }
}
