// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

extension Bank {
  /// What a parallel group says.
  mutating func parallel(
    _ index: Int, _ children: [Int], _ joints: [Joint], at now: Tick
  ) -> Joint {
    let parts = children.map { joints[$0] }
    let voiced = children.filter { joints[$0].limits != nil }
    let best = (voiced.isEmpty ? children : voiced).map { joints[$0].freshness }.min() ?? .lost
    var joint = Joint(
      bounds: parts.first { $0.freshness == best }?.bounds ?? bounds,
      packs: parts.flatMap({ $0.packs }))
    joint.freshness = best
    joint.float = parts.compactMap({ $0.float }).min()
    joint.isWhole = parts.allSatisfy({ $0.isWhole })
    joint.oldest = parts.map({ $0.oldest }).max() ?? joint.oldest
    let joined = children.filter { nodes[$0].isJoined && !joints[$0].isOpen }
    let inside = joined.filter { joints[$0].isHeard }
    joint.size = Self.sum(inside.map { joints[$0].size })
    show(&joint, of: parts, inside: inside.map { joints[$0] }, isSeries: false, at: now)

    // While any part is fresh, what is stale has no share. Where all have fallen silent together, each
    // discharge share is held, as that of a single battery.
    let counting = joined.filter {
      joints[$0].limits != nil && (joints[$0].isHeard || best > .fresh)
    }
    joint.takesCharge = counting.contains { joints[$0].takesCharge }
    joint.givesCharge = counting.contains { joints[$0].givesCharge }
    guard var limits = guarded(children, voiced, joints, joint.float) else {
      joint.ceiling = lowestCeiling(nodes[index].ceiling, parts.map({ $0.ceiling }), joint.float)
      return joint
    }
    limits.chargeCurrent =
      shared(index, .charge, counting, joints, at: now) ?? none(voiced, .charge, joints)
    limits.dischargeCurrent =
      shared(index, .discharge, counting, joints, at: now) ?? none(voiced, .discharge, joints)
    joint.limits = limits
    joint.ceiling = limits.chargeVoltage
    nodes[index].ceiling = limits.chargeVoltage
    return joint
  }

  /// The lowest CVL of all that is, or may be, connected.
  private func guarded(
    _ children: [Int], _ voiced: [Int], _ joints: [Joint], _ float: Voltage?
  ) -> Limits? {
    var limits: Limits?
    let closed = voiced.filter { !joints[$0].isOpen }
    for child in terms.guardsOpen || closed.isEmpty ? voiced : closed {
      guard let own = joints[child].limits else { continue }
      guard var least = limits else {
        limits = own
        continue
      }
      if own.chargeVoltage.value < least.chargeVoltage.value { least.mode = own.mode }
      least.chargeVoltage.narrow(to: own.chargeVoltage.value, own.chargeVoltage.reason)
      least.dischargeVoltage = max(least.dischargeVoltage, own.dischargeVoltage)
      limits = least
    }
    guard terms.absence != .leave else { return limits }
    for child in children where joints[child].limits == nil {
      // One that was never heard, and of which nothing is known, is taken to be as the others.
      guard let ceiling = joints[child].ceiling else {
        if let float, let pack = joints[child].packs.first {
          limits?.chargeVoltage.narrow(to: float, .state(states[pack]))
        }
        continue
      }
      limits?.chargeVoltage.narrow(to: ceiling.value, ceiling.reason)
    }
    return limits
  }

  /// What still holds down the voltage once nothing is decided for a group.
  private func lowestCeiling(
    _ last: Limit<VoltageScale>?, _ parts: [Limit<VoltageScale>?], _ float: Voltage?
  ) -> Limit<VoltageScale>? {
    var lowest = last
    for part in parts.compactMap({ $0 }) {
      if lowest == nil { lowest = part } else { lowest?.narrow(to: part.value, part.reason) }
    }
    guard let float, let reason = lowest?.reason else { return lowest }
    lowest?.narrow(to: float, reason)
    return lowest
  }

  /// What the parts may carry together; `nil` where none may carry any.
  private mutating func shared(
    _ index: Int, _ flow: Flow, _ counting: [Int], _ joints: [Joint], at now: Tick
  ) -> Limit<CurrentScale>? {
    let carrying = counting.filter { joints[$0].carries(flow) }
    let parts = carrying.map { child in
      Shares.Part(
        number: child, current: joints[child].current,
        readAt: joints[child].snapshot[.current]?.at, size: joints[child].size)
    }
    if flow == .charge {
      nodes[index].chargeShares.update(parts, at: now)
    } else {
      nodes[index].dischargeShares.update(parts, at: now)
    }
    let limits = carrying.compactMap { joints[$0].limits?.current(flow) }
    guard limits.count > 1 else { return limits.first }
    let known = flow == .charge ? nodes[index].chargeShares : nodes[index].dischargeShares
    return Self.shared(limits, known.division(parts), sharing: terms.sharing)
  }

  /// The most that the whole may carry so that no part carries more than its own limit; never more than the
  /// usual part of the sum.
  private static func shared(
    _ limits: [Limit<CurrentScale>], _ division: Shares.Division, sharing: Percent
  ) -> Limit<CurrentScale> {
    var sum = Current.zero
    var narrowest = (index: 0, value: Int64.max)
    for index in limits.indices {
      let value = min(limits[index].value, Self.largest)
      sum += value
      guard division.shares[index] > 0 else { continue }
      let whole = Int64(value.raw) * division.whole / division.shares[index]
      if whole < narrowest.value { narrowest = (index, whole) }
    }
    let reason = limits[narrowest.index].reason
    // What is only supposed by capacities is taken with the same caution as the sum.
    let bearable = Current(clamping: narrowest.value)
    let most = Self.part(sum, sharing)
    let value = division.isMeasured ? bearable : Self.part(bearable, sharing)
    guard value < most else { return Limit(most, reason) }
    if division.isMeasured, case .pack(let name, let own) = reason, own.isPlain {
      let share = Percent(clamping: division.shares[narrowest.index] * 100)
      return Limit(value, .pack(name, .share(share)))
    }
    return Limit(value, reason)
  }

  private static let largest = Current.amperes(10_000)

  /// A share of a current, rounded down.
  private static func part(_ current: Current, _ share: Percent) -> Current {
    Current(clamping: Int64(current.raw) * Int64(share.raw) / 100_000_000)
  }

  /// No current, with the reason of the first part.
  private func none(_ voiced: [Int], _ flow: Flow, _ joints: [Joint]) -> Limit<CurrentScale> {
    for child in voiced {
      guard let own = joints[child].limits?.current(flow) else { continue }
      guard own.value > .zero, case .pack(let name, _) = own.reason,
        let pack = joints[child].packs.first
      else { return Limit(.zero, own.reason) }
      return Limit(.zero, .pack(name, .state(states[pack])))
    }
    return Limit(.zero, .state(.lost))
  }

  /// The sum; `nil` where any is not known, or there is none.
  static func sum(_ sizes: [Charge?]) -> Charge? {
    let known = sizes.compactMap({ $0 })
    guard known.count == sizes.count, !known.isEmpty else { return nil }
    return known.reduce(.zero, +)
  }
}

extension Reason {
  /// Whether it says no more than that the pack may have what it always may.
  fileprivate var isPlain: Bool {
    switch self {
    case .user, .battery, .mode: true
    default: false
    }
  }
}
