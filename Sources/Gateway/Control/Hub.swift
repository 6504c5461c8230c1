// SPDX-License-Identifier: Apache-2.0

import Battery
import Glibc
import History
import Machine
import Quantities

/// All lanes, on the control thread.
final class Hub {
  /// How often programs may see something new at most, in milliseconds.
  private static let viewPeriod: Int64 = 50

  /// Up to this age a single value is stored, in milliseconds: settings of a battery are asked for once a
  /// minute only.
  private static let oldestValue: Int64 = 180_000

  private let lanes: [Lane]
  private let reactor: Reactor
  private let log: Log
  private let views: Mailbox<GatewayView>?
  private let history: HistoryWriter?
  private let started = MonotonicClock.now()
  /// What was last stored of each battery.
  private struct Mark: Equatable {
    var reading: UInt64 = 0
    var freshness = Freshness.lost
  }

  private var stored: [Mark]
  private var sequence: Int64 = 0
  /// How many decisions of all lanes there were when the view was last shown.
  private var shown: UInt64 = 0
  private var nextView = Tick(.min)
  /// Why storing fails, as it was last said.
  private var historyFault: String?

  init(
    _ settings: Settings, reactor: Reactor, log: Log, views: Mailbox<GatewayView>?,
    history: HistoryWriter?,
    makeController: (Int) -> Controller
  ) {
    self.reactor = reactor
    self.log = log
    self.views = views
    self.history = history
    lanes = settings.batteries.enumerated().map { index, battery in
      Lane(
        battery: battery, inverters: settings.inverters.filter { $0.battery == battery.name },
        controller: makeController(index), reactor: reactor, log: log)
    }
    stored = lanes.map { _ in Mark() }
  }

  func run(until ending: Mailbox<ControlLoop.Ending>) {
    while true {
      let now = MonotonicClock.now()
      var wake = Tick.never
      // What nothing came for and nothing is due for is left alone: with many batteries most of them.
      for (index, lane) in lanes.enumerated() {
        if now >= lane.due {
          lane.run(at: now)
          store(lane, index, at: now)
        }
        wake = min(wake, lane.due)
      }
      wake = max(now, min(wake, show(at: now)))
      if let how = ending.take() {
        if how == .forGood { for lane in lanes { lane.sayFarewell() } }
        break
      }
      do throws(SystemError) {
        try reactor.turn(until: wake)
      } catch {
        // Without its wait the loop still goes on, a little later each time.
        log.write(.error, "control", "\(error)")
        usleep(10_000)
      }
    }
    for lane in lanes { lane.close() }
  }

  /// Hands a new reading, or a change of stage, to the history; it takes what it has room for.
  private func store(_ lane: Lane, _ index: Int, at now: Tick) {
    if lane.needsCounters { resumeCounters(lane, index) }
    guard let history else { return }
    let mark = Mark(reading: lane.controller.liveReadings, freshness: lane.controller.freshness)
    guard mark != stored[index] else { return }
    stored[index] = mark
    sequence += 1
    history.offer(
      Record(
        battery: index, sequence: sequence, snapshot: lane.controller.snapshot,
        limits: lane.controller.limits, freshness: mark.freshness,
        at: Moment(now, wall: WallClock.now()), oldest: Self.oldestValue))
  }

  /// Says once that storing fails, and once that it goes on.
  private func noteHistory() {
    guard let history else { return }
    let fault = history.status.error.map { "\($0)" }
    guard fault != historyFault else { return }
    historyFault = fault
    log.write(
      fault == nil ? .info : .error, "history",
      fault.map { "\(history.settings.path): \($0); trying again" } ?? "storing goes on")
  }

  /// Counters go on from what the history holds; without a history they begin at zero.
  ///
  /// While the history
  /// cannot be read, no counter is told to anybody, since a smaller one would be wrong.
  private func resumeCounters(_ lane: Lane, _ index: Int) {
    guard let history else { return lane.resume(Controller.Counters()) }
    guard history.status.boot != nil else { return }
    var counters = Controller.Counters()
    counters.energyCharged = Energy(raw: history.latest(.energyCharged, battery: index) ?? 0)
    counters.energyDischarged = Energy(raw: history.latest(.energyDischarged, battery: index) ?? 0)
    counters.chargeCharged = Charge(raw: history.latest(.chargeCharged, battery: index) ?? 0)
    counters.chargeDischarged = Charge(raw: history.latest(.chargeDischarged, battery: index) ?? 0)
    lane.resume(counters)
  }

  /// Shows what is new.
  ///
  /// - Returns: when to come back, where it is too soon after the last time.
  private func show(at now: Tick) -> Tick {
    guard let views else { return .never }
    let decisions = lanes.reduce(0) { $0 &+ $1.controller.decisions }
    guard decisions != shown else { return .never }
    guard now >= nextView else { return nextView }
    shown = decisions
    noteHistory()
    nextView = now + Self.viewPeriod
    views.post(
      GatewayView(
        at: now, wall: WallClock.now(), uptime: now - started, batteries: lanes.map { $0.view() },
        inverters: lanes.flatMap { $0.inverterViews() },
        history: history.map(GatewayView.HistoryView.init)))
    return .never
  }
}
