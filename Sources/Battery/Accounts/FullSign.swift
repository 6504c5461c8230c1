// SPDX-License-Identifier: Apache-2.0

import Quantities

/// Tells when a battery is full, from what the charge control does, the cells and the current.
///
/// The battery's own state of charge alone never does, because it drifts.
struct FullSign: Sendable {
  /// What a reading says.
  enum Verdict: Sendable {
    case notFull
    /// Held at float with hardly any current: nearly full.
    case held
    case full
  }

  /// A current up to a twentieth of the capacity an hour is a tail current.
  static let tailShare: Int64 = 20
  /// Held at float means that at most a two-hundredth of the capacity an hour flows in, or a thousandth out.
  static let restShares: (in: Int64, out: Int64) = (200, 1000)
  /// Cells this far below float still count as held there.
  static let tolerance = CellVoltage.millivolts(10)
  /// How long the battery's own word must hold, in milliseconds.
  static let hold: Int64 = 60_000

  private var mode: ChargeMode?
  private var isAbsorbed = false
  private var saysSince: Tick?

  /// Whether the battery is full at this reading, or held so.
  ///
  /// Where the charge control is silent there is no mode, where the settings have no float voltage none of what
  /// goes by it; the state of charge is the battery's own, where the reading told it.
  mutating func judge(
    mode new: ChargeMode?, current: Current, soc: Percent?, lowest: CellVoltage?,
    float: CellVoltage?, capacity: Charge, at now: Tick
  ) -> Verdict {
    if mode == .transition, new == .floatApproach { isAbsorbed = true }
    let isHolding = new == .floatApproach || new == .float
    if !isHolding { isAbsorbed = false }
    mode = new
    let amperes = Int64(current.raw)
    let tail = capacity.raw / Self.tailShare
    // The end of absorption, seen once the current has tapered.
    if isAbsorbed, amperes <= tail {
      isAbsorbed = false
      return .full
    }
    guard let lowest, let float else { return .notFull }
    let isAtRest =
      amperes <= capacity.raw / Self.restShares.in && amperes >= -capacity.raw / Self.restShares.out
    if isHolding, isAtRest, lowest >= float - Self.tolerance { return .held }
    guard let soc, soc >= .percent(100), lowest >= float, amperes.magnitude <= UInt64(tail) else {
      saysSince = nil
      return .notFull
    }
    let since = saysSince ?? now
    saysSince = since
    return now - since >= Self.hold ? .full : .notFull
  }

  /// Forgets how long anything has held: readings were missing.
  mutating func interrupt() { saysSince = nil }
}
