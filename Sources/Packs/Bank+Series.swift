// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

extension Bank {
  /// What a series string says: as old as its oldest part, and nothing without all of them.
  mutating func series(
    _ index: Int, _ children: [Int], _ joints: [Joint], at now: Tick
  ) -> Joint {
    let parts = children.map { joints[$0] }
    let worst = parts.map({ $0.freshness }).max() ?? .lost
    var joint = Joint(
      bounds: parts.first { $0.freshness == worst }?.bounds ?? bounds,
      packs: parts.flatMap({ $0.packs }))
    joint.freshness = worst
    joint.isWhole = parts.allSatisfy({ $0.isWhole })
    joint.oldest = parts.map({ $0.oldest }).max() ?? joint.oldest
    joint.takesCharge = parts.allSatisfy({ $0.takesCharge })
    joint.givesCharge = parts.allSatisfy({ $0.givesCharge })
    joint.float = Self.sum(parts.map({ $0.float }))
    let sizes = parts.compactMap({ $0.size })
    joint.size = sizes.count == parts.count ? sizes.min() : nil
    if joint.isHeard { show(&joint, of: parts, inside: parts, isSeries: true, at: now) }
    if let limits = Self.stacked(parts, joint.float) {
      joint.limits = limits
      joint.ceiling = limits.chargeVoltage
      nodes[index].ceiling = limits.chargeVoltage
      return joint
    }
    let missing = parts.first { $0.limits == nil }?.ceiling?.reason
    let last = nodes[index].ceiling?.value ?? Self.sum(parts.map { $0.ceiling?.value })
    joint.ceiling = last.map {
      Limit(min($0, joint.float ?? $0), missing ?? .state(.lost))
    }
    return joint
  }

  /// The limits of a string: voltages add up, currents are those of the narrowest part.
  ///
  /// What one part has too much of its own CVL, the whole string loses, down to float: a charger sees only
  /// the sum.
  private static func stacked(_ parts: [Joint], _ float: Voltage?) -> Limits? {
    guard var limits = parts.first?.limits else { return nil }
    var over = Voltage.zero
    var lowest = limits.chargeVoltage
    limits.chargeVoltage.value = .zero
    limits.dischargeVoltage = .zero
    for part in parts {
      guard let own = part.limits else { return nil }
      limits.chargeVoltage.value += own.chargeVoltage.value
      limits.dischargeVoltage += own.dischargeVoltage
      limits.chargeCurrent.narrow(to: own.chargeCurrent.value, own.chargeCurrent.reason)
      limits.dischargeCurrent.narrow(to: own.dischargeCurrent.value, own.dischargeCurrent.reason)
      if own.chargeVoltage.value < lowest.value {
        lowest = own.chargeVoltage
        limits.mode = own.mode
      }
      if let voltage = part.voltage, voltage > own.chargeVoltage.value {
        over += voltage - own.chargeVoltage.value
        lowest = own.chargeVoltage
      }
    }
    limits.chargeVoltage.reason = lowest.reason
    let sum = limits.chargeVoltage.value
    if over > .zero { limits.chargeVoltage.value = max(min(sum, float ?? sum), sum - over) }
    return limits
  }

  /// The sum; `nil` where any is not known.
  private static func sum(_ voltages: [Voltage?]) -> Voltage? {
    let known = voltages.compactMap({ $0 })
    return known.count == voltages.count ? known.reduce(.zero, +) : nil
  }
}
