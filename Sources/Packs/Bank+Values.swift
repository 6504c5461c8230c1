// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

extension Bank {
  /// One value that was told or computed, with the time of the oldest that it depends on.
  private struct Value {
    var value: Int64
    var at: Tick
  }

  /// Puts together what is known of a whole from its parts that are heard.
  ///
  /// - Parameters:
  ///   - joint: the whole.
  ///   - parts: all its parts.
  ///   - inside: those that are joined to each other; where there are none, all that are heard.
  ///   - isSeries: whether voltages add up.
  ///   - now: the moment.
  func show(
    _ joint: inout Joint, of parts: [Joint], inside: [Joint], isSeries: Bool, at now: Tick
  ) {
    let heard = parts.filter({ $0.isHeard })
    guard !heard.isEmpty else { return }
    let inside = inside.isEmpty ? heard : inside
    var snapshot = Snapshot()
    let times = heard.compactMap({ $0.snapshot.liveAt })
    let liveAt = (isSeries ? times.min() : times.max()) ?? now
    snapshot.take(Self.united(heard, isSeries: isSeries), at: liveAt, isLive: true)
    for point in Point.allCases {
      let value = Self.value(point, parts, heard, inside, isSeries: isSeries, at: now)
      snapshot.keep(point, value?.value, at: value?.at ?? now)
    }
    joint.places.lowestCell = Self.extreme(.cellMin, .cellMinNumber, heard, now, &snapshot) {
      $0 < $1
    }.flatMap({ $0.places.lowestCell })
    joint.places.highestCell = Self.extreme(.cellMax, .cellMaxNumber, heard, now, &snapshot) {
      $0 > $1
    }.flatMap({ $0.places.highestCell })
    joint.places.coldest = Self.extreme(.temperatureMin, nil, heard, now, &snapshot) { $0 < $1 }
      .flatMap({ $0.places.coldest })
    joint.places.hottest = Self.extreme(.temperatureMax, nil, heard, now, &snapshot) { $0 > $1 }
      .flatMap({ $0.places.hottest })
    Self.difference(.cellDelta, .cellMax, .cellMin, &snapshot)
    Self.difference(.socDrift, .soc, .countedSOC, &snapshot)
    joint.snapshot = snapshot
  }

  /// Alarms of all parts; cells one after the other where they are all in series.
  private static func united(_ heard: [Joint], isSeries: Bool) -> Reading {
    var reading = Reading()
    for part in heard {
      let own = part.snapshot.reading
      reading.reportable.formUnion(own.reportable)
      guard own.reportsAlarms else { continue }
      reading.reportsAlarms = true
      reading.alarms.formUnion(own.alarms)
      reading.warnings.formUnion(own.warnings)
    }
    let count = heard.reduce(0) { $0 + $1.snapshot.reading.cells.count }
    guard isSeries, count <= Cells.capacity,
      !heard.contains(where: { $0.snapshot.reading.cells.count == 0 })
    else { return reading }
    var balancing: UInt64 = 0
    for part in heard {
      let cells = part.snapshot.reading.cells
      balancing |= cells.balancing << UInt64(reading.cells.count)
      for index in 0..<cells.count { reading.cells.append(cells[index]) }
    }
    reading.cells.reportsBalancing = !heard.contains {
      !$0.snapshot.reading.cells.reportsBalancing
    }
    reading.cells.balancing = balancing
    return reading
  }

  private static func value(
    _ point: Point, _ parts: [Joint], _ heard: [Joint], _ inside: [Joint], isSeries: Bool,
    at now: Tick
  ) -> Value? {
    let joining = Joining(point, isSeries: isSeries)
    switch joining {
    case .none: return nil
    case .total:
      guard !parts.contains(where: { !$0.isWhole }) else { return nil }
      return sum(all(point, parts, now))
    case .sum: return sum(all(point, inside, now))
    case .mean: return mean(all(point, inside, now), inside.map { _ in 1 })
    case .weighted:
      let sizes = inside.compactMap { $0.size?.raw }
      let isKnown = sizes.count == inside.count && sizes.reduce(0, +) > 0
      return mean(all(point, inside, now), isKnown ? sizes : inside.map { _ in 1 })
    case .same:
      guard let values = all(point, inside, now), let first = values.first,
        !values.contains(where: { $0.value != first.value })
      else { return nil }
      return Value(value: first.value, at: oldest(values))
    case .lowest, .highest:
      // Of cells and sensors each counts that is heard; of the rest what is joined.
      let own: [Joint] =
        switch point {
        case .cellMin, .cellMax, .temperatureMin, .temperatureMax, .mosfetTemperature: heard
        default: inside
        }
      let values = told(point, own, now)
      let ordered = values.map({ $0.value })
      guard let least = ordered.min(), let most = ordered.max() else { return nil }
      return Value(value: joining == .lowest ? least : most, at: oldest(values))
    }
  }

  /// What those that tell a value say; none that is too old.
  private static func told(_ point: Point, _ parts: [Joint], _ now: Tick) -> [Value] {
    parts.compactMap { part in
      guard let sample = part.snapshot[point], now - sample.at <= part.oldest else { return nil }
      return Value(value: sample.value, at: sample.at)
    }
  }

  /// What all say; `nil` where any does not tell it.
  private static func all(_ point: Point, _ parts: [Joint], _ now: Tick) -> [Value]? {
    let values = told(point, parts, now)
    return values.count == parts.count ? values : nil
  }

  private static func oldest(_ values: [Value]) -> Tick { values.map({ $0.at }).min() ?? .never }

  private static func sum(_ values: [Value]?) -> Value? {
    guard let values, !values.isEmpty else { return nil }
    return Value(value: values.reduce(0) { saturated($0, $1.value) }, at: oldest(values))
  }

  private static func mean(_ values: [Value]?, _ weights: [Int64]) -> Value? {
    guard let values, !values.isEmpty else { return nil }
    var total: Int64 = 0
    for (value, weight) in zip(values, weights) {
      let (product, overflow) = value.value.multipliedReportingOverflow(by: weight)
      guard !overflow else { return nil }
      total = saturated(total, product)
    }
    let whole = weights.reduce(0, +)
    return Value(value: total.dividedRounding(by: max(1, whole)), at: oldest(values))
  }

  private static func saturated(_ a: Int64, _ b: Int64) -> Int64 {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? (a < 0 ? .min : .max) : sum
  }

  /// The part that holds an extreme; its cell's number is that of the whole.
  private static func extreme(
    _ point: Point, _ number: Point?, _ heard: [Joint], _ now: Tick, _ snapshot: inout Snapshot,
    _ isFurther: (Int64, Int64) -> Bool
  ) -> Joint? {
    var best: (part: Joint, value: Int64)?
    for part in heard {
      guard let value = told(point, [part], now).first?.value else { continue }
      if let before = best, !isFurther(value, before.value) { continue }
      best = (part, value)
    }
    if let number {
      let own = best.flatMap { told(number, [$0.part], now).first }
      snapshot.keep(number, own?.value, at: own?.at ?? now)
    }
    return best?.part
  }

  private static func difference(
    _ point: Point, _ from: Point, _ less: Point, _ snapshot: inout Snapshot
  ) {
    guard let a = snapshot[from], let b = snapshot[less] else {
      return snapshot.keep(point, nil, at: Tick(0))
    }
    snapshot.keep(point, a.value - b.value, at: min(a.at, b.at))
  }
}
