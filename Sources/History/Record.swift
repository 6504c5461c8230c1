// SPDX-License-Identifier: Apache-2.0
package import Battery
import Quantities

/// One stored reading of one battery.
///
/// A value that was not known at that moment is absent, as in a `Reading`.
package struct Record: Sendable {
  /// Which battery, by the small number that ``HistoryStore/battery(named:)`` gave its name.
  package var battery: Int
  /// Which run of the gateway, unique in the life of a history and growing; 0 until it is stored.
  package var boot: Int64
  /// Counts the readings of this battery within the run, stored or not, from any start.
  package var sequence: Int64
  /// When it was put together.
  package var moment: Moment
  /// The values; cutoffs and identity are not kept.
  package var reading: Reading
  /// Which values were computed, not sent by the battery, by the raw value of their point.
  package var derived: UInt64
  /// What the charge control did; `nil` where none was at work.
  package var mode: ChargeMode?
  /// How old the values were when they were decided upon.
  package var freshness: Freshness
  /// What became different of who the battery is, in words; becomes events and is not kept itself.
  package var changes: [String] = []

  /// A record with these values.
  package init(
    battery: Int, boot: Int64 = 0, sequence: Int64, at moment: Moment, reading: Reading = Reading(),
    derived: UInt64 = 0, mode: ChargeMode? = nil, freshness: Freshness = .fresh
  ) {
    self.battery = battery
    self.boot = boot
    self.sequence = sequence
    self.moment = moment
    self.reading = reading
    self.derived = derived
    self.mode = mode
    self.freshness = freshness
  }

  /// Its place in the battery's log.
  package var position: Position { Position(boot: boot, sequence: sequence) }

  /// The value of a point in steps of its scale; `nil` where it was not known.
  package subscript(point: Point) -> Int64? { reading[point] }

  /// Protections that were active; `nil` where the battery does not tell or is no longer believed.
  package var alarms: AlarmSet? { reading.reportsAlarms ? reading.alarms : nil }

  /// Warnings that were active; `nil` where the battery does not tell or is no longer believed.
  package var warnings: AlarmSet? { reading.reportsAlarms ? reading.warnings : nil }
}

extension Record {
  /// What is kept of one moment of the control loop.
  ///
  /// Once the readings are stale, measured values are left out, because they are no longer
  /// measured. So is each value whose own frame is older than `oldest` milliseconds. The limits
  /// that were decided take the place of those that the battery itself reports and are marked as
  /// computed; `nil` where nothing was decided.
  package init(
    battery: Int, sequence: Int64, snapshot: Snapshot, limits: Limits?, freshness: Freshness,
    at moment: Moment, oldest: Int64 = 60_000
  ) {
    self.init(
      battery: battery, sequence: sequence, at: moment, mode: limits?.mode, freshness: freshness)
    if freshness < .stale { take(snapshot, oldest: oldest) }
    guard let limits else { return }
    reading.set(.chargeVoltageLimit, limits.chargeVoltage.value)
    reading.set(.chargeCurrentLimit, limits.chargeCurrent.value)
    reading.set(.dischargeCurrentLimit, limits.dischargeCurrent.value)
    reading.set(.dischargeVoltageLimit, limits.dischargeVoltage)
    for point in Record.limits { derived |= 1 << UInt64(point.rawValue) }
  }

  private static let limits: [Point] = [
    .chargeVoltageLimit, .chargeCurrentLimit, .dischargeCurrentLimit, .dischargeVoltageLimit,
  ]

  private mutating func take(_ snapshot: Snapshot, oldest: Int64) {
    for point in Point.allCases {
      guard let sample = snapshot[point], moment.monotonic - sample.at <= oldest else { continue }
      reading[point] = sample.value
      if sample.isDerived { derived |= 1 << UInt64(point.rawValue) }
    }
    reading.cells = snapshot.reading.cells
    reading.temperatures = snapshot.reading.temperatures
    reading.alarms = snapshot.reading.alarms
    reading.warnings = snapshot.reading.warnings
    reading.reportsAlarms = snapshot.reading.reportsAlarms
  }
}

extension Record: Equatable {
  /// Whether all that is kept of two records is the same.
  package static func == (a: Record, b: Record) -> Bool {
    guard
      a.battery == b.battery, a.position == b.position, a.moment == b.moment,
      a.derived == b.derived, a.mode == b.mode, a.freshness == b.freshness,
      a.alarms == b.alarms, a.warnings == b.warnings
    else { return false }
    for point in Point.allCases where a[point] != b[point] { return false }
    return same(a.reading.cells, b.reading.cells)
      && same(a.reading.temperatures, b.reading.temperatures)
  }

  private static func same(_ a: Cells, _ b: Cells) -> Bool {
    guard a.count == b.count, a.reportsBalancing == b.reportsBalancing else { return false }
    if a.reportsBalancing && a.balancing != b.balancing { return false }
    for index in 0..<a.count where a[index] != b[index] { return false }
    return true
  }

  private static func same(_ a: Temperatures, _ b: Temperatures) -> Bool {
    guard a.count == b.count else { return false }
    for index in 0..<a.count where a[index] != b[index] { return false }
    return true
  }
}
