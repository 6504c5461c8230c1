// SPDX-License-Identifier: Apache-2.0

import Machine
import Quantities
import Simulation
import Wire

/// A simulated bench on pseudo-terminals: the battery's serial port, and the CAN adapter of its GX.
final class Bench {
  /// How long nothing may happen at most, in milliseconds: the battery's time goes on.
  private static let step: Int64 = 100

  private(set) var rig: Rig
  private let serial: Pty
  private let bus: Pty?
  private var adapter = SimulatedAdapter()

  init(_ rig: Rig, serial: Pty, bus: Pty?, reactor: Reactor) throws(SystemError) {
    self.rig = rig
    self.serial = serial
    self.bus = bus
    if let descriptor = serial.descriptor {
      try reactor.watch(descriptor) { [unowned self] _ in self.hearSerial() }
    }
    if let descriptor = bus?.descriptor {
      try reactor.watch(descriptor) { [unowned self] _ in self.hearBus() }
    }
  }

  /// Does all that is due.
  ///
  /// - Returns: when to come back, unless something is received before.
  func run(at now: Tick) -> Tick {
    rig.advance(to: now)
    // What nobody reads is lost, as on a wire.
    while case .send(let bytes) = rig.serialNext(at: now) { _ = try? serial.send(bytes) }
    while let frame = rig.canNext(at: now) {
      if adapter.isOpen { _ = try? bus?.send(SLCAN.encode(frame)) }
    }
    return max(now + 1, min(rig.deadline, now + Self.step))
  }

  private func hearSerial() {
    var bytes: [UInt8] = []
    guard let count = try? serial.receive(into: &bytes), count > 0 else { return }
    rig.serialReceived(bytes.span, at: MonotonicClock.now())
  }

  private func hearBus() {
    var bytes: [UInt8] = []
    guard let count = try? bus?.receive(into: &bytes), count > 0 else { return }
    let now = MonotonicClock.now()
    let (frames, answer) = adapter.received(bytes.span)
    for frame in frames { rig.canReceived(frame, at: now) }
    _ = try? bus?.send(answer)
  }
}
