// SPDX-License-Identifier: Apache-2.0

import Machine
import Quantities
import Simulation
import Text

/// One simulated battery from its start to its end.
struct SimulatedRun {
  private let title: String
  private let scenario: Scenario
  private let battery: any SimulatedBattery
  private let serial: any BenchPort
  private let bus: Pty?

  init(
    title: String, _ scenario: Scenario, _ battery: any SimulatedBattery, _ serial: any BenchPort,
    _ bus: Pty?
  ) {
    self.title = title
    self.scenario = scenario
    self.battery = battery
    self.serial = serial
    self.bus = bus
  }

  /// Lets it live until it is ended, and prints what is true each second.
  func play(_ parsed: Parsed) throws(CommandFailure) -> ExitCode {
    do throws(SystemError) {
      let signals = try Signals([.interrupt, .terminate, .hangup])
      let reactor = try Reactor()
      let bench = try Bench(battery, serial: serial, bus: bus, reactor: reactor)
      let isQuiet = parsed.flag("quiet")
      let isJSON = parsed.flag("json")
      if !isQuiet, !isJSON {
        Console.print("\(scenario.name): \(scenario.summary)")
        Console.print(
          "\(title) on \(serial.title)"
            + (bus.map { ", CAN adapter on \($0.link ?? $0.path)" } ?? ""))
      }
      var isEnding = false
      try reactor.watch(signals.descriptor) { _ in isEnding = signals.next() != nil || isEnding }
      let start = MonotonicClock.now()
      let end = parsed.number(ifPresent: "for").map { start + $0 } ?? .never
      var nextReport = start
      while !isEnding, MonotonicClock.now() < end {
        let wake = bench.run(at: MonotonicClock.now())
        let now = MonotonicClock.now()
        if now >= nextReport {
          nextReport = now + 1000
          if isJSON {
            Console.print(bench.view.json)
          } else if !isQuiet {
            Console.print(bench.view.line)
          }
        }
        try reactor.turn(until: min(wake, nextReport, end))
      }
      return .ok
    } catch {
      throw CommandFailure("\(error)", .internalFault)
    }
  }
}
