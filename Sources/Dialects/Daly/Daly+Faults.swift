// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension Daly {
  /// Bytes 0 to 3: pairs of a warning and its protection, lowest bits first.
  private static let pairs: [4 of [4 of Alarm?]] = [
    [.cellOvervoltage, .cellUndervoltage, .packOvervoltage, .packUndervoltage],
    [
      .chargeOvertemperature, .chargeUndertemperature, .dischargeOvertemperature,
      .dischargeUndertemperature,
    ],
    [.chargeOvercurrent, .dischargeOvercurrent, .socHigh, .socLow],
    [.cellImbalance, .temperatureDifference, nil, nil],
  ]

  /// Bytes 4 to 6: faults of the board, one bit each; `nil` where a bit means nothing.
  private static let singles: [3 of [8 of Alarm?]] = [
    [
      .mosfetOvertemperature, .mosfetOvertemperature, .temperatureSensorFault,
      .temperatureSensorFault, .chargeMosfetFault, .dischargeMosfetFault, .chargeMosfetFault,
      .dischargeMosfetFault,
    ],
    [
      .afeFault, .cellSenseFault, .temperatureSensorFault, .eepromFault, .rtcFault, .prechargeFault,
      .communicationFault, .communicationFault,
    ],
    [.currentSensorFault, .internalFault, .shortCircuit, .chargeInhibited, nil, nil, nil, nil],
  ]

  /// All that the seven bytes can say.
  static let reportable: AlarmSet = {
    var set: AlarmSet = []
    for row in 0..<4 {
      for column in 0..<4 { if let alarm = pairs[row][column] { set.formUnion(AlarmSet(alarm)) } }
    }
    for row in 0..<3 {
      for column in 0..<8 { if let alarm = singles[row][column] { set.formUnion(AlarmSet(alarm)) } }
    }
    return set
  }()

  /// Takes the seven bytes of faults over.
  static func placeFaults(_ byte: (Int) -> UInt8, _ reading: inout Reading) {
    reading.alarms = []
    reading.warnings = []
    reading.reportsAlarms = true
    reading.reportable = reportable
    for row in 0..<4 {
      let bits = byte(row)
      for column in 0..<4 {
        guard let alarm = pairs[row][column] else { continue }
        if bits >> (2 * UInt8(column)) & 1 == 1 { reading.warnings.formUnion(AlarmSet(alarm)) }
        if bits >> (2 * UInt8(column) + 1) & 1 == 1 { reading.alarms.formUnion(AlarmSet(alarm)) }
      }
    }
    for row in 0..<3 {
      let bits = byte(4 + row)
      for column in 0..<8 where bits >> UInt8(column) & 1 == 1 {
        if let alarm = singles[row][column] { reading.alarms.formUnion(AlarmSet(alarm)) }
      }
    }
  }
}
