// SPDX-License-Identifier: Apache-2.0

import Battery
import Glibc
import History
import Machine
import Packs
import Quantities

/// All lanes, on the control thread.
final class Hub {
  /// How often programs may see something new at most, in milliseconds.
  private static let viewPeriod: Int64 = 50
  /// How long the loop waits at most, in milliseconds, so that its pulse never pauses.
  private static let longestWait: Int64 = 1000

  var lanes: [Lane] = []
  /// Banks of these lanes' batteries.
  var banks: [BankLane] = []
  /// Buses that are told a last word.
  var partings: [Parting] = []
  let reactor: Reactor
  /// The wires that batteries share.
  let wires: SharedLines
  let desk: ControlDesk
  private var history: HistoryFeed
  /// The number of the settings in force.
  private var number: UInt64
  /// How many decisions of all lanes there were when the view was last shown.
  private var shown: UInt64 = 0
  private var nextView = Tick(.min)
  /// The stages as they were last told.
  private var stages: [Freshness] = []
  /// Batteries that turned out to be one, and who they are by their own word.
  var twins = Twins()

  init(_ settings: Settings, number: UInt64, reactor: Reactor, desk: ControlDesk) {
    self.reactor = reactor
    wires = SharedLines(reactor: reactor)
    self.desk = desk
    self.number = number
    history = HistoryFeed(isWanted: settings.history.path != nil, numbers: desk.records)
    reconcile(settings, at: MonotonicClock.now())
  }

  /// Goes round until it is told to end.
  ///
  /// One round is a control cycle: every lane is run, which polls what is due, decides at least every
  /// 250 ms and sends what is due.
  /// - Throws: what the system says when it can no longer be waited for anything.
  func run(_ orders: Orders) throws(SystemError) {
    defer { leave() }
    while true {
      let now = MonotonicClock.now()
      takeOrders(orders, at: now)
      var wake = now + Self.longestWait
      // What nothing came for and nothing is due for is left alone: with many batteries most of them.
      for lane in lanes {
        if now >= lane.due {
          lane.run(at: now)
          store(lane, at: now)
        }
      }
      for bank in banks {
        bank.run(at: now)
        store(bank, at: now)
        wake = min(wake, bank.due)
      }
      // One that ran may have called another whose turn it is.
      for lane in lanes { wake = min(wake, lane.due) }
      wake = min(wake, part(at: now))
      tellStages()
      wake = max(now, min(wake, show(at: now)))
      desk.pulse.beat()
      desk.pulse.took(settings: number)
      if let how = orders.ending.take() {
        if how == .forGood { sayFarewell() }
        return
      }
      try reactor.turn(until: wake)
    }
  }

  private func takeOrders(_ orders: Orders, at now: Tick) {
    if let order = orders.settings.take() {
      number = order.number
      history.isWanted = order.settings.history.path != nil
      reconcile(order.settings, at: now)
      stages = []
      shown = .max
    }
    if let writer = orders.history.take() { history.change(to: writer) }
  }

  /// Leaves all buses and what hangs on them to others.
  private func leave() {
    for lane in lanes {
      lane.close()
      desk.attic.put(lane)
    }
    for parting in partings { desk.attic.put(parting.bus) }
    for bank in banks {
      bank.buses.close()
      desk.attic.put(bank)
    }
    lanes = []
    banks = []
    partings = []
  }

  private func sayFarewell() {
    for lane in lanes { lane.sayFarewell() }
    for bank in banks { bank.sayFarewell() }
  }

  /// Says what is due to those who are no longer told anything after it.
  private func part(at now: Tick) -> Tick {
    var next = Tick.never
    for index in partings.indices.reversed() {
      if let bus = partings[index].next(at: now) {
        partings.remove(at: index)
        bus.close(reactor)
        desk.attic.put(bus)
      } else {
        next = min(next, partings[index].due)
      }
    }
    return next
  }

  /// Hands a new reading, or a change of stage, to the history.
  private func store(_ lane: Lane, at now: Tick) {
    if lane.needsCounters, let counters = history.counters(of: lane.battery.name) {
      lane.resume(counters)
    }
    if lane.needsAccounts { history.resumeAccounts(of: lane, at: now) }
    let mark = Lane.Mark(
      reading: lane.controller.liveReadings, freshness: lane.controller.freshness)
    guard mark != lane.stored else { return }
    lane.stored = mark
    let changes = lane.controller.takeChanges().map(\.text)
    history.take(
      lane.controller, of: lane.battery, changes: changes, at: Moment(now, wall: WallClock.now()))
  }

  /// The same of a bank.
  private func store(_ bank: BankLane, at now: Tick) {
    let mark = Lane.Mark(
      reading: bank.control.liveReadings, freshness: bank.control.bank.freshness)
    guard mark != bank.stored else { return }
    bank.stored = mark
    history.take(bank.control.bank, of: bank.settings.name, at: Moment(now, wall: WallClock.now()))
  }

  /// Tells in a few words how the batteries are, whenever that is different.
  private func tellStages() {
    guard
      stages.count != lanes.count
        || zip(stages, lanes).contains(where: { $0 != $1.controller.freshness })
    else { return }
    stages = lanes.map(\.controller.freshness)
    let inverters =
      lanes.reduce(0) { $0 + $1.buses.all.count } + banks.reduce(0) { $0 + $1.buses.all.count }
    let words = lanes.map { "\($0.battery.name) \($0.controller.freshness.name)" }
    desk.pulse.words.post(
      words.joined(separator: ", ") + (inverters == 1 ? "; 1 inverter" : "; \(inverters) inverters")
    )
  }

  /// Shows what is new.
  ///
  /// - Returns: when to come back, where it is too soon after the last time.
  private func show(at now: Tick) -> Tick {
    let decisions = banks.reduce(lanes.reduce(0) { $0 &+ $1.controller.decisions }) {
      $0 &+ $1.control.decisions
    }
    guard decisions != shown else { return .never }
    guard now >= nextView else { return nextView }
    shown = decisions
    noteTwins()
    nextView = now + Self.viewPeriod
    desk.views.post(
      GatewayView(
        at: now, wall: WallClock.now(), uptime: now - desk.started,
        batteries: lanes.map { twins.marked($0.view()) },
        inverters: lanes.flatMap { $0.inverterViews() } + banks.flatMap { $0.inverterViews() },
        history: history.writer.map(GatewayView.HistoryView.init),
        banks: banks.map { $0.view() }))
    return .never
  }
}
