// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Quantities

/// What limits are permitted, stated apart from the code that decides them.
///
/// A permitted set and not a second answer: what must be is stated with the narrow conditions, what may be
/// with the wide ones, and between the two the control is free.
struct Law {
  typealias Verdict = (rule: String, detail: String)

  /// Ages at which stages end.
  let bounds: Freshness.Bounds
  let settings: ChargeSettings
  var modes = ModeLaw()
  private var before: (limits: Limits, second: Int64)?
  /// When something that may stop charging or discharging was last so, in the wide sense.
  private var chargeCause: Int64 = -1000
  private var dischargeCause: Int64 = -1000
  private var floorCause: Int64 = -10_000
  /// For how long the lowest cell has been at its floor, in fresh readings.
  private var atFloor = 0.0
  /// For how long the cells and their number have not agreed.
  private var miscounted = 0.0

  init(_ settings: ChargeSettings, bounds: Freshness.Bounds) {
    self.settings = settings
    self.bounds = bounds
  }

  /// What is wrong with a step; `nil` when nothing is.
  mutating func judge(_ scene: Scene, _ snapshot: Snapshot) -> Verdict? {
    defer {
      if let limits = scene.limits { before = (limits, scene.second) }
    }
    guard let limits = scene.limits else {
      modes.forget()
      chargeCause = scene.second
      let reading = scene.reading
      let isMiscounted =
        reading.cells.count > 0 && Int64(reading.cells.count) != reading[.cellCount]
      miscounted = isMiscounted ? miscounted + scene.step : 0
      return silence(scene)
    }
    if scene.freshness == .lost { return ("silent when lost", "limits were decided") }
    if let wrong = sane(limits) { return wrong }
    let sight = Sight(scene, snapshot, settings)
    note(sight, scene)
    switch scene.freshness {
    case .lost: return nil
    case .stale: return stale(limits, sight)
    case .aging: return falling(limits, scene)
    case .fresh:
      if miscounted > 70 { return ("silent when miscounted", "for \(miscounted) s") }
      if sight.isMiscounted { return stale(limits, sight) }
      if let wrong = voltage(limits, sight) { return wrong }
      if let wrong = charge(limits, sight, scene) { return wrong }
      if let wrong = discharge(limits, sight, scene) { return wrong }
      if let wrong = rises(limits, scene) { return wrong }
      return modes.judge(limits, sight, scene, settings)
    }
  }

  private func silence(_ scene: Scene) -> Verdict? {
    guard scene.freshness == .fresh else { return nil }
    let reading = scene.reading
    let isMiscounted = reading.cells.count > 0 && Int64(reading.cells.count) != reading[.cellCount]
    return isMiscounted
      ? nil : ("speaks while fresh", "nothing is sent although everything is known")
  }

  private func sane(_ limits: Limits) -> Verdict? {
    if limits.chargeVoltage.value <= .zero { return ("CVL is never 0", "\(limits.chargeVoltage)") }
    if limits.chargeCurrent.value < .zero || limits.dischargeCurrent.value < .zero {
      return ("no limit below 0", "\(limits)")
    }
    return nil
  }

  private func stale(_ limits: Limits, _ sight: Sight) -> Verdict? {
    if limits.chargeCurrent.value > .zero { return ("stale charges nothing", "\(limits)") }
    if volts(limits) > sight.bounds.n * sight.bounds.float + 0.002 {
      return ("stale is float at most", "\(limits.chargeVoltage)")
    }
    if let before, limits.dischargeCurrent.value > before.limits.dischargeCurrent.value {
      return ("stale holds DCL", "\(limits.dischargeCurrent)")
    }
    return nil
  }

  private func falling(_ limits: Limits, _ scene: Scene) -> Verdict? {
    guard let before else { return nil }
    let isRisen =
      limits.chargeVoltage.value > before.limits.chargeVoltage.value
      || limits.chargeCurrent.value > before.limits.chargeCurrent.value
      || limits.dischargeCurrent.value > before.limits.dischargeCurrent.value
    return isRisen ? ("nothing rises while aging", "\(limits) after \(before.limits)") : nil
  }

  /// Remembers until when what stops charging or discharging may still echo.
  private mutating func note(_ sight: Sight, _ scene: Scene) {
    let mayBeStale = scene.freshness != .fresh || sight.isMiscounted
    if sight.mayStopCharge || mayBeStale { chargeCause = scene.second }
    // What is held stays 0.
    let isHeld = mayBeStale && before?.limits.dischargeCurrent.value == .zero
    if sight.mayStopDischarge || isHeld { dischargeCause = scene.second }
    miscounted = sight.isMiscounted ? miscounted + scene.step : 0
    guard scene.freshness == .fresh else { return }
    atFloor = sight.low <= sight.bounds.floor ? atFloor + scene.step : 0
    if sight.low <= sight.bounds.sustainRelease { floorCause = scene.second }
  }

