// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

extension Bank {
  /// The limits of the whole by the owner's terms, falling at once and rising late and slowly.
  mutating func settle(
    _ joined: Limits, _ whole: Joint, _ members: [Member], _ step: Int64
  ) -> Limits {
    var limits = joined
    if terms.absence == .stop,
      let missing = states.firstIndex(where: { !$0.isHeard || $0 == .undecided })
    {
      let reason = Reason.pack(members[missing].name, .state(states[missing]))
      limits.chargeCurrent.narrow(to: .zero, reason)
      if let float = whole.float { limits.chargeVoltage.narrow(to: float, reason) }
    }
    if let most = terms.maxChargeCurrent { limits.chargeCurrent.narrow(to: most, .user) }
    if let most = terms.maxDischargeCurrent { limits.dischargeCurrent.narrow(to: most, .user) }
    let mayRise = whole.freshness == .fresh
    let voltage = voltageSlope.follow(
      limits.chargeVoltage.value.raw, hold: terms.riseHold, rate: terms.voltageRamp.raw, step: step,
      mayRise: mayRise, isEven: true)
    limits.chargeVoltage = Self.limit(limits.chargeVoltage, voltage, whole.freshness)
    let charge = chargeSlope.follow(
      limits.chargeCurrent.value.raw, hold: terms.riseHold, rate: terms.currentRamp.raw, step: step,
      mayRise: mayRise)
    limits.chargeCurrent = Self.limit(limits.chargeCurrent, charge, whole.freshness)
    let discharge = dischargeSlope.follow(
      limits.dischargeCurrent.value.raw, hold: terms.riseHold, rate: terms.currentRamp.raw,
      step: step, mayRise: mayRise)
    limits.dischargeCurrent = Self.limit(limits.dischargeCurrent, discharge, whole.freshness)
    return limits
  }

  private static func limit<S: Scale>(
    _ decided: Limit<S>, _ value: Int32, _ freshness: Freshness
  ) -> Limit<S> where S.Raw == Int32 {
    guard value < decided.value.raw else { return decided }
    // What is not worth a rise is no rise.
    let isNear = S.self != VoltageScale.self && decided.value.raw - value < decided.value.raw / 64
    if isNear, freshness == .fresh { return Limit(Quantity(raw: value), decided.reason) }
    return Limit(Quantity(raw: value), freshness == .fresh ? .ramp : .freshness(freshness))
  }
}
