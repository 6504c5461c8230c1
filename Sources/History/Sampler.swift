// SPDX-License-Identifier: Apache-2.0
import Battery
import Quantities

/// Chooses which records of one battery are stored: one in each interval, and every one around an
/// event.
///
/// An event is a change of alarms, warnings, mode or stage. Time is that of the records.
package struct Sampler: Sendable {
  /// How many records are stored.
  package struct Rate: Hashable, Sendable {
    /// One record in each of these, in milliseconds.
    package var interval: Int64 = 1000
    /// So long before an event every record is stored, in milliseconds.
    package var before: Int64 = 10_000
    /// So long after an event every record is stored, in milliseconds.
    package var after: Int64 = 30_000

    /// The usual rate: one a second; all from 10 s before an event to 30 s after.
    package init() {}
  }

  private let rate: Rate
  /// Records that were not stored, in case an event follows.
  private var held: [Record] = []
  private var lastSlot: Int64?
  private var fullUntil: Tick?
  private var last: Record?
  private var alarms: AlarmSet = []
  private var warnings: AlarmSet = []

  /// The most records that are held, whatever the rate.
  private static let capacity = 1024

  /// A sampler that has seen nothing.
  package init(rate: Rate = Rate()) { self.rate = rate }

  /// Takes the next record of the battery and appends what is to be stored now.
  ///
  /// Records that were held back come before it, with their own, lower sequences.
  package mutating func take(
    _ record: Record, records: inout [Record], events: inout [Event]
  ) {
    let now = record.moment.monotonic
    let count = events.count
    let isFirst = last == nil
    note(record, &events)
    last = record
    // What is active when the first record comes did not happen now.
    if events.count > count && !isFirst {
      records.append(contentsOf: held.filter { now - $0.moment.monotonic <= rate.before })
      held.removeAll(keepingCapacity: true)
      fullUntil = now + rate.after
    }
    let slot = now.milliseconds.dividedDown(by: max(1, rate.interval))
    let isFull = fullUntil.map { now <= $0 } ?? false
    if slot != lastSlot || isFull {
      lastSlot = slot
      records.append(record)
    } else {
      hold(record, at: now)
    }
  }

  private mutating func hold(_ record: Record, at now: Tick) {
    guard rate.before > 0 else { return }
    let old = held.firstIndex { now - $0.moment.monotonic <= rate.before } ?? held.count
    held.removeFirst(max(old, held.count - Sampler.capacity + 1))
    held.append(record)
  }

  private mutating func note(_ record: Record, _ events: inout [Event]) {
    func event(_ kind: Event.Kind, _ code: UInt8, previous: UInt8? = nil) -> Event {
      Event(
        kind, battery: record.battery, boot: record.boot, sequence: record.sequence,
        at: record.moment, code: Int64(code), previous: previous.map { Int64($0) })
    }
    // While alarms are not known, none is cleared.
    if let now = record.alarms {
      for alarm in now.subtracting(alarms).list {
        events.append(event(.alarmRaised, alarm.rawValue))
      }
      for alarm in alarms.subtracting(now).list {
        events.append(event(.alarmCleared, alarm.rawValue))
      }
      alarms = now
    }
    if let now = record.warnings {
      for alarm in now.subtracting(warnings).list {
        events.append(event(.warningRaised, alarm.rawValue))
      }
      for alarm in warnings.subtracting(now).list {
        events.append(event(.warningCleared, alarm.rawValue))
      }
      warnings = now
    }
    for (code, text) in record.changes.enumerated() {
      events.append(
        Event(
          .batteryChanged, battery: record.battery, boot: record.boot, sequence: record.sequence,
          at: record.moment, code: Int64(code), note: text))
    }
    guard let last else { return }
    if let mode = record.mode, mode != last.mode {
      events.append(event(.mode, mode.rawValue, previous: last.mode?.rawValue))
    }
    if record.freshness != last.freshness {
      let previous = last.freshness.rawValue
      events.append(event(.freshness, record.freshness.rawValue, previous: previous))
    }
  }
}
