// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

/// Whether limits and modes stay calm.
///
/// A reversal is a rise of a limit by at least a tenth of the highest that the trial has seen, after a fall
/// by as much. The bounds are for any hour. Where sun and load are steady, and for half an hour nothing has
/// gone wrong, a pack that only fills up or empties has no reason to swing at all.
struct Calm {
  /// How often something may happen in an hour.
  struct Counts: Sendable {
    /// Changes of the mode.
    var modes = 12
    /// Reversals of CCL, and of DCL.
    var charge = 40
    var discharge = 40
    /// Reversals of both while all is steady.
    var steady = 3
    /// Times that DCL falls to 0, which makes a house dark, without anything gone wrong.
    var blackouts = 5

    /// None.
    static let none = Counts(modes: 0, charge: 0, discharge: 0, steady: 0, blackouts: 0)
  }

  /// The most of each that any hour has seen.
  private(set) var most = Counts.none
  private var modes = Hour()
  private var charge = Hour()
  private var discharge = Hour()
  private var steady = Hour()
  private var blackouts = Hour()
  private var chargeTurns = Turns()
  private var dischargeTurns = Turns()
  private var last: Limits?
  private var quietSince: Int64 = 0

  mutating func judge(_ scene: Scene, isSteady: Bool) -> Law.Verdict? {
    let second = scene.second
    if !scene.troubles.isEmpty || scene.freshness != .fresh { quietSince = second }
    guard let limits = scene.limits else {
      last = nil
      return nil
    }
    let isQuiet = second - quietSince > 1800
    if let last {
      if last.mode != limits.mode { modes.add(second) }
      let isOut = limits.dischargeCurrent.value == .zero && last.dischargeCurrent.value > .zero
      if isOut, isQuiet { blackouts.add(second) }
    }
    last = limits
    if chargeTurns.rises(limits.chargeCurrent.value) {
      charge.add(second)
      if isSteady, isQuiet { steady.add(second) }
    }
    if dischargeTurns.rises(limits.dischargeCurrent.value) {
      discharge.add(second)
      if isSteady, isQuiet { steady.add(second) }
    }
    return verdict(second)
  }

  private mutating func verdict(_ second: Int64) -> Law.Verdict? {
    let counts = Counts(
      modes: modes.count(second), charge: charge.count(second), discharge: discharge.count(second),
      steady: steady.count(second), blackouts: blackouts.count(second))
    most = most.larger(counts)
    let allowed = Counts()
    func many(_ rule: String, _ count: Int, _ bound: Int, _ what: String) -> Law.Verdict? {
      count > bound ? (rule, "\(count) \(what) in an hour") : nil
    }
    return many("modes stay calm", counts.modes, allowed.modes, "changes of the mode")
      ?? many("limits stay calm", counts.charge, allowed.charge, "reversals of CCL")
      ?? many("limits stay calm", counts.discharge, allowed.discharge, "reversals of DCL")
      ?? many("no limit cycle", counts.steady, allowed.steady, "reversals with steady sun and load")
      ?? many("a house stays lit", counts.blackouts, allowed.blackouts, "falls of DCL to 0")
  }
}

extension Calm.Counts {
  /// The larger of each.
  func larger(_ other: Self) -> Self {
    Self(
      modes: max(modes, other.modes), charge: max(charge, other.charge),
      discharge: max(discharge, other.discharge), steady: max(steady, other.steady),
      blackouts: max(blackouts, other.blackouts))
  }
}

/// What happened within the last hour.
private struct Hour {
  private var seconds: [Int64] = []

  mutating func add(_ second: Int64) { seconds.append(second) }

  mutating func count(_ second: Int64) -> Int {
    while let first = seconds.first, first <= second - 3600 { seconds.removeFirst() }
    return seconds.count
  }
}

/// Falls and rises of a limit, each by a tenth of the highest so far at least.
private struct Turns {
  private var most: Int32 = 0
  private var extreme: Int32 = 0
  private var isFalling = false

  /// Whether the limit has just risen enough after it fell enough.
  mutating func rises(_ limit: Current) -> Bool {
    let value = limit.raw
    most = max(most, value)
    let step = max(1, most / 10)
    if isFalling {
      extreme = min(extreme, value)
      guard value >= extreme + step else { return false }
      isFalling = false
      extreme = value
      return true
    }
    extreme = max(extreme, value)
    if value <= extreme - step {
      isFalling = true
      extreme = value
    }
    return false
  }
}
