// SPDX-License-Identifier: Apache-2.0

import Battery

extension SeplosV2States {
  /// A bit of the events and what it means.
  struct Row {
    let byte: Int
    let bit: UInt8
    let alarm: Alarm
    let isWarning: Bool

    init(_ byte: Int, _ bit: UInt8, _ alarm: Alarm, isWarning: Bool = false) {
      self.byte = byte
      self.bit = bit
      self.alarm = alarm
      self.isWarning = isWarning
    }
  }

  /// Source: "SEPLOS BMS Communication Protocol" V2.0, table 13.
  ///
  /// Bits 4 and 5 of the fourth byte are warning and protection in one document and the other way about
  /// in the other: both count as protections here.
  static let rows: [Row] = faults + voltages + temperatures + currents + others

  private static let faults: [Row] = [
    .init(0, 0, .cellSenseFault), .init(0, 1, .temperatureSensorFault),
    .init(0, 2, .currentSensorFault), .init(0, 3, .internalFault), .init(0, 4, .cellImbalance),
    .init(0, 5, .chargeMosfetFault), .init(0, 6, .dischargeMosfetFault),
    .init(0, 7, .internalFault),
  ]

  private static let voltages: [Row] = [
    .init(1, 0, .cellOvervoltage, isWarning: true), .init(1, 1, .cellOvervoltage),
    .init(1, 2, .cellUndervoltage, isWarning: true), .init(1, 3, .cellUndervoltage),
    .init(1, 4, .packOvervoltage, isWarning: true), .init(1, 5, .packOvervoltage),
    .init(1, 6, .packUndervoltage, isWarning: true), .init(1, 7, .packUndervoltage),
  ]

  private static let temperatures: [Row] = [
    .init(2, 0, .chargeOvertemperature, isWarning: true), .init(2, 1, .chargeOvertemperature),
    .init(2, 2, .chargeUndertemperature, isWarning: true), .init(2, 3, .chargeUndertemperature),
    .init(2, 4, .dischargeOvertemperature, isWarning: true), .init(2, 5, .dischargeOvertemperature),
    .init(2, 6, .dischargeUndertemperature, isWarning: true),
    .init(2, 7, .dischargeUndertemperature),
    .init(3, 0, .ambientOvertemperature, isWarning: true), .init(3, 1, .ambientOvertemperature),
    .init(3, 2, .undertemperature, isWarning: true), .init(3, 3, .undertemperature),
    .init(3, 4, .mosfetOvertemperature), .init(3, 5, .mosfetOvertemperature),
  ]

  private static let currents: [Row] = [
    .init(4, 0, .chargeOvercurrent, isWarning: true), .init(4, 1, .chargeOvercurrent),
    .init(4, 2, .dischargeOvercurrent, isWarning: true), .init(4, 3, .dischargeOvercurrent),
    .init(4, 4, .dischargeOvercurrent), .init(4, 5, .shortCircuit),
    .init(4, 6, .dischargeOvercurrent), .init(4, 7, .shortCircuit),
  ]

  private static let others: [Row] = [
    .init(5, 0, .packOvervoltage), .init(5, 2, .remainingCapacityLow, isWarning: true),
    .init(5, 3, .remainingCapacityLow), .init(5, 4, .chargeInhibited), .init(5, 5, .internalFault),
    .init(5, 6, .internalFault), .init(13, 0, .eepromFault), .init(13, 1, .rtcFault),
  ]
}
