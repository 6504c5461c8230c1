// SPDX-License-Identifier: Apache-2.0

public import Quantities

extension Accounts {
  /// What an earlier run left behind.
  public struct Earlier: Sendable {
    /// What it kept of the whole life.
    public var lifetime = Lifetime()
    /// Charge missing since full at its last reading; `nil` where that was not known.
    public var consumed: Charge?
    /// How much had flowed unseen.
    public var margin = Charge.zero
    /// The current at its last reading.
    public var current = Current.zero
    /// Milliseconds from the last full charge to its last reading.
    public var sinceFull: Int64?

    /// Nothing: the battery was never seen before.
    public init() {}

    /// What a store holds.
    ///
    /// - Parameters:
    ///   - latest: the newest value of a point, however old.
    ///   - last: the last reading that was stored; what it does not say was not known then.
    public init(latest: (Point) -> Int64?, last: Reading?) {
      lifetime.cycles = (latest(.countedCycles) ?? 0).clamped(to: 0...(1 << 40))
      lifetime.fullCharges = (latest(.fullCharges) ?? 0).clamped(to: 0...(1 << 40))
      lifetime.fullDischarges = (latest(.fullDischarges) ?? 0).clamped(to: 0...(1 << 40))
      lifetime.deepest = latest(.deepestDischarge).map { Charge(raw: $0) }
      lifetime.lastDischarge = latest(.lastDischarge).map { Charge(raw: $0) }
      lifetime.lowest = latest(.lowestVoltage).map { Voltage(clamping: $0) }
      lifetime.highest = latest(.highestVoltage).map { Voltage(clamping: $0) }
      guard let last, let current = last.current else { return }
      self.current = current
      consumed = last.amount(.consumed, as: ChargeScale.self)
      margin = last.amount(.consumedMargin, as: ChargeScale.self) ?? .zero
      sinceFull = last[.sinceFullCharge].map { $0.clamped(to: 0...(1 << 40)) * 1000 }
    }
  }

  /// Opens the books with what an earlier run held; once.
  ///
  /// `gap` is how many milliseconds ago its last reading came; `nil` where no clock can tell. The count then waits
  /// for the next full charge, and so does the time since the last one.
  public mutating func open(_ earlier: Earlier, gap: Int64?, at now: Tick) {
    guard !isOpen else { return }
    isOpen = true
    lifetime = earlier.lifetime
    guard let gap, gap >= 0 else { return }
    let then = Tick(now.milliseconds.subtractingSaturated(gap))
    if let consumed = earlier.consumed {
      counter.resume(consumed, margin: earlier.margin, current: earlier.current, at: then)
    }
    fullAt = earlier.sinceFull.map { Tick(then.milliseconds.subtractingSaturated($0)) }
  }
}

extension Int64 {
  /// The difference, or the end of 64 bits that it passes.
  fileprivate func subtractingSaturated(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? .min : difference
  }
}
