// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

/// Stops that hold until what caused them has gone far enough.
struct Latches {
  /// A cell was above its ceiling.
  var ceiling = false
  /// The lowest cell was at its floor.
  var floor = false
  var atFloor = Hold()
  var aboveFloor = Hold()
  /// For how long the lowest cell has not been at its floor, and how often it was before that.
  var sinceFloor = Hold()
  var floors = 0
  /// A temperature was outside what allows charging, or discharging.
  var chargeTemperature = false
  var dischargeTemperature = false
  /// The switches were too hot.
  var switches = false
}

extension ChargeControl {
  /// Sets the latches at once; releases them only by fresh readings.
  mutating func updateLatches(
    _ evidence: Evidence, _ plan: Plan, _ step: Int64, isFresh: Bool
  ) {
    let highest = evidence.highest.voltage
    if highest >= plan.ceiling {
      latches.ceiling = true
    } else if isFresh, highest <= plan.ceilingRelease {
      latches.ceiling = false
    }
    let lowest = evidence.lowest.voltage
    if latches.floor {
      let isAbove = latches.aboveFloor.count(lowest >= plan.floorRelease, step, floorReleaseHold)
      if isAbove { latches.floor = false }
      latches.atFloor.clear()
    } else {
      latches.floor = latches.atFloor.count(lowest <= plan.floor, step, settings.floorHold)
      latches.aboveFloor.clear()
      if latches.floor {
        latches.floors += 1
        latches.sinceFloor.clear()
      } else if latches.sinceFloor.count(true, step, Self.floorMemory) {
        latches.floors = 0
      }
    }
    let slack = settings.temperatureHysteresis
    // With no temperature known the latches stay: a cold pack does not warm by losing its sensor.
    if let coldest = evidence.coldest, let hottest = evidence.hottest {
      func chargeAllowed(_ slack: Temperature) -> Bool {
        allowsCharge(coldest - slack, hottest + slack, evidence.cutoffs)
      }
      latches.chargeTemperature = Self.latch(
        latches.chargeTemperature, isBad: !chargeAllowed(.zero),
        isGood: isFresh && chargeAllowed(slack))
      let curve = settings.dischargeTemperatureCurve
      latches.dischargeTemperature = Self.latch(
        latches.dischargeTemperature,
        isBad: Self.share(curve, coldest, hottest) == .zero,
        isGood: isFresh && Self.share(curve, coldest - slack, hottest + slack) > .zero)
    }
    if let switches = evidence.switches {
      let curve = settings.switchTemperatureCurve
      latches.switches = Self.latch(
        latches.switches, isBad: curve.share(at: switches) == .zero,
        isGood: isFresh && curve.share(at: switches + slack) > .zero)
    }
  }

  /// How long the lowest cell must be above its floor before discharging goes on.
  ///
  /// An empty cell recovers as soon as the load is gone, and falls again as soon as it is back: so that a
  /// house does not go dark every few minutes, the second time takes four times as long, and each further
  /// one sixteen times.
  private var floorReleaseHold: Int64 {
    settings.floorReleaseHold << Int64(2 * max(0, min(2, latches.floors - 1)))
  }

  /// Lets CVL sink while a cell stays clearly above the target, and return when none is.
  mutating func integrate(_ evidence: Evidence, _ plan: Plan, _ step: Int64) {
    let over = Int64((evidence.highest.voltage - plan.target).raw)
    let band = Int64(settings.integralBand.raw)
    if over > band {
      // 0.1 mV is 100 µV; a share of 100 % is 1000 ‰ per second.
      let rate = Int64(settings.integralRate.raw / 100_000)
      integral += (over - band) * 100 * step * rate / 1_000_000
    } else {
      // Also while a cell is a little above: a pack in which no current flows is not balanced by those
      // systems that balance only while charging.
      integral -= Int64(settings.voltageRamp.raw) * step
    }
    let most = Int64((plan.bulkVoltage - lowestVoltage(plan)).raw) * 1000
    integral = max(0, min(most, integral))
  }

  /// How far cells above the target may lower CVL: to float, and further only while charging waits for
  /// the balancers, because nothing else can hold back a cell that is far ahead.
  private func lowestVoltage(_ plan: Plan) -> Voltage {
    mode == .imbalanceHold ? plan.lowestVoltage : plan.floatVoltage
  }

  /// CVL as decided, before its ramp; `stop` is why charging is stopped, if it is.
  func voltageLimit(_ evidence: Evidence, _ plan: Plan, stop: Reason?) -> Limit<VoltageScale> {
    let float = plan.floatVoltage
    var limit = Limit(plan.bulkVoltage, plan.targetIsBatterys ? .battery : .mode(mode))
    switch mode {
    case .float: limit.narrow(to: float, plan.floatIsBatterys ? .battery : .mode(.float))
    case .floatApproach:
      limit.narrow(to: max(float, Voltage(clamping: approach / 1000)), .mode(.floatApproach))
    case .bulk, .transition, .imbalanceHold, .sustain: break
    }
    let above = evidence.overshoot(above: plan.target) + Voltage(clamping: (integral + 999) / 1000)
    if above > .zero {
      limit.narrow(
        to: max(lowestVoltage(plan), plan.bulkVoltage - above),
        .overshoot(cell: evidence.highest.number, evidence.highest.voltage))
    }
    if let stop { limit.narrow(to: float, stop) }
    if let reported = evidence.chargeVoltageLimit {
      limit.narrow(to: max(plan.lowestVoltage, reported), .battery)
    }
    return limit
  }

