// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

extension ChargeControl {
  /// CCL after its ramp; a `step` of `nil` jumps to what was decided.
  mutating func riseCharge(
    _ decided: Limit<CurrentScale>, _ plan: Plan, _ step: Int64?, _ freshness: Freshness
  ) -> Limit<CurrentScale> {
    let value = Self.rise(decided, &chargeRamp, plan.charge.value, step, settings)
    return Self.limit(decided, value, freshness)
  }

  /// DCL after its ramp; a `step` of `nil` jumps to what was decided.
  mutating func riseDischarge(
    _ decided: Limit<CurrentScale>, _ plan: Plan, _ step: Int64?, _ freshness: Freshness
  ) -> Limit<CurrentScale> {
    let value = Self.rise(decided, &dischargeRamp, plan.discharge.value, step, settings)
    return Self.limit(decided, value, freshness)
  }

  /// CVL after its ramp; a `step` of `nil` jumps to what was decided.
  mutating func riseVoltage(
    _ decided: Limit<VoltageScale>, _ step: Int64?, _ freshness: Freshness
  ) -> Limit<VoltageScale> {
    guard let step else {
      voltageRamp.jump(to: decided.value.raw)
      return decided
    }
    let value = voltageRamp.follow(
      decided.value.raw, deadband: 0, hold: settings.voltageHold,
      rate: settings.voltageRamp.raw, step: step)
    return Self.limit(decided, Voltage(raw: value), freshness)
  }

  private static func rise(
    _ decided: Limit<CurrentScale>, _ ramp: inout Ramp, _ highest: Current, _ step: Int64?,
    _ settings: ChargeSettings
  ) -> Current {
    guard let step else {
      ramp.jump(to: decided.value.raw)
      return decided.value
    }
    let least = highest.times(settings.currentStep)
    if isByCells(decided.reason) {
      ramp.isEased = true
    } else if ramp.value >= (highest - least).raw {
      ramp.isEased = false
    }
    // From nothing every rise is worth making: 0 is for hard faults alone.
    let deadband = ramp.value == 0 ? .zero : least
    return Current(
      raw: ramp.follow(
        decided.value.raw, deadband: deadband.raw, hold: settings.currentHold,
        rate: settings.currentRamp.raw, step: step))
  }

  /// Whether cells narrow a current, so that its own rise moves what it goes by.
  private static func isByCells(_ reason: Reason) -> Bool {
    switch reason {
    case .cellCurve, .cellCeiling, .cellFloor, .spread, .mode(.sustain): true
    default: false
    }
  }

  private static func limit<S: Scale>(
    _ decided: Limit<S>, _ value: Quantity<S>, _ freshness: Freshness
  ) -> Limit<S> {
    guard value < decided.value else { return decided }
    return Limit(value, freshness == .fresh ? .ramp : .freshness(freshness))
  }
}
