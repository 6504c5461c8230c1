// SPDX-License-Identifier: Apache-2.0

import Machine
import Quantities
import Simulation
import Wire

/// A simulated bench: where the battery is reached, and the CAN adapter of its GX.
final class Bench {
  /// How long nothing may happen at most, in milliseconds: the battery's time goes on.
  private static let step: Int64 = 100

  private var battery: any SimulatedBattery
  private let serial: any BenchPort
  private let bus: Pty?
  private var adapter = SimulatedAdapter()

  init(_ battery: any SimulatedBattery, serial: any BenchPort, bus: Pty?, reactor: Reactor)
    throws(SystemError)
  {
    self.battery = battery
    self.serial = serial
    self.bus = bus
    try serial.start(
      reactor,
      BenchEars(
        received: { [unowned self] bytes in
          self.battery.serialReceived(bytes, at: MonotonicClock.now())
        }, connected: { [unowned self] in self.battery.connected(at: MonotonicClock.now()) }))
    if let descriptor = bus?.descriptor {
      try reactor.watch(descriptor) { [unowned self] _ in self.hearBus() }
    }
  }

  /// What is true now.
  var view: RigView { battery.rig.view }

  /// Does all that is due.
  ///
  /// - Returns: when to come back, unless something is received before.
  func run(at now: Tick) -> Tick {
    battery.advance(to: now)
    var wake = serial.run(at: now)
    var hasSaid = false
    while case .send(let bytes) = battery.serialNext(at: now) {
      serial.send(bytes)
      hasSaid = true
    }
    // What the battery said may be what somebody waits for.
    if hasSaid { wake = serial.run(at: now) }
    while let frame = battery.canNext(at: now) {
      if adapter.isOpen { _ = try? bus?.send(SLCAN.encode(frame)) }
    }
    return max(now + 1, min(battery.deadline, wake, now + Self.step))
  }

  private func hearBus() {
    var bytes: [UInt8] = []
    guard let count = try? bus?.receive(into: &bytes), count > 0 else { return }
    let now = MonotonicClock.now()
    let (frames, answer) = adapter.received(bytes.span)
    for frame in frames { battery.canReceived(frame, at: now) }
    _ = try? bus?.send(answer)
  }
}