  private func voltage(_ limits: Limits, _ sight: Sight) -> Verdict? {
    let (cvl, b) = (volts(limits), sight.bounds)
    var detail: String { "\(limits.chargeVoltage) in \(limits.mode.name)" }
    if cvl > b.n * b.target + 0.002 { return ("CVL at most n·A", detail) }
    if cvl < b.n * b.lowest - 0.002 { return ("CVL at least n·lowest float", detail) }
    if limits.mode == .float, cvl > b.n * b.float + 0.002 { return ("FLOAT is at float", detail) }
    if limits.chargeCurrent.value == .zero, cvl > b.n * b.float + 0.002 {
      return ("no charging, CVL at float", detail)
    }
    let floor = limits.mode == .imbalanceHold ? b.lowest : b.float
    if cvl > max(b.n * floor, b.n * b.target - sight.above) + 0.002 {
      return ("cells above the target come off CVL", "\(detail), \(sight.above) V above")
    }
    if let reported = sight.reportedVoltage, cvl > max(b.n * b.lowest, reported) + 0.002 {
      return ("CVL at most what the battery reports", detail)
    }
    if cvl < b.n * b.target - 0.002 {
      switch limits.chargeVoltage.reason {
      case .user: return ("a lowered CVL has its reason", detail)
      case .mode(.bulk), .mode(.transition), .mode(.sustain), .mode(.imbalanceHold):
        return ("a lowered CVL has its reason", detail)
      default: break
      }
    }
    return nil
  }

  private func charge(_ limits: Limits, _ sight: Sight, _ scene: Scene) -> Verdict? {
    let ccl = Double(limits.chargeCurrent.value.raw) / 1000
    var detail: String { "\(limits.chargeCurrent), permitted \(sight.mostCharge) A" }
    if ccl > sight.mostCharge + 0.002 { return ("CCL within its curves", detail) }
    if limits.mode == .imbalanceHold, ccl > 2.002 { return ("IMBALANCE_HOLD charges 2 A", detail) }
    if sight.mustStopCharge, ccl > 0 { return ("a hard fault stops charging", detail) }
    if ccl == 0, sight.bounds.charge > 0, scene.second - chargeCause > 45 {
      return ("CCL 0 only for a hard fault", detail)
    }
    return reason(limits.chargeCurrent, ccl, sight.bounds.charge, "CCL")
  }

  private func discharge(_ limits: Limits, _ sight: Sight, _ scene: Scene) -> Verdict? {
    let dcl = Double(limits.dischargeCurrent.value.raw) / 1000
    var detail: String { "\(limits.dischargeCurrent), permitted \(sight.mostDischarge) A" }
    if dcl > sight.mostDischarge + 0.002 { return ("DCL within its curves", detail) }
    if limits.mode == .sustain, dcl > 5.002 { return ("SUSTAIN discharges 5 A", detail) }
    let isFloor = atFloor > 5 + 2 * scene.step
    if sight.mustStopDischarge || isFloor, dcl > 0 {
      return ("a hard fault stops discharging", detail)
    }
    // A floor holds on for a quarter of an hour above it, and zero for half a minute of the ramp.
    let isEcho = scene.second - dischargeCause <= 60 || scene.second - floorCause <= 1060
    if dcl == 0, sight.bounds.discharge > 0, !isEcho {
      return ("DCL 0 only for a hard fault", detail)
    }
    return reason(limits.dischargeCurrent, dcl, sight.bounds.discharge, "DCL")
  }

  /// A limit below its maximum must not claim that owner or battery gave it.
  private func reason(
    _ limit: Limit<CurrentScale>, _ amperes: Double, _ most: Double, _ name: String
  ) -> Verdict? {
    guard amperes < most - 0.002 else { return nil }
    switch limit.reason {
    case .user: return ("a lowered \(name) has its reason", "\(limit) of \(most) A")
    // A battery that reports a charge voltage below all that is known says: do not charge.
    case .battery where amperes > 0:
      return ("a lowered \(name) has its reason", "\(limit) of \(most) A")
    default: return nil
    }
  }

  private func rises(_ limits: Limits, _ scene: Scene) -> Verdict? {
    guard let before else { return nil }
    let seconds = min(10, Double(scene.second - before.second))
    let amperes =
      Double(limits.chargeCurrent.value.raw - before.limits.chargeCurrent.value.raw) / 1000
    let more =
      Double(
        limits.dischargeCurrent.value.raw - before.limits.dischargeCurrent.value.raw) / 1000
    if amperes > 5 * seconds + 0.002 || more > 5 * seconds + 0.002 {
      return ("currents rise by 5 A/s at most", "\(limits) after \(before.limits)")
    }
    let volts = limits.chargeVoltage.value.raw - before.limits.chargeVoltage.value.raw
    if Double(volts) > seconds + 1 {
      return ("CVL rises by 1 mV/s at most", "\(limits) after \(before.limits)")
    }
    return nil
  }

  private func volts(_ limits: Limits) -> Double { Double(limits.chargeVoltage.value.raw) / 1000 }
}
