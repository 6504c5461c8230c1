// SPDX-License-Identifier: Apache-2.0

import Machine
import Quantities
import Simulation
import Text
import Wire

/// A gateway and a Python peer at work, each with a simulated battery and GX of its own, in real time.
final class FootprintRun {
  /// Frames that the Python peer sends each second: about as many as the gateway.
  static let peerFrames = 18

  /// What the gateway cost.
  private(set) var gateway = CostLog()
  /// What the Python peer cost; empty where it cannot run.
  private(set) var peer = CostLog()

  private let rounds: Int
  private let milliseconds: Int64
  private let reactor: Reactor
  private let own: LiveRig
  private let other: LiveRig

  init(rounds: Int, milliseconds: Int64) throws(CommandFailure) {
    self.rounds = rounds
    self.milliseconds = milliseconds
    do throws(SystemError) {
      reactor = try Reactor()
    } catch {
      throw CommandFailure("\(error)", .failed)
    }
    own = try LiveRig(seed: 1, reactor: reactor)
    other = try LiveRig(seed: 2, reactor: reactor)
  }

  /// Starts both and takes a sample after 5 s, when python-can has opened its adapter, and after each interval.
  func run() throws(CommandFailure) {
    try own.stand.startGateway()
    defer { own.stand.stop() }
    if let python = Peer.python {
      let path = python.utf8.first == 47 ? python : Program.workingDirectory + "/" + python
      try other.stand.start([
        path, "-c", Self.script, other.stand.serial.path, other.stand.bus.path,
      ])
    }
    defer { other.stand.stop() }
    try turn(for: 5000)
    for round in 0...rounds {
      if round > 0 { try turn(for: milliseconds) }
      guard own.stand.isRunning else {
        throw CommandFailure("the gateway has ended; \(own.stand.lastWords)", .failed)
      }
      gateway.take(own.stand.process)
      if other.stand.isRunning { peer.take(other.stand.process) }
    }
    guard own.rig.gx.frames > 10 * rounds else {
      throw CommandFailure(
        "the gateway sent \(own.rig.gx.frames) frames; \(own.stand.lastWords)", .failed)
    }
    // A peer that sent nothing did not do the work.
    if other.rig.gx.frames <= 10 * rounds { peer = CostLog() }
  }

  private func turn(for milliseconds: Int64) throws(CommandFailure) {
    let end = MonotonicClock.now() + milliseconds
    while true {
      let now = MonotonicClock.now()
      guard now < end else { return }
      let due = min(own.run(at: now), other.run(at: now))
      do throws(SystemError) {
        try reactor.turn(until: min(due, end))
      } catch {
        throw CommandFailure("\(error)", .failed)
      }
    }
  }

  private static var script: String {
    """
    import sys, time
    import can, minimalmodbus
    unit = minimalmodbus.Instrument(sys.argv[1], 0xAA)
    unit.serial.baudrate = 115200
    unit.serial.timeout = 0.3
    bus = can.Bus(interface='slcan', channel=sys.argv[2], bitrate=500000)
    due = time.monotonic()
    turn = 0
    while True:
        try:
            words = unit.read_registers(0, 54)
            cells = [word / 10000 for word in words[:16]]
        except minimalmodbus.ModbusException:
            pass
        if turn % 4 == 0:
            for place in range(\(peerFrames)):
                identifier = 0x351 if place == 0 else 0x35A if place == 1 else 0x36F + place
                bus.send(can.Message(arbitration_id=identifier, is_extended_id=False, data=bytes(8)))
        turn += 1
        due += 0.25
        time.sleep(max(0, due - time.monotonic()))
    """
  }
}

/// A simulated battery and GX on two lines.
final class LiveRig {
  let stand: Stand
  private(set) var rig: Rig
  /// How often something was asked of the battery.
  private(set) var requests = 0
  /// Whether something came since the last run.
  private(set) var isReady = false
  private var adapter = SimulatedAdapter()

  init(seed: UInt64, reactor: Reactor) throws(CommandFailure) {
    stand = try Stand()
    rig = Rig(.house, seed: seed, at: MonotonicClock.now())
    do throws(SystemError) {
      if let serial = stand.serial.descriptor {
        try reactor.watch(serial) { [unowned self] _ in self.hearSerial() }
      }
      if let bus = stand.bus.descriptor {
        try reactor.watch(bus) { [unowned self] _ in self.hearBus() }
      }
    } catch {
      throw CommandFailure("\(error)", .failed)
    }
  }

  /// Does all that is due and answers when to come back.
  func run(at now: Tick) -> Tick {
    isReady = false
    while case .send(let bytes) = rig.serialNext(at: now) { _ = try? stand.serial.send(bytes) }
    while let frame = rig.canNext(at: now) {
      if adapter.isOpen { _ = try? stand.bus.send(SLCAN.encode(frame)) }
    }
    return max(now + 1, min(rig.deadline, now + 100))
  }

  private func hearSerial() {
    var bytes: [UInt8] = []
    guard let count = try? stand.serial.receive(into: &bytes), count > 0 else { return }
    requests += 1
    isReady = true
    rig.serialReceived(bytes.span, at: MonotonicClock.now())
  }

  private func hearBus() {
    var bytes: [UInt8] = []
    guard let count = try? stand.bus.receive(into: &bytes), count > 0 else { return }
    isReady = true
    let now = MonotonicClock.now()
    let (frames, answer) = adapter.received(bytes.span)
    for frame in frames { rig.canReceived(frame, at: now) }
    _ = try? stand.bus.send(answer)
  }
}
