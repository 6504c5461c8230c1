// SPDX-License-Identifier: Apache-2.0

import Battery
import Inverters
import Links
import Machine
import Quantities

/// One battery on its wire and the buses of the inverters that are told of it, on the control thread.
///
/// A wire or bus that fails is tried again for ever; it stops nothing else.
final class Lane {
  var battery: BatterySettings
  var controller: Controller
  /// When to run again: at once after something was received.
  var due = Tick(.min)
  /// The wires of its doors, in the order of preference.
  var lines: [Line] = []
  /// Which of them is used.
  var choice: DoorChoice
  /// The live readings of the battery of which the choice knows.
  var heardReadings: UInt64 = 0
  /// The wires that batteries share; `nil` where there is this battery alone.
  let wires: SharedLines?
  let buses: Buses
  /// What was last stored of it.
  var stored = Mark()
  let reactor: Reactor
  let log: Log
  var buffer: [UInt8] = []

  /// How far the history has followed it.
  struct Mark: Equatable {
    var reading: UInt64 = 0
    var freshness = Freshness.lost
  }

  init(
    _ battery: BatterySettings, buses: [Bus], reactor: Reactor, wires: SharedLines? = nil, log: Log
  ) {
    self.battery = battery
    controller = Controller(battery, buses.map(\.settings))
    self.reactor = reactor
    self.log = log
    self.wires = wires
    choice = DoorChoice(
      doors: battery.doors.count, battery.doorTerms, at: MonotonicClock.now())
    self.buses = Buses(buses, reactor: reactor, log: log)
    buffer.reserveCapacity(4096)
    lines = battery.doors.indices.map(makeLine)
    self.buses.wake = { [unowned self] now in due = now }
    self.buses.hear = { [unowned self] frame, output, now in
      controller.heard(frame, output: output, at: now)
    }
  }

  /// The door in use.
  var current: Int { choice.current }
  /// The wire in use.
  var line: Line { lines[current] }
  var link: LoggedByteLink { line.link }

  /// Does all that can be done now.
  func run(at now: Tick) {
    reopen(at: now)
    while true {
      takeTurn(line, at: now)
      switch controller.next(at: now) {
      case .serial(let bytes): send(bytes, line, at: now)
      case .frame(let output, let frame): buses.send(frame, on: output, at: now)
      case .wait(let until):
        guard let doors = runDoors(at: now) else { continue }
        for event in controller.events {
          // That nobody answers on a wire that is known to be down is not news.
          if case .fault = event, !link.isReady { continue }
          log.write(event.level, battery.name, event.text)
        }
        controller.events.removeAll(keepingCapacity: true)
        due = min(until, line.reopening.due, doors, endTurn(line, at: now), buses.due)
        return
      }
    }
  }

  /// Whether the counters of the last run are still to be told.
  var needsCounters: Bool { controller.needsCounters }

  /// Takes over the counters of the last run.
  func resume(_ counters: Controller.Counters) { controller.resume(counters) }

  /// Whether the accounts of the last run are still to be told.
  var needsAccounts: Bool { controller.needsAccounts }

  /// Takes over the accounts of the last run.
  func resume(_ earlier: Accounts.Earlier, gap: Int64?, at now: Tick) {
    controller.resume(earlier, gap: gap, at: now)
  }

  /// Sends the last word of a stop for good: one cycle of the stale stage on each bus.
  func sayFarewell() {
    buses.sayFarewell(controller.farewell(at: MonotonicClock.now())) { [controller] output in
      controller.farewellPause(output: output)
    }
  }

  func close() {
    closeLink()
    buses.close()
  }

  /// Closes the wires; they may be opened again at any time.
  func closeLink() {
    for line in lines { line.close(reactor) }
  }

  private func reopen(at now: Tick) {
    reopen(line, at: now)
    buses.reopen(at: now)
  }

  /// Waits for room to write for as long as something is left to be written, and no longer.
  func follow(_ watch: Reactor.Watch?, _ hasUnsent: Bool) {
    guard let watch else { return }
    // A refusal here costs no more than a wait for the next message to send.
    try? reactor.change(watch, to: hasUnsent ? [.read, .write] : .read)
  }

  func observe(
    _ descriptor: Int32?, _ name: String, _ handler: @escaping () -> Void
  ) throws(LinkError) -> Reactor.Watch? {
    guard let descriptor else { return nil }
    do throws(SystemError) {
      return try reactor.watch(descriptor) { _ in handler() }
    } catch {
      throw .system(path: name, error)
    }
  }
}
