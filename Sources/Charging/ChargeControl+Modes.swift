// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

/// How long the reasons to change the mode have held; all start anew with each mode.
struct ModeHolds {
  var enterSustain = Hold()
  var leaveSustain = Hold()
  var enterHold = Hold()
  var leaveHold = Hold()
  var reach = Hold()
  var abandon = Hold()
  var dwell = Hold()
  var tail = Hold()
  var absorbed = Hold()
  var rebulk = Hold()
  var rebulkAlone = Hold()
}

extension ChargeControl {
  /// Milliseconds of absorption that are left if everything stays as it is; `nil` outside TRANSITION.
  public var dwellLeft: Int64? {
    guard mode == .transition else { return nil }
    var left = settings.absorptionLongest - holds.absorbed.elapsed
    if holds.dwell.elapsed > 0 { left = min(left, settings.absorptionDwell - holds.dwell.elapsed) }
    if holds.tail.elapsed > 0 { left = min(left, settings.tailHold - holds.tail.elapsed) }
    return max(0, left)
  }

  /// The mode to begin with, from the cells alone: a restart must not look like an event.
  func startMode(_ evidence: Evidence, _ plan: Plan) -> ChargeMode {
    if isNearEmpty(evidence, plan) { return .sustain }
    if isApart(evidence, plan) { return .imbalanceHold }
    if evidence.highest.voltage >= plan.target - settings.targetTolerance { return .transition }
    let isAtFloat = evidence.lowest.voltage >= plan.float - settings.targetTolerance
    if isAtFloat, let tail = plan.tail, let current = evidence.current, current.magnitude <= tail {
      return .float
    }
    return .bulk
  }

  /// One step of the modes over `step` milliseconds of fresh readings.
  mutating func stepMode(_ evidence: Evidence, _ plan: Plan, _ step: Int64, _ now: Tick) {
    if mode != .sustain {
      if holds.enterSustain.count(isNearEmpty(evidence, plan), step, settings.entryHold) {
        return enter(.sustain, at: now)
      }
      if mode != .imbalanceHold,
        holds.enterHold.count(isApart(evidence, plan), step, settings.entryHold)
      {
        return enter(.imbalanceHold, at: now)
      }
    }
    switch mode {
    case .bulk: stepBulk(evidence, plan, step, now)
    case .transition: stepTransition(evidence, plan, step, now)
    case .floatApproach, .float: stepFull(evidence, plan, step, now)
    case .imbalanceHold: stepImbalance(evidence, plan, step, now)
    case .sustain: stepSustain(evidence, plan, step, now)
    }
  }

  /// Begins a mode.
  mutating func enter(_ mode: ChargeMode, at now: Tick) {
    self.mode = mode
    modeSince = now
    holds = ModeHolds()
    switch mode {
    case .floatApproach:
      approach = Int64(voltageRamp.value) * 1000
      fullFor = 0
    case .float: integral = 0
    case .bulk, .transition, .imbalanceHold, .sustain: break
    }
  }

  private mutating func stepBulk(
    _ evidence: Evidence, _ plan: Plan, _ step: Int64, _ now: Tick
  ) {
    let isReached = evidence.highest.voltage >= plan.target - settings.targetTolerance
    if holds.reach.count(isReached, step, settings.entryHold) { enter(.transition, at: now) }
  }

  private mutating func stepTransition(
    _ evidence: Evidence, _ plan: Plan, _ step: Int64, _ now: Tick
  ) {
    let isNear = evidence.highest.voltage > plan.target - settings.abandonDrop
    if holds.abandon.count(!isNear, step, settings.abandonHold) { return enter(.bulk, at: now) }

    // A sag, or charging that is stopped, pauses the dwell; cells that drift apart start it anew.
    let isCharging = isNear && chargeRamp.value > 0
    let slack = holds.dwell.elapsed > 0 ? settings.balancedHysteresis : .zero
    if evidence.spread > settings.balancedSpread + slack {
      holds.dwell.clear()
    } else {
      holds.dwell.count(while: isCharging, step)
    }
    // A low current tells of a full pack only while all of the pack, not one cell, is at the target.
    let isAtTarget = (evidence.average ?? .zero) >= plan.target - settings.targetTolerance
    let isTail = plan.tail.map { (evidence.current ?? Current(raw: .max)) <= $0 } ?? false
    let isClose = evidence.spread <= settings.imbalanceRelease
    let isFull = holds.tail.count(
      isCharging && isAtTarget && isTail && isClose, step, settings.tailHold)
    holds.absorbed.count(while: isCharging, step)
    if isFull || holds.dwell.elapsed >= settings.absorptionDwell
      || holds.absorbed.elapsed >= settings.absorptionLongest
    {
      enter(.floatApproach, at: now)
    }
  }

  private mutating func stepFull(
    _ evidence: Evidence, _ plan: Plan, _ step: Int64, _ now: Tick
  ) {
    fullFor += step
    let highest = evidence.highest.voltage
    let isUsed = (evidence.soc.map { $0 < settings.rebulkSOC } ?? false) && highest < plan.charged
    let isApart =
      evidence.spread >= settings.rebulkSpread
      && highest >= plan.float - settings.topRegionHysteresis
    let isLow = highest <= plan.float - settings.rebulkDropAlone
    let rebulk = holds.rebulk.count(isUsed || isApart, step, settings.rebulkHold)
    let rebulkAlone = holds.rebulkAlone.count(isLow, step, settings.rebulkAloneHold)
    if rebulk || rebulkAlone || fullFor >= settings.rebulkInterval {
      return enter(.bulk, at: now)
    }
    guard mode == .floatApproach else { return }
    let float = Int64(plan.floatVoltage.raw) * 1000
    approach = max(float, approach - Int64(settings.voltageRamp.raw) * step)
    if approach == float { enter(.float, at: now) }
  }

  private mutating func stepImbalance(
    _ evidence: Evidence, _ plan: Plan, _ step: Int64, _ now: Tick
  ) {
    let highest = evidence.highest.voltage
    let isOver =
      evidence.spread <= settings.imbalanceRelease
      || highest < plan.topRegion - settings.topRegionHysteresis
    guard holds.leaveHold.count(isOver, step, settings.imbalanceReleaseHold) else { return }
    let isReached = highest >= plan.target - settings.targetTolerance
    enter(isReached ? .transition : .bulk, at: now)
  }

  private mutating func stepSustain(
    _ evidence: Evidence, _ plan: Plan, _ step: Int64, _ now: Tick
  ) {
    let lowest = evidence.lowest.voltage
    let isCharged = evidence.soc.map { $0 >= settings.sustainReleaseSOC } ?? true
    let isOver = lowest >= plan.sustainRelease && (isCharged || lowest >= plan.charged)
    if holds.leaveSustain.count(isOver, step, settings.sustainReleaseHold) {
      enter(.bulk, at: now)
    }
  }

  /// Whether the lowest cell, or a state of charge that the cells do not contradict, is at its floor.
  private func isNearEmpty(_ evidence: Evidence, _ plan: Plan) -> Bool {
    if evidence.lowest.voltage <= plan.sustain { return true }
    guard let soc = evidence.soc, soc <= settings.sustainSOC else { return false }
    return evidence.lowest.voltage < plan.charged
  }

  /// Whether the cells lie too far apart where it tells of balance.
  private func isApart(_ evidence: Evidence, _ plan: Plan) -> Bool {
    evidence.spread > settings.imbalanceLimit && evidence.highest.voltage >= plan.topRegion
  }
}
