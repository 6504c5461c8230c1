// SPDX-License-Identifier: Apache-2.0

import Battery

/// How the value of a whole follows from those of its parts.
enum Joining {
  /// The sum of the parts that are joined; each must tell its own.
  case sum
  /// The sum of all parts, also of those that carry nothing now; each must be heard and tell its own.
  case total
  /// The mean of the parts that are joined; each must tell its own.
  case mean
  /// The mean by capacity of the parts that are joined; each must tell its own.
  case weighted
  /// The lowest of those that tell it.
  case lowest
  /// The highest of those that tell it.
  case highest
  /// What all that are joined have alike.
  case same
  /// It is made from others, or no whole has it.
  case none

  /// How a point of a parallel group, or of a series string, follows from its parts.
  init(_ point: Point, isSeries: Bool) {
    self =
      switch point {
      case .voltage: isSeries ? .sum : .mean
      case .current: isSeries ? .mean : .sum
      case .power: .sum
      case .soc, .soh, .countedSOC: isSeries ? .lowest : .weighted
      case .remaining, .full, .nominal, .countedRemaining: isSeries ? .lowest : .sum
      case .consumed, .consumedMargin: isSeries ? .highest : .sum
      case .cycles, .countedCycles, .fullDischarges, .sinceFullCharge: .highest
      case .fullCharges: .lowest
      case .cellCount: isSeries ? .sum : .same
      case .cellMin, .temperatureMin: .lowest
      case .cellMax, .temperatureMax, .mosfetTemperature: .highest
      case .cellAverage, .temperatureAverage, .ambientTemperature: .mean
      // One part that lets itself be charged is enough in parallel; in series all must.
      case .chargeEnabled, .dischargeEnabled: isSeries ? .lowest : .highest
      case .balancing: .highest
      case .energyCharged, .energyDischarged: .total
      case .chargeCharged, .chargeDischarged: isSeries ? .mean : .total
      case .timeToEmpty: .lowest
      case .timeToFull: .highest
      // What was lowest or deepest in one part was not so in all at once; the rest is a part's own word.
      case .cellDelta, .cellMinNumber, .cellMaxNumber, .socDrift, .chargeVoltageLimit,
        .chargeCurrentLimit, .dischargeCurrentLimit, .dischargeVoltageLimit, .status,
        .deepestDischarge, .lastDischarge, .averageDischarge, .lowestVoltage, .highestVoltage:
        .none
      }
  }
}
