// SPDX-License-Identifier: Apache-2.0

import Battery

/// Which protections of a battery forbid charging, and which discharging.
///
/// Protections that a battery uses against discharging leave charging free, because charging is their
/// cure; and the other way round. What merely tells something, such as a low state of charge, forbids
/// neither.
enum Protections {
  /// Forbid charging.
  static let charge = AlarmSet.of(
    .cellOvervoltage, .packOvervoltage, .chargeOvercurrent, .regenerationOvercurrent,
    .shortCircuit, .chargeOvertemperature, .chargeUndertemperature, .overtemperature,
    .undertemperature, .mosfetOvertemperature, .chargeMosfetFault, .contactorFault,
    .currentSensorFault, .temperatureSensorFault, .cellSenseFault, .afeFault, .eepromFault,
    .internalFault, .softwareMosfetLock, .chargeInhibited, .overCharged, .chargerVoltageHigh)

  /// Forbid discharging.
  ///
  /// A sensor that failed does not: the battery opens its own switch if it must, and a dark house is no
  /// safer.
  static let discharge = AlarmSet.of(
    .cellUndervoltage, .packUndervoltage, .dischargeOvercurrent, .regenerationOvercurrent,
    .shortCircuit, .dischargeOvertemperature, .dischargeUndertemperature, .overtemperature,
    .undertemperature, .mosfetOvertemperature, .dischargeMosfetFault, .prechargeFault,
    .contactorFault, .afeFault, .internalFault, .softwareMosfetLock, .dischargeInhibited,
    .fullyDischarged)

  /// The first active protection in the dictionary's order that is in `set`.
  static func first(of active: AlarmSet, in set: AlarmSet) -> Alarm? {
    let both = active.intersection(set)
    guard !both.isEmpty else { return nil }
    return Alarm(rawValue: UInt8(both.rawValue.trailingZeroBitCount))
  }
}
