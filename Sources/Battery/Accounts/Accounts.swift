// SPDX-License-Identifier: Apache-2.0

public import Quantities

/// The gateway's own books on one battery: state of charge counted from the current, cycles, full charges,
/// extremes, and the time that is left.
///
/// For people only: no limit is decided by them, and no inverter is told of them. Fed with each live reading
/// and its time, once it is known what an earlier run held.
public struct Accounts: Sendable {
  /// What the owner's settings say of the battery.
  public struct Terms: Hashable, Sendable {
    /// Capacity; `nil` takes what the battery reports.
    public var capacity: Charge?
    /// The voltage at which a full cell is held.
    public var float: CellVoltage?
    /// The voltage of the lowest cell that ends a discharge.
    public var floor: CellVoltage?

    /// Terms with these numbers.
    public init(
      capacity: Charge? = nil, float: CellVoltage? = nil, floor: CellVoltage? = nil
    ) {
      self.capacity = capacity
      self.float = float
      self.floor = floor
    }
  }

  /// A mean current below this is none, and then no time is told.
  public static let idle = Current.milliamperes(100)
  /// The longest time that is told, in seconds: ten days.
  public static let longestTime: Int64 = 864_000

  /// What the settings say.
  public var terms: Terms
  /// What is kept of the whole life.
  public internal(set) var lifetime = Lifetime()
  /// When the battery was last full; may lie before this run, `nil` where it is not known.
  public internal(set) var fullAt: Tick?
  /// Whether it is known what an earlier run held; before that nothing is counted.
  public internal(set) var isOpen = false

  var counter: CoulombCounter
  private var mean = CurrentMean()
  private var sign = FullSign()
  private var isFirst = true

  /// Books that are still closed.
  public init(_ terms: Terms, longestGap: Int64) {
    self.terms = terms
    counter = CoulombCounter(longestGap: longestGap)
  }

  /// Takes a live reading into account and tells the snapshot, which has taken it already.
  public mutating func take(
    _ reading: Reading, mode: ChargeMode?, into snapshot: inout Snapshot, at now: Tick
  ) {
    guard isOpen, let voltage = reading.voltage, let current = reading.current else { return }
    let capacity = capacity(snapshot.reading)
    if counter.isGap(before: now) {
      mean.forget()
      sign.interrupt()
      lifetime.interrupt()
    }
    let counted = counter.count(current, capacity: capacity, at: now)
    lifetime.note(voltage)
    if let counted {
      mean.add(twice: counted.twice, milliseconds: counted.milliseconds, at: now)
    }
    if let capacity {
      if let counted { lifetime.note(twice: counted.twice, capacity: capacity) }
      let verdict = sign.judge(
        mode: mode, current: current, soc: reading.soc, lowest: snapshot.reading.cellMin,
        float: terms.float, capacity: capacity, at: now)
      note(verdict, capacity, at: now)
    }
    if let lowest = snapshot.reading.cellMin, let floor = terms.floor {
      lifetime.note(lowest: lowest, floor: floor, isFirst: isFirst, at: now)
    }
    isFirst = false
    if let consumed = counter.consumed { lifetime.note(consumed: consumed) }
    tell(reading, capacity, &snapshot, now)
  }

  private mutating func note(_ verdict: FullSign.Verdict, _ capacity: Charge, at now: Tick) {
    switch verdict {
    case .notFull: return
    case .held: counter.hold(capacity)
    case .full: counter.anchor()
    }
    fullAt = now
    lifetime.noteFull(capacity)
  }

  /// Takes back the times that are left: the readings are too old to say.
  public func hush(_ snapshot: inout Snapshot, at now: Tick) {
    for point in [Point.timeToEmpty, .timeToFull] where snapshot[point]?.isDerived == true {
      snapshot.keep(point, nil, at: now)
    }
  }

  /// The capacity by which shares are reckoned: the owner's word, or the battery's.
  private func capacity(_ reading: Reading) -> Charge? {
    let told = (reading[.full] ?? reading[.nominal]).map { Charge(raw: $0) }
    return (terms.capacity ?? told).flatMap { CoulombCounter.isCapacity($0) ? $0 : nil }
  }

  private func tell(
    _ reading: Reading, _ capacity: Charge?, _ snapshot: inout Snapshot, _ now: Tick
  ) {
    let consumed = counter.consumed
    let soc = capacity.flatMap { counter.soc($0) }
    var remaining: Charge?
    if let capacity, let consumed { remaining = max(.zero, capacity - consumed) }
    snapshot.keep(.consumed, consumed?.raw, at: now)
    snapshot.keep(.consumedMargin, counter.margin?.raw, at: now)
    snapshot.keep(.countedSOC, soc.map { Int64($0.raw) }, at: now)
    snapshot.keep(.countedRemaining, remaining?.raw, at: now)
    if let soc, let told = reading.soc {
      snapshot.keep(.socDrift, Int64((told - soc).raw), at: now)
    } else {
      snapshot.keep(.socDrift, nil, at: now)
    }
    snapshot.keep(.countedCycles, lifetime.cycles, at: now)
    snapshot.keep(.fullCharges, lifetime.fullCharges, at: now)
    snapshot.keep(.fullDischarges, lifetime.fullDischarges, at: now)
    snapshot.keep(.sinceFullCharge, fullAt.map { (now - $0) / 1000 }, at: now)
    snapshot.keep(.deepestDischarge, lifetime.deepest?.raw, at: now)
    snapshot.keep(.lastDischarge, lifetime.lastDischarge?.raw, at: now)
    snapshot.keep(
      .averageDischarge, capacity.flatMap { lifetime.averageDischarge($0)?.raw }, at: now)
    snapshot.keep(.lowestVoltage, lifetime.lowest.map { Int64($0.raw) }, at: now)
    snapshot.keep(.highestVoltage, lifetime.highest.map { Int64($0.raw) }, at: now)
    tellTimes(reading, capacity, remaining, &snapshot, now)
  }

  /// Times at the mean current, unless the battery tells its own.
  private func tellTimes(
    _ reading: Reading, _ capacity: Charge?, _ counted: Charge?, _ snapshot: inout Snapshot,
    _ now: Tick
  ) {
    let remaining = (counted ?? snapshot.reading.amount(.remaining, as: ChargeScale.self))?.raw
    let current = mean.mean.map { Int64($0.raw) } ?? 0
    var times: (empty: Int64?, full: Int64?) = (nil, nil)
    if current <= -Int64(Self.idle.raw) {
      times.empty = remaining.flatMap { Self.time($0, at: -current) }
    } else if current >= Int64(Self.idle.raw), let remaining, let capacity {
      times.full = Self.time(capacity.raw - remaining, at: current)
    }
    if reading[.timeToEmpty] == nil { snapshot.keep(.timeToEmpty, times.empty, at: now) }
    if reading[.timeToFull] == nil { snapshot.keep(.timeToFull, times.full, at: now) }
  }

  /// Whole minutes, in seconds, until so many mAh have flowed at so many mA; `nil` beyond what is told.
  private static func time(_ charge: Int64, at current: Int64) -> Int64? {
    guard (0...CoulombCounter.largest).contains(charge) else { return nil }
    let seconds = charge * 3600 / current / 60 * 60
    return seconds <= longestTime ? seconds : nil
  }
}
