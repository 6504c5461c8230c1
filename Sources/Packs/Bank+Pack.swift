// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

extension Bank {
  /// What one pack says, as the node with an index.
  mutating func joint(_ index: Int, _ member: Member, _ number: Int) -> Joint {
    var joint = Joint(bounds: member.bounds, packs: [number])
    joint.freshness = member.freshness
    joint.snapshot = member.snapshot
    joint.size = member.size
    joint.places = Joint.Places(
      lowestCell: number, highestCell: number, coldest: number, hottest: number)
    joint.isWhole = states[number].isHeard
    joint.oldest = member.oldest
    joint.takesCharge = member.snapshot.reading[.chargeEnabled] != 0
    joint.givesCharge = member.snapshot.reading[.dischargeEnabled] != 0
    if let float = member.float, let count = member.cellCount {
      joint.float = Voltage(float, times: count)
    }
    if states[number] != .lost, let limits = member.limits {
      joint.limits = Limits(
        chargeVoltage: limits.chargeVoltage.of(member.name),
        chargeCurrent: limits.chargeCurrent.of(member.name),
        dischargeCurrent: limits.dischargeCurrent.of(member.name),
        dischargeVoltage: limits.dischargeVoltage, mode: limits.mode)
      nodes[index].ceiling = limits.chargeVoltage
    }
    // Unseen, it is held where its owner holds a full pack, as any battery that has fallen silent.
    let last = nodes[index].ceiling?.value ?? joint.float
    joint.ceiling = last.map {
      Limit(min($0, joint.float ?? $0), .pack(member.name, .state(states[number])))
    }
    return joint
  }
}

extension Limit {
  /// The same limit, as that of a pack of the bank.
  fileprivate func of(_ name: Label) -> Self { Limit(value, .pack(name, reason)) }
}
