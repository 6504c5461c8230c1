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
  var link: LoggedByteLink
  /// How the bytes of the wire are recorded now; `nil` when they are not.
  var recording: TrafficSettings?
  var watch: Reactor.Watch?
  var reopening = Reopening()
  /// Whether the wire was opened, and its far end not reached yet.
  var isConnecting = false
  let buses: Buses
  /// What was last stored of it.
  var stored = Mark()
  let reactor: Reactor
  let log: Log
  private var buffer: [UInt8] = []

  /// How far the history has followed it.
  struct Mark: Equatable {
    var reading: UInt64 = 0
    var freshness = Freshness.lost
  }

  init(_ battery: BatterySettings, buses: [Bus], reactor: Reactor, log: Log) {
    self.battery = battery
    controller = Controller(battery, buses.map(\.settings))
    self.reactor = reactor
    self.log = log
    link = battery.recorded(battery.makeLink(), log: log)
    recording = battery.traffic
    self.buses = Buses(buses, reactor: reactor, log: log)
    buffer.reserveCapacity(4096)
    self.buses.wake = { [unowned self] now in due = now }
    self.buses.hear = { [unowned self] frame, output, now in
      controller.heard(frame, output: output, at: now)
    }
  }

  /// Does all that can be done now.
  func run(at now: Tick) {
    reopen(at: now)
    while true {
      switch controller.next(at: now) {
      case .serial(let bytes): send(bytes, at: now)
      case .frame(let output, let frame): buses.send(frame, on: output, at: now)
      case .wait(let until):
        for event in controller.events {
          // That nobody answers on a wire that is known to be down is not news.
          if case .fault = event, !link.isReady { continue }
          log.write(event.level, battery.name, event.text)
        }
        controller.events.removeAll(keepingCapacity: true)
        due = min(until, reopening.due, buses.due)
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

  /// Closes the wire; it may be opened again at any time.
  func closeLink() {
    if let watch { reactor.unwatch(watch) }
    watch = nil
    isConnecting = false
    link.close()
  }

  private func reopen(at now: Tick) {
    if !link.isOpen, now >= reopening.due {
      do throws(LinkError) {
        try link.open()
        watch = try observe(link.descriptor, link.name) { [unowned self] in self.receive() }
        reopening.started(at: now)
        isConnecting = !link.isReady
        if !isConnecting {
          noteBack(at: now)
          controller.linkOpened(at: now)
        }
      } catch {
        fail(error, at: now)
      }
    } else if link.isReady, now >= reopening.due {
      noteBack(at: now)
    }
    buses.reopen(at: now)
  }

  /// A far end that was called has been reached.
  private func noteReached(at now: Tick) {
    guard isConnecting, link.isReady else { return }
    isConnecting = false
    reopening.reached(at: now)
    controller.linkOpened(at: now)
  }

  /// The wire is back, and stays.
  private func noteBack(at now: Tick) {
    guard let text = reopening.succeeded(at: now) else { return }
    log.write(.info, battery.name, "\(link.name): \(text)")
  }

  /// Waits for room to write for as long as something is left to be written, and no longer.
  private func follow(_ watch: Reactor.Watch?, _ hasUnsent: Bool) {
    guard let watch else { return }
    // A refusal here costs no more than a wait for the next message to send.
    try? reactor.change(watch, to: hasUnsent ? [.read, .write] : .read)
  }

  private func observe(
    _ descriptor: Int32?, _ name: String, _ handler: @escaping () -> Void
  ) throws(LinkError) -> Reactor.Watch? {
    guard let descriptor else { return nil }
    do throws(SystemError) {
      return try reactor.watch(descriptor) { _ in handler() }
    } catch {
      throw .system(path: name, error)
    }
  }

  private func receive() {
    let now = MonotonicClock.now()
    due = now
    // Taken out and put back, so that the controller may change while the bytes are read.
    var bytes: [UInt8] = []
    swap(&bytes, &buffer)
    defer { swap(&bytes, &buffer) }
    bytes.removeAll(keepingCapacity: true)
    do throws(LinkError) {
      while try link.receive(into: &bytes) > 0, bytes.count < 65_536 {}
    } catch {
      fail(error, at: now)
    }
    noteReached(at: now)
    follow(watch, link.hasUnsent)
    controller.received(bytes.span, at: now)
  }

  private func send(_ bytes: [UInt8], at now: Tick) {
    guard link.isReady else { return }
    do throws(LinkError) {
      try link.send(bytes)
      follow(watch, link.hasUnsent)
    } catch .congested {
      // The conversation's own time-out repeats it.
    } catch {
      fail(error, at: now)
    }
  }

  private func fail(_ error: LinkError, at now: Tick) {
    if let watch { reactor.unwatch(watch) }
    watch = nil
    isConnecting = false
    link.close()
    if let text = reopening.failed(error, at: now) { log.write(.error, battery.name, text) }
  }
}
