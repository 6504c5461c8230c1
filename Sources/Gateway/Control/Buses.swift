// SPDX-License-Identifier: Apache-2.0

import Glibc
import Inverters
import Links
import Machine
import Quantities
import Wire

/// The buses of the inverters that are told of one battery, or of one bank, on the control thread.
///
/// A bus that fails is tried again for ever; it stops nothing else.
final class Buses {
  private(set) var all: [Bus]
  /// What a frame from the bus with an index is handed to.
  var hear: (CANFrame, Int, Tick) -> Void = { _, _, _ in }
  /// Asks for the next round at once: something was heard, or has failed.
  var wake: (Tick) -> Void = { _ in }
  private let reactor: Reactor
  private let log: Log

  init(_ buses: [Bus], reactor: Reactor, log: Log) {
    all = buses
    self.reactor = reactor
    self.log = log
    for bus in buses { adopt(bus) }
  }

  /// When to come back to a bus that is closed.
  var due: Tick { all.map(\.reopening.due).min() ?? .never }

  /// Goes on with these; what was among them before is not touched.
  func change(to buses: [Bus]) {
    for bus in buses where !all.contains(where: { $0 === bus }) { adopt(bus) }
    all = buses
  }

  /// What they show of the inverters of a battery or bank with this name.
  func views(of name: String, _ presence: (Int) -> InverterPresence) -> [GatewayView.InverterView] {
    all.enumerated().map { index, bus in
      let presence = presence(index)
      return GatewayView.InverterView(
        name: bus.name, battery: name, link: bus.link.name,
        linkFault: bus.reopening.fault.map { "\($0)" },
        counters: bus.link.counters, health: bus.link.health, heardAt: presence.lastHeard,
        isVictron: presence.isVictron,
        traffic: bus.traffic)
    }
  }

  /// Opens what is closed and due.
  func reopen(at now: Tick) {
    for bus in all {
      bus.attachLog(log, at: now)
      guard !bus.link.isOpen, now >= bus.reopening.due else { continue }
      do throws(LinkError) {
        try bus.link.open()
        try watch(bus)
        if let text = bus.reopening.succeeded(at: now) {
          log.write(.info, bus.name, "\(bus.link.name): \(text)")
        }
      } catch {
        fail(error, bus, at: now)
      }
    }
  }

  /// Sends a frame on the bus with an index.
  func send(_ frame: CANFrame, on index: Int, at now: Tick) {
    let bus = all[index]
    guard bus.link.isOpen else { return }
    do throws(LinkError) {
      try bus.link.send(frame)
      follow(bus)
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

  /// Sends a last word, by bus, each after the pause that its inverter asks for.
  func sayFarewell(_ farewell: [[CANFrame]], pause: (Int) -> Int64) {
    for (index, frames) in farewell.enumerated() {
      if !frames.isEmpty { usleep(UInt32(pause(index) * 1000)) }
      for frame in frames {
        send(frame, on: index, at: MonotonicClock.now())
        // The only waits of this thread, after its last decision: frames keep their distance.
        usleep(5000)
      }
    }
  }

  /// Closes all of them; they may be opened again at any time.
  func close() {
    for bus in all { bus.close(reactor) }
  }

  /// Waits a little for what is to be written still; for the end of the program alone.
  func finishRecordings() {
    for bus in all { bus.link.log?.close() }
  }

  /// Takes over a bus that may be open and watched for another battery.
  private func adopt(_ bus: Bus) {
    release(bus)
    guard bus.link.isOpen else { return }
    do throws(LinkError) {
      try watch(bus)
    } catch {
      fail(error, bus, at: MonotonicClock.now())
    }
  }

  /// Hears nothing more from a bus, and leaves it open.
  func release(_ bus: Bus) {
    if let watch = bus.watch { reactor.unwatch(watch) }
    bus.watch = nil
  }

  private func watch(_ bus: Bus) throws(LinkError) {
    guard let descriptor = bus.link.descriptor else { return }
    do throws(SystemError) {
      bus.watch = try reactor.watch(descriptor) { [unowned self] _ in self.receive(bus) }
    } catch {
      throw .system(path: bus.link.name, error)
    }
  }

  private func receive(_ bus: Bus) {
    let now = MonotonicClock.now()
    wake(now)
    guard let index = all.firstIndex(where: { $0 === bus }) else { return }
    do throws(LinkError) {
      // A flooded bus must not keep the thread from its own frames.
      for _ in 0..<256 {
        guard let frame = try bus.link.receive() else { break }
        hear(frame, index, now)
      }
      follow(bus)
    } catch {
      fail(error, bus, at: now)
    }
    noteState(bus)
  }

  /// Waits for room to write for as long as something is left to be written, and no longer.
  private func follow(_ bus: Bus) {
    guard let watch = bus.watch else { return }
    // A refusal here costs no more than a wait for the next frame to send.
    try? reactor.change(watch, to: bus.link.hasUnsent ? [.read, .write] : .read)
  }

  /// Says when a controller leaves its bus, and when it is back.
  private func noteState(_ bus: Bus) {
    guard let state = bus.link.health?.state, state != bus.state else { return }
    log.write(state, after: bus.state, of: bus.link.name, to: bus.name)
    bus.state = state
  }

  private func fail(_ error: LinkError, _ bus: Bus, at now: Tick) {
    if let watch = bus.watch { reactor.unwatch(watch) }
    bus.watch = nil
    bus.link.close()
    if let text = bus.reopening.failed(error, at: now) { log.write(.error, bus.name, text) }
  }
}
