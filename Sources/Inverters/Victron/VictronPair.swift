// SPDX-License-Identifier: Apache-2.0

public import Battery

/// A pair of bits of 0x35A: one thing that a GX can be told is wrong.
///
/// The raw value is the place of the pair, counted from the low bits of byte 0. The same place four bytes
/// later is the warning of the same name.
public enum VictronPair: UInt8, CaseIterable, Sendable {
  /// Something of no other pair; a GX does not use it.
  case general
  case highVoltage
  case lowVoltage
  case highTemperature
  case lowTemperature
  case highChargeTemperature
  case lowChargeTemperature
  /// Too much current while discharging.
  case highCurrent
  case highChargeCurrent
  /// A GX does not use it.
  case contactor
  /// A GX does not use it.
  case shortCircuit
  /// The BMS itself is at fault, or silent.
  case internalFault
  case cellImbalance

  /// What a pair says: 1 is active, 2 is OK, 0 and 3 say nothing.
  ///
  /// Settled by a REC Q BMS under real faults (natecostello/van_two_point_oh).
  public enum State: UInt8, Sendable {
    case unsupported = 0
    case active = 1
    case clear = 2

    /// The state to send.
    init(_ isSupported: Bool, isActive: Bool) {
      self = isActive ? .active : isSupported ? .clear : .unsupported
    }

    /// The state that two bits of a frame say.
    init(bits: UInt64) {
      self = Self(rawValue: UInt8(truncatingIfNeeded: bits & 3)) ?? .unsupported
    }

    var bits: UInt64 { UInt64(rawValue) }
  }

  /// Where the pair "system status" lies: active is offline or standby, clear is online.
  static let statusShift: UInt64 = 58

  var alarmShift: UInt64 { UInt64(rawValue) * 2 }
  var warningShift: UInt64 { UInt64(rawValue) * 2 + 32 }

  /// The name that people read.
  public var title: StaticString {
    switch self {
    case .general: "general"
    case .highVoltage: "high voltage"
    case .lowVoltage: "low voltage"
    case .highTemperature: "high temperature"
    case .lowTemperature: "low temperature"
    case .highChargeTemperature: "high temperature, charging"
    case .lowChargeTemperature: "low temperature, charging"
    case .highCurrent: "high current"
    case .highChargeCurrent: "high charge current"
    case .contactor: "contactor"
    case .shortCircuit: "short circuit"
    case .internalFault: "BMS internal"
    case .cellImbalance: "cell imbalance"
    }
  }

  /// The alarms of the dictionary that raise this pair; every alarm raises at least one.
  ///
  /// What would raise only pairs that a GX does not use raises "high current" or "BMS internal" too, so
  /// that somebody sees it. Cells and pack share a pair: the protocol has none for cells alone.
  public var alarms: AlarmSet {
    switch self {
    case .general:
      .of(
        .socLow, .socHigh, .remainingCapacityLow, .softwareMosfetLock, .chargeInhibited,
        .dischargeInhibited, .chargerVoltageLow)
    case .highVoltage: .of(.packOvervoltage, .cellOvervoltage, .overCharged, .chargerVoltageHigh)
    case .lowVoltage: .of(.packUndervoltage, .cellUndervoltage, .fullyDischarged)
    case .highTemperature:
      .of(
        .overtemperature, .dischargeOvertemperature, .mosfetOvertemperature,
        .ambientOvertemperature, .temperatureDifference)
    case .lowTemperature: .of(.undertemperature, .dischargeUndertemperature)
    case .highChargeTemperature: .of(.chargeOvertemperature)
    case .lowChargeTemperature: .of(.chargeUndertemperature)
    case .highCurrent: .of(.dischargeOvercurrent, .shortCircuit)
    case .highChargeCurrent: .of(.chargeOvercurrent, .regenerationOvercurrent)
    case .contactor:
      .of(.contactorFault, .chargeMosfetFault, .dischargeMosfetFault, .prechargeFault)
    case .shortCircuit: .of(.shortCircuit)
    case .internalFault:
      .of(
        .internalFault, .contactorFault, .chargeMosfetFault, .dischargeMosfetFault,
        .prechargeFault, .currentSensorFault, .temperatureSensorFault, .cellSenseFault,
        .wireResistance, .afeFault, .eepromFault, .rtcFault, .communicationFault)
    case .cellImbalance: .of(.cellImbalance)
    }
  }

  /// What the pair means when it is read; `nil` for the one that names nothing.
  public var alarm: Alarm? {
    switch self {
    case .general: nil
    case .highVoltage: .packOvervoltage
    case .lowVoltage: .packUndervoltage
    case .highTemperature: .overtemperature
    case .lowTemperature: .undertemperature
    case .highChargeTemperature: .chargeOvertemperature
    case .lowChargeTemperature: .chargeUndertemperature
    case .highCurrent: .dischargeOvercurrent
    case .highChargeCurrent: .chargeOvercurrent
    case .contactor: .contactorFault
    case .shortCircuit: .shortCircuit
    case .internalFault: .internalFault
    case .cellImbalance: .cellImbalance
    }
  }
}
