// SPDX-License-Identifier: Apache-2.0

/// The one dictionary of what can be wrong with a battery.
///
/// A warning and a protection have the same name; which of the two it is, is told by the set that it
/// stands in (`Reading.warnings`, `Reading.alarms`).
public enum Alarm: UInt8, CaseIterable, Sendable {
  case cellOvervoltage, cellUndervoltage
  case packOvervoltage, packUndervoltage
  case chargeOvercurrent, dischargeOvercurrent, regenerationOvercurrent, shortCircuit
  case chargeOvertemperature, chargeUndertemperature
  case dischargeOvertemperature, dischargeUndertemperature
  case overtemperature, undertemperature
  case mosfetOvertemperature, ambientOvertemperature, temperatureDifference
  case cellImbalance
  case socLow, socHigh, remainingCapacityLow
  case chargeMosfetFault, dischargeMosfetFault, prechargeFault, contactorFault
  case currentSensorFault, temperatureSensorFault, cellSenseFault, wireResistance
  case afeFault, eepromFault, rtcFault, communicationFault, internalFault
  case softwareMosfetLock, chargeInhibited, dischargeInhibited, fullyDischarged, overCharged
  case chargerVoltageHigh, chargerVoltageLow

  /// The name in JSON.
  public var name: StaticString {
    switch self {
    case .cellOvervoltage: "cell_overvoltage"
    case .cellUndervoltage: "cell_undervoltage"
    case .packOvervoltage: "pack_overvoltage"
    case .packUndervoltage: "pack_undervoltage"
    case .chargeOvercurrent: "charge_overcurrent"
    case .dischargeOvercurrent: "discharge_overcurrent"
    case .regenerationOvercurrent: "regeneration_overcurrent"
    case .shortCircuit: "short_circuit"
    case .chargeOvertemperature: "charge_overtemperature"
    case .chargeUndertemperature: "charge_undertemperature"
    case .dischargeOvertemperature: "discharge_overtemperature"
    case .dischargeUndertemperature: "discharge_undertemperature"
    case .overtemperature: "overtemperature"
    case .undertemperature: "undertemperature"
    case .mosfetOvertemperature: "mosfet_overtemperature"
    case .ambientOvertemperature: "ambient_overtemperature"
    case .temperatureDifference: "temperature_difference"
    case .cellImbalance: "cell_imbalance"
    case .socLow: "soc_low"
    case .socHigh: "soc_high"
    case .remainingCapacityLow: "remaining_capacity_low"
    case .chargeMosfetFault: "charge_mosfet_fault"
    case .dischargeMosfetFault: "discharge_mosfet_fault"
    case .prechargeFault: "precharge_fault"
    case .contactorFault: "contactor_fault"
    case .currentSensorFault: "current_sensor_fault"
    case .temperatureSensorFault: "temperature_sensor_fault"
    case .cellSenseFault: "cell_sense_fault"
    case .wireResistance: "wire_resistance"
    case .afeFault: "afe_fault"
    case .eepromFault: "eeprom_fault"
    case .rtcFault: "rtc_fault"
    case .communicationFault: "communication_fault"
    case .internalFault: "internal_fault"
    case .softwareMosfetLock: "software_mosfet_lock"
    case .chargeInhibited: "charge_inhibited"
    case .dischargeInhibited: "discharge_inhibited"
    case .fullyDischarged: "fully_discharged"
    case .overCharged: "over_charged"
    case .chargerVoltageHigh: "charger_voltage_high"
    case .chargerVoltageLow: "charger_voltage_low"
    }
  }

  /// The alarm with a name; `nil` where there is none.
  public init?(name: some Sequence<UInt8>) {
    for alarm in Self.allCases where alarm.name.hasBytes(name) {
      self = alarm
      return
    }
    return nil
  }
}

/// A set of alarms.
@frozen public struct AlarmSet: OptionSet, Hashable, BitwiseCopyable, Sendable {
  /// Bit `n` is the alarm whose raw value is `n`.
  public var rawValue: UInt64

  /// The set whose bits are those of `rawValue`.
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// The set of one alarm.
  @inlinable public init(_ alarm: Alarm) { rawValue = 1 << UInt64(alarm.rawValue) }

  /// The set of these alarms.
  @inlinable public static func of(_ alarms: Alarm...) -> AlarmSet {
    var set: AlarmSet = []
    for alarm in alarms { set.formUnion(AlarmSet(alarm)) }
    return set
  }

  /// Whether `alarm` is in the set.
  @inlinable public func has(_ alarm: Alarm) -> Bool { rawValue >> UInt64(alarm.rawValue) & 1 == 1 }

  /// The alarms in the set, in the dictionary's order.
  public var list: [Alarm] { Alarm.allCases.filter(has) }
}
