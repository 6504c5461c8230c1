// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

// Registers 0x6D to 0x73: levels of three bits (0 none, 1 warning, 2 and 3 protection), and single bits.

extension Daly81 {
  /// Where a level stands.
  private struct Level {
    let register: UInt16
    let shift: UInt16
    let alarm: Alarm

    init(_ register: UInt16, _ shift: UInt16, _ alarm: Alarm) {
      self.register = register
      self.shift = shift
      self.alarm = alarm
    }
  }

  private static let levels: [Level] = [
    Level(0x6D, 0, .cellOvervoltage), Level(0x6D, 3, .cellUndervoltage),
    Level(0x6D, 8, .cellImbalance), Level(0x6D, 11, .chargeOvertemperature),
    Level(0x6E, 0, .chargeUndertemperature), Level(0x6E, 3, .dischargeOvertemperature),
    Level(0x6E, 8, .dischargeUndertemperature), Level(0x6E, 11, .temperatureDifference),
    Level(0x6F, 0, .packOvervoltage), Level(0x6F, 3, .packUndervoltage),
    Level(0x6F, 8, .chargeOvercurrent), Level(0x6F, 11, .dischargeOvercurrent),
    Level(0x70, 0, .socLow), Level(0x70, 8, .mosfetOvertemperature),
    Level(0x70, 11, .overtemperature),
  ]

  /// Single bits that are faults; bits that only tell a state are left out.
  private static let bits: [Level] = [
    Level(0x6E, 6, .mosfetOvertemperature), Level(0x6E, 7, .temperatureSensorFault),
    Level(0x6E, 14, .mosfetOvertemperature), Level(0x6E, 15, .temperatureSensorFault),
    Level(0x6F, 6, .shortCircuit), Level(0x70, 7, .communicationFault), Level(0x72, 8, .afeFault),
    Level(0x72, 9, .afeFault), Level(0x72, 10, .afeFault), Level(0x72, 11, .cellSenseFault),
    Level(0x72, 12, .cellSenseFault), Level(0x72, 13, .internalFault),
    Level(0x72, 14, .currentSensorFault), Level(0x72, 15, .temperatureSensorFault),
    Level(0x73, 0, .temperatureSensorFault), Level(0x73, 1, .eepromFault),
    Level(0x73, 2, .internalFault), Level(0x73, 3, .rtcFault), Level(0x73, 4, .chargeMosfetFault),
    Level(0x73, 5, .dischargeMosfetFault), Level(0x73, 6, .prechargeFault),
    Level(0x73, 7, .prechargeFault),
  ]

  private static let reportable: AlarmSet = {
    var set: AlarmSet = []
    for level in levels + bits { set.formUnion(AlarmSet(level.alarm)) }
    return set
  }()

  /// Takes the faults over.
  static func placeFaults(_ block: DalyBlock, _ reading: inout Reading) {
    guard block.has(0x6D, through: 0x73) else { return }
    reading.alarms = []
    reading.warnings = []
    reading.reportsAlarms = true
    reading.reportable = reportable
    for row in levels {
      switch (block[row.register] ?? 0) >> row.shift & 7 {
      case 0: break
      case 1: reading.warnings.formUnion(AlarmSet(row.alarm))
      default: reading.alarms.formUnion(AlarmSet(row.alarm))
      }
    }
    // A sensor that is not there is told as a fault for good: that is a warning, no protection.
    for row in bits where (block[row.register] ?? 0) >> row.shift & 1 == 1 {
      if row.alarm == .temperatureSensorFault {
        reading.warnings.formUnion(AlarmSet(row.alarm))
      } else {
        reading.alarms.formUnion(AlarmSet(row.alarm))
      }
    }
  }
}
