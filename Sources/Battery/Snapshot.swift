// SPDX-License-Identifier: Apache-2.0

public import Quantities

/// Everything known about one battery at one moment: each value with the time at which the checked
/// frame that carried it was received.
///
/// The age of a value counts from the frame, not from its last change: a battery at rest is not stale.
@frozen public struct Snapshot: BitwiseCopyable, Sendable {
  /// The newest value of everything.
  public private(set) var reading = Reading()
  /// Which values were computed here from others, by the raw value of their point.
  public private(set) var derived: UInt64 = 0
  /// When the last checked frame of the live values came; `nil` before the first.
  public private(set) var liveAt: Tick?
  /// When the cutoffs were last told; `nil` before the first time.
  public private(set) var cutoffsAt: Tick?

  private var times: [49 of Int64] = .init(repeating: 0)

  /// Nothing known yet.
  public init() {}

  /// How a value came to be, and how old it is.
  public struct Sample: Sendable {
    /// The value in steps of the point's scale.
    public let value: Int64
    /// When the frame that carried it was received.
    public let at: Tick
    /// Whether it was computed here from values of that frame.
    public let isDerived: Bool
  }

  /// The newest value of a point, with its time; `nil` where the battery never told it.
  public subscript(point: Point) -> Sample? {
    guard let value = reading[point] else { return nil }
    let index = Int(point.rawValue)
    return Sample(
      value: value, at: Tick(times[index]), isDerived: derived >> UInt64(index) & 1 == 1)
  }

  /// Takes over what a checked frame said.
  ///
  /// `isLive` says whether the frame carried the values that limits are decided from; only such
  /// frames count as a sign of life.
  public mutating func take(_ new: Reading, at now: Tick, isLive: Bool) {
    for point in Point.allCases {
      guard let value = new[point] else { continue }
      set(point, value, at: now, isDerived: false)
    }
    if new.cells.count > 0 { reading.cells = new.cells }
    if new.temperatures.count > 0 { reading.temperatures = new.temperatures }
    if new.reportsAlarms {
      reading.alarms = new.alarms
      reading.warnings = new.warnings
      reading.reportable = new.reportable
      reading.reportsAlarms = true
    }
    if new.cutoffs != Cutoffs() {
      reading.cutoffs.merge(new.cutoffs)
      cutoffsAt = now
    }
    reading.identity.merge(new.identity)
    if isLive { liveAt = now }
    derive(from: new, at: now)
  }

  /// Milliseconds since the last checked frame of live values; `nil` before the first.
  public func age(at now: Tick) -> Int64? { liveAt.map { now - $0 } }

  /// Sets a value that this gateway itself keeps, such as an energy counter; `nil` while it has none.
  public mutating func keep(_ point: Point, _ value: Int64?, at now: Tick) {
    guard let value else {
      reading[point] = nil
      derived &= ~(1 << UInt64(point.rawValue))
      return
    }
    set(point, value, at: now, isDerived: true)
  }

  private mutating func set(_ point: Point, _ value: Int64, at now: Tick, isDerived: Bool) {
    let index = Int(point.rawValue)
    reading[point] = value
    times[index] = now.milliseconds
    if isDerived { derived |= 1 << UInt64(index) } else { derived &= ~(1 << UInt64(index)) }
  }

  /// Computes what follows from one frame's values alone; values of different frames are never mixed.
  private mutating func derive(from new: Reading, at now: Tick) {
    func missing(_ point: Point) -> Bool { new[point] == nil }
    if missing(.power), let voltage = new.voltage, let current = new.current {
      set(.power, (voltage * current).raw, at: now, isDerived: true)
    }
    if let (lowest, highest) = new.cells.extremes {
      if missing(.cellMin) { set(.cellMin, Int64(new.cells[lowest].raw), at: now, isDerived: true) }
      if missing(.cellMax) {
        set(.cellMax, Int64(new.cells[highest].raw), at: now, isDerived: true)
      }
      if missing(.cellMinNumber) {
        set(.cellMinNumber, Int64(lowest + 1), at: now, isDerived: true)
      }
      if missing(.cellMaxNumber) {
        set(.cellMaxNumber, Int64(highest + 1), at: now, isDerived: true)
      }
      if missing(.cellAverage), let average = new.cells.average {
        set(.cellAverage, Int64(average.raw), at: now, isDerived: true)
      }
      if missing(.cellDelta) {
        let delta = new.cells[highest] - new.cells[lowest]
        set(.cellDelta, Int64(delta.raw), at: now, isDerived: true)
      }
    } else if missing(.cellDelta), let low = new.cellMin, let high = new.cellMax {
      set(.cellDelta, Int64((high - low).raw), at: now, isDerived: true)
    }
    if let (coldest, hottest) = new.temperatures.extremes {
      if missing(.temperatureMin) {
        set(.temperatureMin, Int64(coldest.raw), at: now, isDerived: true)
      }
      if missing(.temperatureMax) {
        set(.temperatureMax, Int64(hottest.raw), at: now, isDerived: true)
      }
    }
    // No battery holds more than this many ampere-hours; a share of such a number would be none.
    if missing(.soc), let remaining = new[.remaining], let full = new[.full], full > 0,
      remaining >= 0, full <= Charge.ampereHours(1_000_000).raw
    {
      let share = min(remaining, full) * 100_000_000
      set(.soc, share.dividedRounding(by: full), at: now, isDerived: true)
    }
    if missing(.remaining), let soc = new.soc, let full = reading[.full] ?? reading[.nominal] {
      let remaining = Charge(raw: full).scaled(by: Int64(soc.raw), over: 100_000_000)
      set(.remaining, remaining.raw, at: now, isDerived: true)
    }
  }
}
