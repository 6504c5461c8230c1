// SPDX-License-Identifier: Apache-2.0

import Battery
import Machine
import Packs
import Quantities

/// One bank and the buses of the inverters that are told of it, on the control thread.
///
/// It has no wire of its own: it is fed by the lanes of its batteries.
final class BankLane {
  var settings: BankSettings { control.settings }
  var control: BankControl
  /// When to run again.
  var due = Tick(.min)
  let buses: Buses
  /// The lanes of its batteries, in their order, and those that its other values come from.
  private(set) var members: [Lane] = []
  private var others: [Lane] = []
  /// What was last stored of it.
  var stored = Lane.Mark()
  private let log: Log

  init(_ settings: BankSettings, _ lanes: [Lane], buses: [Bus], reactor: Reactor, log: Log) {
    control = BankControl(settings, buses.map(\.settings))
    self.buses = Buses(buses, reactor: reactor, log: log)
    self.log = log
    self.buses.wake = { [unowned self] now in due = now }
    self.buses.hear = { [unowned self] frame, output, now in
      control.heard(frame, output: output, at: now)
    }
    follow(lanes)
  }

  /// Does all that can be done now, by what the lanes know.
  func run(at now: Tick) {
    let decided = members.map(\.controller.decisions)
    let isDue = control.isDue(decided, at: now)
    guard isDue || now >= due else { return }
    buses.reopen(at: now)
    if isDue {
      control.decide(
        members.map { Member($0.battery.name, $0.controller, settings) }, decided: decided,
        readings: members.reduce(0) { $0 &+ $1.controller.liveReadings }, others: value, at: now)
    }
    while true {
      switch control.next(at: now) {
      case .serial: break
      case .frame(let output, let frame): buses.send(frame, on: output, at: now)
      case .wait(let until):
        for event in control.events { log.write(event.level, settings.name, event.text) }
        control.events.removeAll(keepingCapacity: true)
        due = min(until, buses.due)
        return
      }
    }
  }

  /// Goes on with other settings of the same bank and these buses.
  func reconfigure(_ new: BankSettings, _ lanes: [Lane], buses: [Bus], at now: Tick) {
    due = Tick(.min)
    self.buses.change(to: buses)
    control.reconfigure(new, buses.map(\.settings), at: now)
    follow(lanes)
  }

  private func follow(_ lanes: [Lane]) {
    members = settings.memberNames.compactMap { name in lanes.first { $0.battery.name == name } }
    others = lanes.filter { lane in
      settings.sources.contains { $0.battery == lane.battery.name }
    }
  }

  /// A value of another battery, where it is to be believed.
  private func value(_ battery: String, _ point: Point) -> Snapshot.Sample? {
    guard let controller = others.first(where: { $0.battery.name == battery })?.controller,
      controller.freshness <= .aging, let sample = controller.snapshot[point],
      MonotonicClock.now() - sample.at <= controller.bounds.aging
    else { return nil }
    return sample
  }

  /// Sends the last word of a stop for good: one cycle of the stale stage on each bus.
  func sayFarewell() {
    buses.sayFarewell(control.farewell()) { [control] output in
      control.farewellPause(output: output)
    }
  }
}
