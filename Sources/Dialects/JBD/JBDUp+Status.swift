// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension JBDUp {
  /// Takes the state of a pack over.
  static func place(
    _ data: borrowing Span<UInt8>, _ reading: inout Reading
  ) throws(WireError) {
    guard data.count >= 70 else { throw .truncated(got: data.count, needed: 70) }
    let cells = Int(data.bigUInt16(at: 66))
    guard (1...32).contains(cells), data.count >= 70 + 2 * cells else {
      throw .implausible("its number of cells cannot be")
    }
    let sensors = Int(data.bigUInt16(at: 68 + 2 * cells))
    let end = 70 + 2 * cells + 2 * sensors
    guard sensors <= 16, data.count >= end else {
      throw .implausible("its number of sensors cannot be")
    }
    let soc = data.bigUInt16(at: 8)
    guard soc <= 10_000 else { throw .implausible("the state of charge is above 100 %") }
    reading.set(.voltage, Voltage.centivolts(data.bigUInt16(at: 0)))
    reading.set(.current, Current.milliamperes((Int64(double(data, 4)) - 300_000) * 10))
    reading.set(.soc, Percent.centipercent(soc))
    reading.set(.remaining, Charge.centiampereHours(data.bigUInt16(at: 10)))
    reading.set(.full, Charge.centiampereHours(data.bigUInt16(at: 12)))
    reading.set(.nominal, Charge.centiampereHours(data.bigUInt16(at: 14)))
    reading.set(.mosfetTemperature, temperature(data.bigUInt16(at: 16)))
    reading.set(.ambientTemperature, temperature(data.bigUInt16(at: 18)))
    reading[.status] = Int64(data.bigUInt16(at: 20))
    reading.set(.soh, Percent.percent(data.bigUInt16(at: 22)))
    placeAlarms(double(data, 24), double(data, 28), &reading)
    // The bits stand the other way about than in the older language.
    let switches = data.bigUInt16(at: 32)
    reading[.dischargeEnabled] = switches & 1 == 1 ? 1 : 0
    reading[.chargeEnabled] = switches & 2 == 2 ? 1 : 0
    reading[.cycles] = Int64(data.bigUInt16(at: 36))
    reading.set(.chargeVoltageLimit, Voltage.decivolts(data.bigUInt16(at: 58)))
    reading.set(.chargeCurrentLimit, Current.deciamperes(data.bigUInt16(at: 60)))
    reading.set(.dischargeVoltageLimit, Voltage.decivolts(data.bigUInt16(at: 62)))
    reading.set(.dischargeCurrentLimit, Current.deciamperes(data.bigUInt16(at: 64)))
    reading[.cellCount] = Int64(cells)
    for index in 0..<cells {
      let raw = data.bigUInt16(at: 68 + 2 * index)
      guard raw <= 5500 else { throw .implausible("a cell has more than 5.5 V") }
      reading.cells.append(.millivolts(raw))
    }
    for index in 0..<sensors {
      reading.temperatures.append(temperature(data.bigUInt16(at: 70 + 2 * cells + 2 * index)))
    }
    placeTail(data, end, &reading)
  }

  /// Cells being balanced, and the serial number where the pack itself answers.
  private static func placeTail(
    _ data: borrowing Span<UInt8>, _ end: Int, _ reading: inout Reading
  ) {
    if data.count >= end + 4 {
      reading.cells.balancing = UInt64(data.bigUInt16(at: end + 2))
      reading.cells.reportsBalancing = true
      reading[.balancing] = reading.cells.balancing == 0 ? 0 : 1
    }
    if data.count >= end + 36 {
      let serial = Label(data.copy(end + 6, end + 36))
      if !serial.isEmpty { reading.identity.serial = serial }
    }
  }

  private static func temperature(_ raw: UInt16) -> Temperature { .decidegrees(Int(raw) - 500) }

  /// Protections and alarms by their bits; `nil` where a bit is no fault.
  private static let bits: [28 of Alarm?] = [
    .cellOvervoltage, .cellUndervoltage, .packOvervoltage, .packUndervoltage, .chargeOvercurrent,
    .chargeOvercurrent, .dischargeOvercurrent, .dischargeOvercurrent, .chargeOvertemperature,
    .chargeUndertemperature, .dischargeOvertemperature, .dischargeUndertemperature,
    .mosfetOvertemperature, .ambientOvertemperature, .undertemperature, .cellImbalance,
    .temperatureDifference, .socLow, .shortCircuit, .cellSenseFault, .temperatureSensorFault,
    .chargeMosfetFault, .dischargeMosfetFault, nil, .internalFault, nil, .afeFault, nil,
  ]

  private static func placeAlarms(
    _ protections: UInt32, _ alarms: UInt32, _ reading: inout Reading
  ) {
    reading.reportsAlarms = true
    for bit in 0..<28 {
      guard let alarm = bits[bit] else { continue }
      reading.reportable.formUnion(AlarmSet(alarm))
      if protections >> UInt32(bit) & 1 == 1 { reading.alarms.formUnion(AlarmSet(alarm)) }
      if alarms >> UInt32(bit) & 1 == 1 { reading.warnings.formUnion(AlarmSet(alarm)) }
    }
  }
}
