// SPDX-License-Identifier: Apache-2.0

public import Battery

/// One bit of 0x359, in bytes 0 and 1 as a protection, in bytes 2 and 3 as an alarm that warns.
///
/// Plain bits: 1 is active. The protocol cannot say "not supported" (Pylontech 1.2, tables 1 to 4).
public enum PylontechFlag: UInt8, CaseIterable, Sendable {
  case highVoltage = 1
  case lowVoltage = 2
  case highTemperature = 3
  case lowTemperature = 4
  /// Too much current while discharging.
  case highCurrent = 7
  case highChargeCurrent = 8
  /// "System error" as a protection, "internal communication failure" as an alarm.
  case internalFault = 11

  /// The bit in a word of two bytes, low byte first.
  var mask: UInt16 { 1 << UInt16(rawValue) }

  /// The name that people read.
  public var title: StaticString {
    switch self {
    case .highVoltage: "high voltage"
    case .lowVoltage: "low voltage"
    case .highTemperature: "high temperature"
    case .lowTemperature: "low temperature"
    case .highCurrent: "high discharge current"
    case .highChargeCurrent: "high charge current"
    case .internalFault: "system error, internal communication failure"
    }
  }

  /// The alarms of the dictionary that set this bit.
  ///
  /// There is no bit for charging alone, for the balance of cells and for what only informs: heat and
  /// cold count whatever they stop, imbalance counts as a fault, and the rest acts by the limits.
  public var alarms: AlarmSet {
    switch self {
    case .highVoltage: VictronPair.highVoltage.alarms
    case .lowVoltage: VictronPair.lowVoltage.alarms
    case .highTemperature:
      VictronPair.highTemperature.alarms.union(VictronPair.highChargeTemperature.alarms)
    case .lowTemperature:
      VictronPair.lowTemperature.alarms.union(VictronPair.lowChargeTemperature.alarms)
    case .highCurrent: VictronPair.highCurrent.alarms
    case .highChargeCurrent: VictronPair.highChargeCurrent.alarms
    case .internalFault:
      VictronPair.internalFault.alarms.union(VictronPair.cellImbalance.alarms)
    }
  }

  /// What the bit means when it is read.
  public var alarm: Alarm {
    switch self {
    case .highVoltage: .packOvervoltage
    case .lowVoltage: .packUndervoltage
    case .highTemperature: .overtemperature
    case .lowTemperature: .undertemperature
    case .highCurrent: .dischargeOvercurrent
    case .highChargeCurrent: .chargeOvercurrent
    case .internalFault: .internalFault
    }
  }
}
