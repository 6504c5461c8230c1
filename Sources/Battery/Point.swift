// SPDX-License-Identifier: Apache-2.0

/// Every live value that batteries share, once.
///
/// Names of JSON keys, columns, topics and metrics derive from this list, so that one thing has one name
/// everywhere. Its number is a fixed part of stored histories: a new one goes to the end. Lists (cells, sensors), sets (alarms) and texts (serial number) have types of their own.
public enum Point: UInt8, CaseIterable, Sendable {
  case voltage
  case current
  case power
  case soc
  case soh
  case remaining
  case full
  case nominal
  case cycles
  case cellCount
  case cellMin
  case cellMax
  case cellDelta
  case cellAverage
  case cellMinNumber
  case cellMaxNumber
  case temperatureMin
  case temperatureMax
  case temperatureAverage
  case mosfetTemperature
  case ambientTemperature
  case chargeEnabled
  case dischargeEnabled
  case balancing
  case chargeVoltageLimit
  case chargeCurrentLimit
  case dischargeCurrentLimit
  case dischargeVoltageLimit
  case energyCharged
  case energyDischarged
  case chargeCharged
  case chargeDischarged
  case timeToEmpty
  case timeToFull
  case status
  case consumed
  case consumedMargin
  case countedSOC
  case countedRemaining
  case socDrift
  case countedCycles
  case fullCharges
  case fullDischarges
  case sinceFullCharge
  case deepestDischarge
  case lastDischarge
  case averageDischarge
  case lowestVoltage
  case highestVoltage

  /// What a number of this point counts.
  public enum Kind: Sendable {
    case cellVoltage, voltage, current, power, temperature, percent, charge, energy
    /// Whole things, such as cycles or a cell's number.
    case count
    /// Full charges and discharges in steps of 0.0001.
    case cycles
    /// Whole seconds.
    case seconds
    /// 0 or 1.
    case flag
  }

  /// How many points there are.
  public static let count = 49
}
