// SPDX-License-Identifier: Apache-2.0

import Battery
import History
import Machine
import Packs
import Quantities

/// Hands readings to the history, on the control thread: at once where there is room, and from a short
/// backlog where the writer is being started.
struct HistoryFeed {
  /// How many records wait for a writer; beyond, the oldest go.
  private static let longestBacklog = 512

  /// Whether the settings ask for a history; its writer may still be on its way.
  var isWanted: Bool { didSet { if !isWanted { backlog.removeAll() } } }
  private(set) var writer: HistoryWriter?
  private var backlog: [(battery: String, record: Record)] = []
  private let numbers: RecordNumbers
  private let started = MonotonicClock.now()

  init(isWanted: Bool, numbers: RecordNumbers) {
    self.isWanted = isWanted
    self.numbers = numbers
  }

  /// Goes on with another writer, or none.
  mutating func change(to writer: HistoryWriter?) {
    self.writer = writer
    guard let writer else { return }
    for entry in backlog { offer(entry.record, of: entry.battery, to: writer) }
    backlog.removeAll()
  }

  /// Hands over what is known of a battery now.
  mutating func take(
    _ controller: Controller, of battery: BatterySettings, changes: [String] = [], at moment: Moment
  ) {
    guard isWanted else { return }
    var record = Record(
      battery: 0, sequence: numbers.next(), snapshot: controller.snapshot,
      limits: controller.limits,
      freshness: controller.freshness, at: moment, oldest: battery.oldestValue)
    record.changes = changes
    take(record, of: battery.name)
  }

  /// Hands over what is known of a bank now.
  mutating func take(_ bank: Bank, of name: String, at moment: Moment) {
    guard isWanted else { return }
    take(
      Record(
        battery: 0, sequence: numbers.next(), snapshot: bank.snapshot, limits: bank.limits,
        freshness: bank.freshness, at: moment, oldest: 180_000), of: name)
  }

  private mutating func take(_ record: Record, of name: String) {
    if let writer, writer.isOpen { return offer(record, of: name, to: writer) }
    if backlog.count == Self.longestBacklog { backlog.removeFirst() }
    backlog.append((name, record))
  }

  /// What the counters of a battery stood at when the last run ended; `nil` while that is not known.
  ///
  /// Without a history they begin at zero. While one cannot be read, no counter is told to anybody, since
  /// a smaller one would be wrong.
  func counters(of battery: String) -> Controller.Counters? {
    var counters = Controller.Counters()
    guard isWanted else { return counters }
    guard let writer, writer.status.boot != nil,
      let index = writer.settings.batteries.firstIndex(of: battery)
    else { return nil }
    counters.energyCharged = Energy(raw: writer.latest(.energyCharged, battery: index) ?? 0)
    counters.energyDischarged = Energy(raw: writer.latest(.energyDischarged, battery: index) ?? 0)
    counters.chargeCharged = Charge(raw: writer.latest(.chargeCharged, battery: index) ?? 0)
    counters.chargeDischarged = Charge(raw: writer.latest(.chargeDischarged, battery: index) ?? 0)
    return counters
  }

  /// Lets the accounts of a battery go on from what the history holds, once it is known how long ago that
  /// was; without a history they begin anew.
  func resumeAccounts(of lane: Lane, at now: Tick) {
    guard isWanted else { return lane.resume(Accounts.Earlier(), gap: nil, at: now) }
    guard let writer, writer.status.boot != nil,
      let index = writer.settings.batteries.firstIndex(of: lane.battery.name)
    else { return }
    let last = writer.lastCounted(battery: index)
    var gap: Int64?
    if let last {
      gap = Pause.since(
        last.moment, Moment(now, wall: WallClock.now()), isClockRight: WallClock.isSynchronised)
      guard gap != nil || now - started >= Pause.patience else { return }
    }
    lane.resume(
      Accounts.Earlier(latest: { writer.latest($0, battery: index) }, last: last?.reading),
      gap: gap, at: now)
  }

  private func offer(_ record: Record, of battery: String, to writer: HistoryWriter) {
    guard let index = writer.settings.batteries.firstIndex(of: battery) else { return }
    var record = record
    record.battery = index
    writer.offer(record)
  }
}
