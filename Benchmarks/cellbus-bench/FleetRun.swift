// SPDX-License-Identifier: Apache-2.0

import Machine
import Quantities
import Simulation
import Text

/// One program that reads many simulated batteries in real time, the gateway or a Python peer.
final class FleetRun {
  /// What the program cost.
  private(set) var cost = CostLog()
  /// How often each battery was read in a second, on average.
  private(set) var rate = 0.0

  private let reactor: Reactor
  private let rigs: [LiveRig]
  private var due: [Tick]

  /// So many batteries, of which the first has an inverter.
  init(count: Int) throws(CommandFailure) {
    do throws(SystemError) {
      reactor = try Reactor()
    } catch {
      throw CommandFailure("\(error)", .failed)
    }
    var rigs: [LiveRig] = []
    for index in 0..<count { rigs.append(try LiveRig(seed: UInt64(index + 1), reactor: reactor)) }
    self.rigs = rigs
    due = rigs.map { _ in Tick(.min) }
  }

  /// Measures the gateway, after 5 s of start.
  func runGateway(rounds: Int, milliseconds: Int64) throws(CommandFailure) {
    try rigs[0].stand.startGateway(with: rigs.dropFirst().map(\.stand))
    try measure("the gateway", rounds: rounds, milliseconds: milliseconds)
  }

  /// Measures a Python program that polls as often, a thread for each battery.
  ///
  /// - Returns: false where it cannot run.
  func runPeer(rounds: Int, milliseconds: Int64) throws(CommandFailure) -> Bool {
    guard let python = Peer.python else { return false }
    let path = python.utf8.first == 47 ? python : Program.workingDirectory + "/" + python
    try rigs[0].stand.start([path, "-c", Self.script] + rigs.map(\.stand.serial.path))
    try measure("Python", rounds: rounds, milliseconds: milliseconds)
    return rate > 1
  }

  private func measure(
    _ name: String, rounds: Int, milliseconds: Int64
  ) throws(CommandFailure) {
    let stand = rigs[0].stand
    defer { stand.stop() }
    try turn(for: 5000)
    let before = rigs.reduce(0) { $0 + $1.requests }
    for round in 0...rounds {
      if round > 0 { try turn(for: milliseconds) }
      guard stand.isRunning else {
        throw CommandFailure("\(name) has ended; \(stand.lastWords)", .failed)
      }
      cost.take(stand.process)
    }
    let asked = rigs.reduce(0) { $0 + $1.requests } - before
    rate = Double(asked) * 1000 / Double(rigs.count) / Double(Int64(rounds) * milliseconds)
    // What sleeps through its polls is not cheap but idle.
    guard name != "the gateway" || rate > 3.5 else {
      throw CommandFailure(
        "the gateway asked each battery \(Figure.text(rate)) times a second, not 4; \(stand.lastWords)",
        .failed)
    }
  }

  private func turn(for milliseconds: Int64) throws(CommandFailure) {
    let end = MonotonicClock.now() + milliseconds
    while true {
      let now = MonotonicClock.now()
      guard now < end else { return }
      for (index, rig) in rigs.enumerated() where rig.isReady || now >= due[index] {
        due[index] = rig.run(at: now)
      }
      do throws(SystemError) {
        try reactor.turn(until: min(due.min() ?? end, end))
      } catch {
        throw CommandFailure("\(error)", .failed)
      }
    }
  }

  private static let script = """
    import sys, threading, time
    import minimalmodbus
    def poll(path):
        unit = minimalmodbus.Instrument(path, 0xAA)
        unit.serial.baudrate = 115200
        unit.serial.timeout = 0.3
        due = time.monotonic()
        while True:
            try:
                words = unit.read_registers(0, 54)
                cells = [word / 10000 for word in words[:16]]
            except minimalmodbus.ModbusException:
                pass
            due += 0.25
            time.sleep(max(0, due - time.monotonic()))
    for path in sys.argv[1:]:
        threading.Thread(target=poll, args=(path,), daemon=True).start()
    while True:
        time.sleep(60)
    """
}
