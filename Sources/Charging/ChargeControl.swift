// SPDX-License-Identifier: Apache-2.0

public import Battery
public import Quantities

/// Decides what an inverter may do with a battery: CVL, CCL and DCL, each with its reason.
///
/// A value without any clock or I/O: fed with what is known and the time, it answers with limits. It
/// only narrows what the battery allows. It is not a safety device: the battery's own cutoffs remain.
/// `docs/charging.md` holds the rules in one table.
public struct ChargeControl: Sendable {
  /// The longest time between two decisions that counts as observed; a longer gap counts as this.
  static let longestStep: Int64 = 10_000
  /// How long discharging must go on before a floor counts as the first again, in milliseconds.
  static let floorMemory: Int64 = 3_600_000

  /// What the control is doing.
  public internal(set) var mode = ChargeMode.bulk
  /// When `mode` began; `nil` before the first decision.
  public internal(set) var modeSince: Tick?
  /// Why the last decision was that nothing may be sent; `nil` when limits were decided.
  public private(set) var silence: Silence?
  /// The settings that are obeyed.
  public internal(set) var settings: ChargeSettings

  // State of the modes; see ChargeControl+Modes.swift.
  var holds = ModeHolds()
  var fullFor: Int64 = 0
  var approach: Int64 = 0
  // State of the limits; see ChargeControl+Limits.swift.
  var latches = Latches()
  var integral: Int64 = 0
  var voltageRamp = Ramp()
  var chargeRamp = Ramp()
  var dischargeRamp = Ramp()

  var isUsable: Bool
  var last: Limits?
  var lastFloat = Voltage.zero
  var lastCount = 0
  private var lastTick: Tick?
  private var mustChooseMode = true
  private var disagreedFor: Int64 = 0

  /// A control that has decided nothing yet.
  ///
  /// With settings that `ChargeSettings.validate()` finds fault with, it never decides anything.
  public init(_ settings: ChargeSettings) {
    var settings = settings
    isUsable = settings.validate().isEmpty
    if isUsable, let float = settings.float, let ceiling = settings.cellCeiling,
      let floor = settings.cellFloor, let knee = settings.sustainRelease
    {
      settings.chargeCellCurve =
        settings.chargeCellCurve ?? .fall(from: float, to: ceiling)
      settings.dischargeCellCurve =
        settings.dischargeCellCurve ?? .rise(from: floor, to: knee)
    }
    self.settings = settings
  }

  /// The limits now; `nil` when nothing may be sent, and `silence` then tells why.
  ///
  /// To be called at least once a second, and whenever a reading came. Asked twice at the same moment it
  /// answers the same; a moment before the last counts as the last. While it is doubted that this is still
  /// the battery that the settings are for, limits are held as with a count of cells that is not certain.
  public mutating func decide(
    _ snapshot: Snapshot, freshness: Freshness, isOtherBattery: Bool = false, at now: Tick
  ) -> Limits? {
    let step = advance(to: now)
    silence = nil
    guard isUsable else { return beSilent(.settings) }
    guard freshness != .lost else {
      forget()
      return beSilent(.lost)
    }
    guard freshness != .stale else { return held(.freshness(.stale), snapshot) }
    if isOtherBattery { return doubted(.identity, .identity, step, snapshot) }

    let count: Int
    switch CellCount(snapshot.reading, owner: settings.cells) {
    case .unknown: return beSilent(.cellCount)
    case .differs(let seen):
      return doubted(.cellCount(seen), .cellCount, step, snapshot)
    case .agreed(let agreed): count = agreed
    }
    disagreedFor = 0
    guard let evidence = Evidence(snapshot, count: count, settings: settings, at: now) else {
      return beSilent(.noCells)
    }
    guard let plan = Plan(settings, evidence) else { return beSilent(.noCutoffs) }
    if count != lastCount { last = nil }
    guard last != nil || freshness == .fresh else { return beSilent(.noReading) }
    return decide(evidence, plan, freshness, step, now)
  }

  private mutating func decide(
    _ evidence: Evidence, _ plan: Plan, _ freshness: Freshness, _ step: Int64, _ now: Tick
  ) -> Limits {
    let isFirst = last == nil
    if isFirst { startAnew() }
    // Without a fresh reading nothing is learnt: modes, dwell and ramps stand still.
    let learnt = freshness == .fresh ? step : 0
    if mustChooseMode, freshness == .fresh {
      enter(startMode(evidence, plan), at: now)
      mustChooseMode = false
    } else if learnt > 0 {
      stepMode(evidence, plan, learnt, now)
    }
    updateLatches(evidence, plan, learnt, isFresh: freshness == .fresh)
    integrate(evidence, plan, learnt)

    let entering = isFirst ? nil : learnt
    let charge = riseCharge(chargeLimit(evidence, plan), plan, entering, freshness)
    let discharge = riseDischarge(dischargeLimit(evidence, plan), plan, entering, freshness)
    let stop = charge.value == .zero ? charge.reason : nil
    let voltage = riseVoltage(voltageLimit(evidence, plan, stop: stop), entering, freshness)
    let limits = Limits(
      chargeVoltage: voltage, chargeCurrent: charge, dischargeCurrent: discharge,
      dischargeVoltage: Evidence.pack(plan.floor, plan.count), mode: mode)
    last = limits
    lastFloat = plan.floatVoltage
    lastCount = plan.count
    return limits
  }

  /// The limits while it is doubted which battery this is: held for a while, as with a battery that falls
  /// silent, then nothing.
  private mutating func doubted(
    _ reason: Reason, _ silent: Silence, _ step: Int64, _ snapshot: Snapshot
  ) -> Limits? {
    disagreedFor += step
    guard disagreedFor < settings.valueAge else {
      forget()
      return beSilent(silent)
    }
    return held(reason, snapshot, orElse: silent)
  }

  /// The limits while readings cannot be believed: CVL at float, CCL 0, DCL held.
  ///
  /// A protection that the battery reported still acts.
  private mutating func held(
    _ reason: Reason, _ snapshot: Snapshot, orElse silent: Silence = .noReading
  ) -> Limits? {
    guard var limits = last else { return beSilent(silent) }
    limits.chargeVoltage.narrow(to: lastFloat, reason)
    limits.chargeCurrent = Limit(.zero, reason)
    let reading = snapshot.reading
    if reading.reportsAlarms,
      let alarm = Protections.first(of: reading.alarms, in: Protections.discharge)
    {
      limits.dischargeCurrent.narrow(to: .zero, .protection(alarm))
    }
    limits.mode = mode
    voltageRamp.fall(to: limits.chargeVoltage.value.raw)
    chargeRamp.fall(to: 0)
    dischargeRamp.fall(to: limits.dischargeCurrent.value.raw)
    last = limits
    return limits
  }

  /// After a battery was lost its mode is chosen from its cells as at the start; charging rises from 0.
  private mutating func forget() {
    mustChooseMode = true
    voltageRamp.fall(to: lastFloat.raw)
    chargeRamp.fall(to: 0)
  }

  private mutating func startAnew() {
    mustChooseMode = true
    latches = Latches()
    integral = 0
  }

  private mutating func beSilent(_ reason: Silence) -> Limits? {
    silence = reason
    return nil
  }

  /// Milliseconds since the decision before, as far as they count.
  private mutating func advance(to now: Tick) -> Int64 {
    guard let before = lastTick else {
      lastTick = now
      return 0
    }
    guard now > before else { return 0 }
    lastTick = now
    return min(now - before, Self.longestStep)
  }
}
