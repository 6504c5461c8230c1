// SPDX-License-Identifier: Apache-2.0

public import Quantities

/// Counts the charge drawn since a battery was last full, from its current alone.
///
/// Exact: twice the product of milliamperes and milliseconds is kept whole. All charge that goes in is taken
/// to come out again, as it does from lithium cells to within half a percent; each full charge begins
/// anew. Before the first one nothing is known, and a state of charge that the battery reports never stands in.
public struct CoulombCounter: Sendable {
  /// The longest time between two readings that is counted, in milliseconds.
  public let longestGap: Int64

  /// Twice mA·ms in one mAh.
  static let step: Int64 = 7_200_000
  /// No battery holds more, in mAh; keeps sums far from the end of 64 bits.
  static let largest: Int64 = 1_000_000_000
  /// A gap is taken to have drawn or charged a tenth of the capacity an hour, if not more.
  static let gapShare: Int64 = 10
  /// Beyond a tenth of the capacity the margin leaves nothing worth telling.
  static let marginShare: Int64 = 10

  /// Held at float at most a fiftieth of the capacity is missing.
  static let heldShare: Int64 = 50

  /// Twice mA·ms missing since full; `nil` while unknown.
  private var drawn: Int64?
  /// Twice mA·ms that may have flowed unseen since full.
  private var unseen: Int64 = 0
  private var last: (at: Tick, current: Int64)?

  /// A counter that knows nothing yet.
  public init(longestGap: Int64) { self.longestGap = longestGap }

  /// Charge missing since full, never negative; `nil` before the first full charge and after too long a gap.
  public var consumed: Charge? { drawn.map { Charge(raw: $0 / Self.step) } }

  /// How much may have flowed while no readings came, since full; `nil` while nothing is known.
  public var margin: Charge? {
    drawn.map { _ in Charge(raw: (unseen + Self.step - 1) / Self.step) }
  }

  /// The state of charge for a capacity; `nil` while unknown.
  public func soc(_ capacity: Charge) -> Percent? {
    guard let drawn, Self.isCapacity(capacity) else { return nil }
    // 100,000,000 / 7,200,000 = 1000 / 72.
    let missing = (drawn * 1000).dividedRounding(by: capacity.raw * 72)
    return Percent(clamping: max(0, 100_000_000 - missing))
  }

  /// The battery is full: nothing is missing, and nothing of the past matters any longer.
  public mutating func anchor() {
    drawn = 0
    unseen = 0
  }

  /// The battery is held at float: hardly anything is missing, whatever a small offset of the current has
  /// added up to.
  public mutating func hold(_ capacity: Charge) {
    guard Self.isCapacity(capacity) else { return }
    let most = capacity.raw * Self.step / Self.heldShare
    drawn = min(drawn ?? 0, most)
    unseen = min(unseen, most)
  }

  /// Goes on from what an earlier run counted.
  ///
  /// - Parameters:
  ///   - consumed: charge that was missing.
  ///   - margin: how much had flowed unseen.
  ///   - current: the current at its last reading.
  ///   - at: when that was; may lie before this run.
  public mutating func resume(_ consumed: Charge, margin: Charge, current: Current, at: Tick) {
    guard drawn == nil else { return }
    drawn = consumed.raw.clamped(to: 0...Self.largest) * Self.step
    unseen = margin.raw.clamped(to: 0...Self.largest) * Self.step
    last = (at, Int64(current.raw))
  }

  /// Whether a reading at `now` would be the first, or follow a gap that is not counted.
  public func isGap(before now: Tick) -> Bool {
    last.map { now - $0.at > longestGap } ?? true
  }

  /// Counts up to a reading received at `now`; `capacity` bounds what a gap may hide.
  /// - Returns: milliseconds that were counted, and twice the mA·ms in them; `nil` for the first reading and
  ///   after a gap.
  @discardableResult
  public mutating func count(
    _ current: Current, capacity: Charge?, at now: Tick
  ) -> (milliseconds: Int64, twice: Int64)? {
    let amperes = Int64(current.raw)
    guard let before = last else {
      last = (now, amperes)
      return nil
    }
    guard now > before.at else { return nil }
    last = (now, amperes)
    let time = now - before.at
    guard time <= longestGap else {
      passGap(time, max(before.current.magnitude, amperes.magnitude), capacity)
      return nil
    }
    let twice = (before.current + amperes) * time
    if let drawn {
      self.drawn = (drawn - twice).clamped(to: 0...Self.largest * Self.step)
    }
    return (time, twice)
  }

  /// What flowed in a gap is not known: the margin grows by what may have, or the count ends.
  private mutating func passGap(_ time: Int64, _ current: UInt64, _ capacity: Charge?) {
    guard drawn != nil else { return }
    guard let capacity, Self.isCapacity(capacity) else { return drawn = nil }
    let rate = max(Int64(clamping: current), capacity.raw / Self.gapShare)
    let (product, overflow) = rate.multipliedReportingOverflow(by: time)
    guard !overflow, product < Self.largest * Self.step / 4 else { return drawn = nil }
    unseen += product * 2
    if unseen > capacity.raw / Self.marginShare * Self.step { drawn = nil }
  }

  /// Whether it is an amount that a battery can hold.
  static func isCapacity(_ charge: Charge) -> Bool { charge.raw > 0 && charge.raw <= largest }
}

extension Int64 {
  /// This number, or the end of the range that it lies beyond.
  func clamped(to range: ClosedRange<Int64>) -> Int64 {
    Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}
