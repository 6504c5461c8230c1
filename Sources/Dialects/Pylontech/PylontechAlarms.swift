// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

/// The states and switches of one battery in an answer to 44.
struct PylontechAlarms {
  var cells: [UInt8] = []
  /// The sensor on the board, then those on groups of cells.
  var sensors: [UInt8] = []
  var chargeCurrent: UInt8 = 0
  var voltage: UInt8 = 0
  var dischargeCurrent: UInt8 = 0
  /// Protections, switches, what goes on, and two bytes of cells that have failed.
  var status: [UInt8] = []

  /// Takes one battery from the fields.
  init(_ fields: inout TildeFields) throws(WireError) {
    let cellCount = Int(try fields.byte())
    guard (1...24).contains(cellCount) else {
      throw .implausible("its number of cells cannot be")
    }
    cells = try fields.take(cellCount)
    let sensorCount = Int(try fields.byte())
    guard sensorCount <= Temperatures.capacity else {
      throw .implausible("its number of sensors cannot be")
    }
    sensors = try fields.take(sensorCount)
    chargeCurrent = try fields.byte()
    voltage = try fields.byte()
    dischargeCurrent = try fields.byte()
    status = try fields.take(5)
    for state in cells + sensors + [chargeCurrent, voltage, dischargeCurrent] {
      guard state <= 2 || state == 0xF0 else {
        throw .implausible("a state is none that a battery has")
      }
    }
  }

  /// Which cells have failed, counted from 0.
  var failedCells: [Int] {
    let bits = Int(status[3]) | Int(status[4]) << 8
    return (0..<16).filter { bits >> $0 & 1 == 1 }
  }

  /// Puts its values into a reading.
  func place(_ reading: inout Reading) throws(WireError) {
    if let count = reading[.cellCount], Int64(cells.count) != count {
      throw .implausible("it tells the states of another number of cells than it has")
    }
    reading.reportsAlarms = true
    reading.reportable = Self.reportable
    reading.alarms = []
    reading.warnings = []
    for cell in cells {
      raise(cell, .cellUndervoltage, .cellOvervoltage, .cellSenseFault, &reading)
    }
    for sensor in sensors {
      raise(sensor, .undertemperature, .overtemperature, .temperatureSensorFault, &reading)
    }
    raise(voltage, .packUndervoltage, .packOvervoltage, .internalFault, &reading)
    raise(chargeCurrent, .chargeOvercurrent, .chargeOvercurrent, .currentSensorFault, &reading)
    raise(
      dischargeCurrent, .dischargeOvercurrent, .dischargeOvercurrent, .currentSensorFault, &reading)
    for bit in 0..<8 where status[0] >> UInt8(bit) & 1 == 1 {
      if let alarm = Self.protections[bit] { reading.alarms.formUnion(AlarmSet(alarm)) }
    }
    if !failedCells.isEmpty { reading.alarms.formUnion(AlarmSet(.cellSenseFault)) }
    reading[.chargeEnabled] = Int64(status[1] >> 1 & 1)
    reading[.dischargeEnabled] = Int64(status[1] >> 2 & 1)
  }

  private func raise(
    _ state: UInt8, _ low: Alarm, _ high: Alarm, _ other: Alarm, _ reading: inout Reading
  ) {
    switch state {
    case 0: break
    case 1: reading.alarms.formUnion(AlarmSet(low))
    case 2: reading.alarms.formUnion(AlarmSet(high))
    default: reading.alarms.formUnion(AlarmSet(other))
    }
  }

  /// The bits of the first status byte; bit 3 means nothing.
  private static let protections: [8 of Alarm?] = [
    .packOvervoltage, .cellUndervoltage, .chargeOvercurrent, nil, .dischargeOvercurrent,
    .dischargeOvertemperature, .chargeOvertemperature, .packUndervoltage,
  ]

  private static let reportable: AlarmSet = .of(
    .cellOvervoltage, .cellUndervoltage, .packOvervoltage, .packUndervoltage, .chargeOvercurrent,
    .dischargeOvercurrent, .chargeOvertemperature, .dischargeOvertemperature, .overtemperature,
    .undertemperature, .cellSenseFault, .temperatureSensorFault, .currentSensorFault,
    .internalFault)
}
