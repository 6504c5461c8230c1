// SPDX-License-Identifier: Apache-2.0

import Battery
import Glibc
import Inverters
import Links
import Machine
import Quantities
import Wire

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
  var buses: [Bus]
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
    self.buses = buses
    buffer.reserveCapacity(4096)
    lines = battery.doors.indices.map(makeLine)
    for bus in buses { adopt(bus) }
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
      case .frame(let output, let frame): send(frame, on: buses[output], at: now)
      case .wait(let until):
        guard let doors = runDoors(at: now) else { continue }
        for event in controller.events {
          // That nobody answers on a wire that is known to be down is not news.
          if case .fault = event, !link.isReady { continue }
          log.write(event.level, battery.name, event.text)
        }
        controller.events.removeAll(keepingCapacity: true)
        due = min(until, line.reopening.due, doors, endTurn(line, at: now))
        for bus in buses { due = min(due, bus.reopening.due) }
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
    let farewell = controller.farewell(at: MonotonicClock.now())
    for (index, (frames, bus)) in zip(farewell, buses).enumerated() {
      if !frames.isEmpty { usleep(UInt32(controller.farewellPause(output: index) * 1000)) }
      for frame in frames {
        send(frame, on: bus, at: MonotonicClock.now())
        // The only waits of this thread, after its last decision: frames keep their distance.
        usleep(5000)
      }
    }
  }

  func close() {
    closeLink()
    for bus in buses { bus.close(reactor) }
  }

  /// Closes the wires; they may be opened again at any time.
  func closeLink() {
    for line in lines { line.close(reactor) }
  }

  private func reopen(at now: Tick) {
    reopen(line, at: now)
    for bus in buses {
      bus.attachLog(log, at: now)
      guard !bus.link.isOpen, now >= bus.reopening.due else { continue }
      do throws(LinkError) {
        try bus.link.open()
        bus.watch = try observe(bus.link.descriptor, bus.link.name) { [unowned self] in
          self.receive(bus)
        }
        if let text = bus.reopening.succeeded(at: now) {
          log.write(.info, bus.name, "\(bus.link.name): \(text)")
        }
      } catch {
        fail(error, bus, at: now)
      }
    }
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

  func receive(_ bus: Bus) {
    let now = MonotonicClock.now()
    due = now
    guard let output = buses.firstIndex(where: { $0 === bus }) else { return }
    do throws(LinkError) {
      // A flooded bus must not keep the thread from its own frames.
      for _ in 0..<256 {
        guard let frame = try bus.link.receive() else { break }
        controller.heard(frame, output: output, at: now)
      }
      follow(bus.watch, bus.link.hasUnsent)
    } catch {
      fail(error, bus, at: now)
    }
    noteState(bus)
  }

  /// Says when a controller leaves its bus, and when it is back.
  private func noteState(_ bus: Bus) {
    guard let state = bus.link.health?.state, state != bus.state else { return }
    say(state, after: bus.state, of: bus.link.name, to: bus.name)
    bus.state = state
  }

  private func send(_ frame: CANFrame, on bus: Bus, at now: Tick) {
    guard bus.link.isOpen else { return }
    do throws(LinkError) {
      try bus.link.send(frame)
      follow(bus.watch, bus.link.hasUnsent)
      if bus.refused > 0 {
        log.write(
          .info, bus.name,
          "\(bus.link.name) takes frames again after \(bus.refused) it did not take")
        bus.refused = 0
      }
    } catch .congested(let path) {
      // The frame is dropped: its successor in a second is newer.
      if bus.refused == 0 { log.write(.warning, bus.name, "\(LinkError.congested(path: path))") }
      bus.refused += 1
    } catch {
      fail(error, bus, at: now)
    }
  }

  func fail(_ error: LinkError, _ bus: Bus, at now: Tick) {
    if let watch = bus.watch { reactor.unwatch(watch) }
    bus.watch = nil
    bus.link.close()
    if let text = bus.reopening.failed(error, at: now) { log.write(.error, bus.name, text) }
  }
}
