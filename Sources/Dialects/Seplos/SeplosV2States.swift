// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

/// What a board answers to 44: a state for each value, then bits.
struct SeplosV2States {
  var cells: [UInt8] = []
  var sensors: [UInt8] = []
  var current: UInt8 = 0
  var voltage: UInt8 = 0
  /// Six bytes of events, switches, two of cells being balanced, what it does, two of torn wires, two
  /// more of events.
  var bits: [UInt8] = []

  /// Takes the fields of an answer.
  init(_ info: [UInt8]) throws(WireError) {
    var fields = TildeFields(info)
    _ = try fields.word()
    let cellCount = Int(try fields.byte())
    guard (1...24).contains(cellCount) else {
      throw .implausible("its number of cells cannot be")
    }
    cells = try fields.take(cellCount)
    let sensorCount = Int(try fields.byte())
    guard (2...8).contains(sensorCount) else {
      throw .implausible("its number of sensors cannot be")
    }
    sensors = try fields.take(sensorCount)
    current = try fields.byte()
    voltage = try fields.byte()
    let count = Int(try fields.byte())
    guard count >= 14, fields.rest == count else {
      throw .implausible("its bytes of events are not as many as it says")
    }
    bits = try fields.take(count)
    for state in cells + sensors + [current, voltage] {
      guard state <= 2 || state == 0xF0 else {
        throw .implausible("a state is none that a board has")
      }
    }
  }

  /// Puts its values into a reading.
  func place(_ reading: inout Reading) throws(WireError) {
    if let count = reading[.cellCount], Int64(cells.count) != count {
      throw .implausible("it tells the states of another number of cells than it has")
    }
    reading.reportsAlarms = true
    reading.alarms = []
    reading.warnings = []
    reading.reportable = []
    for row in Self.rows {
      reading.reportable.formUnion(AlarmSet(row.alarm))
      guard bits[row.byte] >> row.bit & 1 == 1 else { continue }
      if row.isWarning {
        reading.warnings.formUnion(AlarmSet(row.alarm))
      } else {
        reading.alarms.formUnion(AlarmSet(row.alarm))
      }
    }
    if torn != 0 { reading.alarms.formUnion(AlarmSet(.cellSenseFault)) }
    placeStates(&reading)
    reading[.dischargeEnabled] = Int64(bits[6] & 1)
    reading[.chargeEnabled] = Int64(bits[6] >> 1 & 1)
    reading.cells.balancing = UInt64(bits[7]) | UInt64(bits[8]) << 8
    reading.cells.reportsBalancing = true
    reading[.balancing] = reading.cells.balancing == 0 ? 0 : 1
    reading[.status] = Int64(bits[9])
  }

  /// The states of single values are warnings: what protects stands in the bits.
  private func placeStates(_ reading: inout Reading) {
    func warn(_ state: UInt8, _ low: Alarm, _ high: Alarm, _ other: Alarm) {
      guard state != 0 else { return }
      reading.warnings.formUnion(AlarmSet(state == 1 ? low : state == 2 ? high : other))
    }
    for cell in cells { warn(cell, .cellUndervoltage, .cellOvervoltage, .cellSenseFault) }
    for sensor in sensors.dropLast(2) {
      warn(sensor, .undertemperature, .overtemperature, .temperatureSensorFault)
    }
    warn(
      sensors[sensors.count - 2], .undertemperature, .ambientOvertemperature,
      .temperatureSensorFault)
    warn(
      sensors[sensors.count - 1], .undertemperature, .mosfetOvertemperature,
      .temperatureSensorFault)
    warn(current, .dischargeOvercurrent, .chargeOvercurrent, .currentSensorFault)
    warn(voltage, .packUndervoltage, .packOvervoltage, .internalFault)
  }

  private var torn: Int { Int(bits[10]) | Int(bits[11]) << 8 }

  /// What its readings do not have room for.
  var details: [Exchange.Entry] {
    [
      .init("current_limiter_on", .flag(bits[6] >> 2 & 1 == 1)),
      .init("heater_on", .flag(bits[6] >> 3 & 1 == 1)),
      .init("waits_to_recharge", .flag(bits[5] >> 1 & 1 == 1)),
      .init(
        "torn_wires",
        .list((0..<16).filter { torn >> $0 & 1 == 1 }.map { .number(Int64($0)) })),
      .init("status", .text("\(Self.name(Int64(bits[9])) ?? "unknown")")),
    ]
  }

  /// What the byte of what it does means, as a word.
  static func name(_ code: Int64) -> StaticString? {
    switch code {
    case 0x01: "discharging"
    case 0x02: "charging"
    case 0x04: "floating"
    case 0x08: "full"
    case 0x10: "standby"
    case 0x20: "off"
    default: nil
    }
  }
}
