// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Quantities

/// From which mode to which the control may go, and by when it must.
struct ModeLaw {
  /// Half a step of 0.1 mV, V.
  private static let half = 0.000_05

  private var mode: ChargeMode?
  /// Fresh seconds in this mode.
  private var age = 0.0
  /// For how many fresh seconds each reason to leave has held without a break.
  private var held: [String: Double] = [:]
  private var absorbed = 0.0
  /// Fresh seconds since the pack was last charged full, silence in between or not.
  private var full = 0.0

  /// After silence the mode is chosen anew.
  mutating func forget() {
    let full = full
    self = ModeLaw()
    self.full = full
  }

  /// What is wrong with the mode of a fresh step; `nil` when nothing is.
  mutating func judge(
    _ limits: Limits, _ sight: Sight, _ scene: Scene, _ settings: ChargeSettings
  ) -> Law.Verdict? {
    let new = limits.mode
    if new == .floatApproach, mode != new { full = 0 }
    if mode == .floatApproach || mode == .float { full += scene.step }
    guard let old = mode, old == new else {
      let wrong = mode.flatMap { passage(from: $0, to: new, limits, sight) }
      mode = new
      age = 0
      absorbed = 0
      held = [:]
      return wrong
    }
    age += scene.step
    return overdue(limits, sight, scene)
  }

  private func passage(
    from old: ChargeMode, to new: ChargeMode, _ limits: Limits, _ sight: Sight
  ) -> Law.Verdict? {
    let (b, e) = (sight.bounds, Self.half)
    func refuse(_ why: String) -> Law.Verdict {
      ("modes change only by their table", "\(old.name) to \(new.name) \(why), after \(age) s")
    }
    switch new {
    case .sustain:
      let isLow =
        sight.low <= b.sustain + e || (sight.soc ?? 100) <= 5 && sight.low < b.float - 0.05 + e
      return isLow ? nil : refuse("though no cell is low")
    case .imbalanceHold:
      guard old != .sustain else { return refuse("though SUSTAIN comes first") }
      let isApart = sight.high - sight.low > 0.1 - e && sight.high >= b.topRegion - e
      return isApart ? nil : refuse("though cells are not apart near the top")
    case .transition:
      guard old == .bulk || old == .imbalanceHold else { return refuse("") }
      return sight.high >= b.target - 0.02 - e ? nil : refuse("below the target")
    case .floatApproach:
      guard old == .transition else { return refuse("") }
      // The shortest way is the dwell of 15 minutes, which begins with the mode.
      return age >= 880 ? nil : refuse("too early")
    case .float:
      guard old == .floatApproach else { return refuse("") }
      let cvl = Double(limits.chargeVoltage.value.raw) / 1000
      return cvl <= b.n * b.float + 0.002 ? nil : refuse("above float")
    case .bulk:
      switch old {
      case .transition where age < 290: return refuse("too early")
      case .imbalanceHold where age < 290, .sustain where age < 290: return refuse("too early")
      case .sustain where sight.low < b.sustainRelease - e: return refuse("below its release")
      case .float, .floatApproach:
        let isUsed = (sight.soc ?? 100) < 80 && sight.high < b.float - 0.05 + e
        let isApart = sight.high - sight.low >= 0.08 - e && sight.high >= b.float - 0.025 - e
        let isLow = sight.high <= b.float - 0.15 + e
        return isUsed || isApart || isLow || full > 10 * 86_400 - 60 ? nil : refuse("still full")
      default: return nil
      }
    }
  }

  private mutating func overdue(
    _ limits: Limits, _ sight: Sight, _ scene: Scene
  ) -> Law.Verdict? {
    guard let mode else { return nil }
    let (b, e) = (sight.bounds, Self.half)
    let spread = sight.high - sight.low
    var wrong: Law.Verdict?
    func must(_ name: String, _ condition: Bool, within seconds: Double) {
      held[name] = condition ? (held[name] ?? 0) + scene.step : 0
      guard (held[name] ?? 0) > seconds + 2 * scene.step + 1 else { return }
      wrong = ("a mode ends in time", "\(mode.name) though \(name) for \(held[name] ?? 0) s")
    }
    // What must be is asked for half a step of 0.1 mV beyond the bound, what may be half a step before it.
    let isEmpty =
      sight.low <= b.sustain - e || (sight.soc ?? 100) <= 5 && sight.low < b.float - 0.05 - e
    let isApart = spread > 0.1 + e && sight.high >= b.topRegion + e
    if mode != .sustain {
      must("nearly empty", isEmpty, within: 10)
      if mode != .imbalanceHold { must("apart", isApart, within: 10) }
    }
    switch mode {
    case .bulk: must("at the target", sight.high >= b.target - 0.02 + e, within: 10)
    case .transition:
      must("below the target", sight.high <= b.target - 0.031 - e, within: 300)
      let isCharging = sight.high > b.target - 0.031 + e && limits.chargeCurrent.value > .zero
      if isCharging { absorbed += scene.step }
      if absorbed > 7200 + 30 { wrong = ("absorption ends", "after \(absorbed) s") }
    case .floatApproach, .float:
      must("used", (sight.soc ?? 100) < 80 && sight.high < b.float - 0.05 - e, within: 60)
      must("apart at float", spread >= 0.08 + e && sight.high >= b.float - 0.025 + e, within: 60)
      must("low", sight.high <= b.float - 0.15 - e, within: 600)
      if full > 10 * 86_400 + 3600 { wrong = ("ten days full are enough", "\(full) s") }
    case .imbalanceHold:
      must("together", spread <= 0.05 - e || sight.high < b.topRegion - 0.025 - e, within: 300)
    case .sustain:
      let isCharged = (sight.soc ?? 100) >= 8 || sight.low >= b.float - 0.05 + e
      must("charged", sight.low >= b.sustainRelease + e && isCharged, within: 300)
    }
    return wrong
  }
}
