// SPDX-License-Identifier: Apache-2.0

import Machine
import Quantities
import Simulation
import Text

/// `cellbus simulate bank`: several batteries in one process, in parallel or each for itself.
enum BankCommand {
  static let command = Command(
    "bank", "simulate several batteries, in parallel on one bus",
    discussion: """
      A file in JSON5 names the batteries: the language of each, its size, and where programs reach it. \
      Batteries with the same pty, tcp or can share one line, which they need numbers for. In parallel \
      they stand at one voltage and share charger and loads by their resistance; a fuller pack charges \
      the others, and a pack that opened its switches leaves its share to them.

      The keys of the file: scenario, seed, speed and parallel (true unless told otherwise), and \
      batteries, a list of objects with name, dialect, one of pty, tcp, can, bytes (with piece), and if \
      wanted address, cells, capacity_ah, soc_pct, soc_error_pct (how wrong its own count is), \
      resistance (1.5 for half as much again), inverts_current, password, module, faults (a list as for --fault).
      """,
    options: [
      Option(
        "config", short: "c", "FILE", "the batteries, in JSON5", isRequired: true),
      Option("settings", "FILE", "write settings of a gateway for these batteries; a new file"),
      Option("for", "TIME", "end by itself after this time", .duration(0...604_800_000)),
      Option(flag: "json", "print where each battery is and then what is true, as JSON lines"),
      Option(flag: "quiet", "print nothing"),
    ],
    examples: [
      Command.Example(
        "cellbus simulate bank --config bank.json5", "the batteries of a file"),
      Command.Example(
        "cellbus simulate bank --config bank.json5 --settings cellbus.json5",
        "and settings with which a gateway reads them"),
    ],
    exitCodes: [
      .ok, .usage, .badData, .noInput, .unavailable, .internalFault, .cannotCreate, .denied,
    ],
    run: { parsed throws(CommandFailure) in try run(parsed) })

  private static func run(_ parsed: Parsed) throws(CommandFailure) -> ExitCode {
    let path = try parsed.text("config")
    let file: BankFile
    let text = try Console.read(path)
    do throws(JSONError) {
      file = try BankFile(try JSON5Reader.read(text, as: .json5, maxBytes: 1 << 20))
    } catch {
      throw CommandFailure("\(path): \(error)", .badData)
    }
    let bank = try BankBench(file, at: MonotonicClock.now())
    if let settings = parsed.text(ifPresent: "settings") {
      try NewFile.write(bank.settings, to: settings)
    }
    do throws(SystemError) {
      return try play(bank, parsed)
    } catch {
      throw CommandFailure("\(error)", .internalFault)
    }
  }

  private static func play(_ bank: BankBench, _ parsed: Parsed) throws(SystemError) -> ExitCode {
    let signals = try Signals([.interrupt, .terminate, .hangup])
    let reactor = try Reactor()
    try bank.start(reactor)
    let isQuiet = parsed.flag("quiet")
    let isJSON = parsed.flag("json")
    if !isQuiet { Console.print(isJSON ? bank.placesJSON : bank.places) }
    var isEnding = false
    try reactor.watch(signals.descriptor) { _ in isEnding = signals.next() != nil || isEnding }
    let start = MonotonicClock.now()
    let end = parsed.number(ifPresent: "for").map { start + $0 } ?? .never
    var nextReport = start
    while !isEnding, MonotonicClock.now() < end {
      let wake = bank.run(at: MonotonicClock.now())
      let now = MonotonicClock.now()
      if now >= nextReport {
        nextReport = now + 1000
        if !isQuiet { Console.print(isJSON ? bank.viewJSON : bank.view) }
      }
      try reactor.turn(until: min(wake, nextReport, end))
    }
    return .ok
  }
}