  /// CCL as decided, before its ramp.
  func chargeLimit(_ evidence: Evidence, _ plan: Plan) -> Limit<CurrentScale> {
    var limit = plan.charge
    if let reason = chargeStop(evidence, plan) { limit.narrow(to: .zero, reason) }
    guard limit.value > .zero else { return limit }
    let highest = evidence.highest
    let base = plan.charge.value
    let floor = settings.chargeFloor
    func narrow(_ share: Percent, _ reason: Reason) {
      limit.narrow(to: max(base.times(share), min(base, floor)), reason)
    }
    if let curve = settings.chargeCellCurve {
      let reason = Reason.cellCurve(cell: highest.number, highest.voltage)
      narrow(curve.share(at: highest.voltage), reason)
    }
    if let coldest = evidence.coldest, let hottest = evidence.hottest {
      let curve = settings.chargeTemperatureCurve
      narrow(
        Self.share(curve, coldest, hottest),
        .temperatureCurve(Self.worse(curve, coldest, hottest)))
    } else {
      narrow(settings.unknownTemperatureShare, .noTemperature)
    }
    if let switches = evidence.switches {
      narrow(
        settings.switchTemperatureCurve.share(at: switches), .switchTemperature(switches))
    }
    if mode == .imbalanceHold { limit.narrow(to: settings.holdCurrent, .spread(evidence.spread)) }
    return limit
  }

  /// DCL as decided, before its ramp.
  func dischargeLimit(_ evidence: Evidence, _ plan: Plan) -> Limit<CurrentScale> {
    var limit = plan.discharge
    if let reason = dischargeStop(evidence) { limit.narrow(to: .zero, reason) }
    guard limit.value > .zero else { return limit }
    let lowest = evidence.lowest
    let base = plan.discharge.value
    let floor = settings.dischargeFloor
    func narrow(_ share: Percent, _ reason: Reason) {
      limit.narrow(to: max(base.times(share), min(base, floor)), reason)
    }
    if let curve = settings.dischargeCellCurve {
      narrow(
        curve.share(at: lowest.voltage), .cellCurve(cell: lowest.number, lowest.voltage))
    }
    if let coldest = evidence.coldest, let hottest = evidence.hottest {
      let curve = settings.dischargeTemperatureCurve
      narrow(
        Self.share(curve, coldest, hottest),
        .temperatureCurve(Self.worse(curve, coldest, hottest)))
    }
    if let switches = evidence.switches {
      narrow(
        settings.switchTemperatureCurve.share(at: switches), .switchTemperature(switches))
    }
    if mode == .sustain { limit.narrow(to: settings.sustainCurrent, .mode(.sustain)) }
    return limit
  }

  /// Why charging must stop at once; `nil` when it need not.
  private func chargeStop(_ evidence: Evidence, _ plan: Plan) -> Reason? {
    if let alarm = Protections.first(of: evidence.protections, in: Protections.charge) {
      return .protection(alarm)
    }
    if evidence.chargeSwitch == false { return .chargeSwitchOpen }
    if latches.ceiling {
      return .cellCeiling(cell: evidence.highest.number, evidence.highest.voltage)
    }
    if plan.isContradiction { return .contradiction }
    if let reported = evidence.chargeVoltageLimit, reported < plan.lowestVoltage { return .battery }
    if latches.chargeTemperature {
      guard let coldest = evidence.coldest, let hottest = evidence.hottest else {
        return .noTemperature
      }
      let slack = settings.temperatureHysteresis
      let isCold = !allowsCharge(coldest - slack, coldest, evidence.cutoffs)
      return .temperatureCurve(isCold ? coldest : hottest)
    }
    if latches.switches, let switches = evidence.switches { return .switchTemperature(switches) }
    return nil
  }

  /// Why discharging must stop at once; `nil` when it need not.
  private func dischargeStop(_ evidence: Evidence) -> Reason? {
    if let alarm = Protections.first(of: evidence.protections, in: Protections.discharge) {
      return .protection(alarm)
    }
    if evidence.dischargeSwitch == false { return .dischargeSwitchOpen }
    if latches.floor {
      return .cellFloor(cell: evidence.lowest.number, evidence.lowest.voltage)
    }
    if latches.dischargeTemperature, let coldest = evidence.coldest,
      let hottest = evidence.hottest
    {
      let slack = settings.temperatureHysteresis
      let isCold = settings.dischargeTemperatureCurve.share(at: coldest - slack) == .zero
      return .temperatureCurve(isCold ? coldest : hottest)
    }
    if latches.switches, let switches = evidence.switches { return .switchTemperature(switches) }
    return nil
  }

  /// Whether both temperatures allow charging, by the curve and by the battery's own cutoffs.
  private func allowsCharge(
    _ coldest: Temperature, _ hottest: Temperature, _ cutoffs: Cutoffs
  ) -> Bool {
    if let trip = cutoffs.chargeUndertemperature, coldest < trip + settings.temperatureMargin {
      return false
    }
    if let trip = cutoffs.overtemperature, hottest > trip - settings.temperatureMargin {
      return false
    }
    return Self.share(settings.chargeTemperatureCurve, coldest, hottest) > .zero
  }

  private static func latch(_ isSet: Bool, isBad: Bool, isGood: Bool) -> Bool {
    isBad || (isSet && !isGood)
  }

  private static func share(
    _ curve: Curve<TemperatureScale>, _ coldest: Temperature, _ hottest: Temperature
  ) -> Percent {
    min(curve.share(at: coldest), curve.share(at: hottest))
  }

  private static func worse(
    _ curve: Curve<TemperatureScale>, _ coldest: Temperature, _ hottest: Temperature
  ) -> Temperature {
    curve.share(at: coldest) <= curve.share(at: hottest) ? coldest : hottest
  }
}
