// SPDX-License-Identifier: Apache-2.0

import Glibc
import History
import Machine
import Quantities
import Simulation
import Text

/// `cellbus simulate history`: days of a battery in a minute.
enum SimulateHistoryCommand {
  static let command = Command(
    "history", "simulate days of a battery, and keep their history",
    discussion: """
      Makes the history file that a gateway would have made, without waiting: to try charts, exports and \
      programs that read it. The gateway is the real one, with its charge control; battery, charger, loads and \
      GX are simulated. The clock of the first day shows what the scenario begins with, such as 07:00 UTC.
      """,
    options: [
      Option(
        "file", short: "f", "PATH", "the history file to make; it must not exist", isRequired: true),
      Option("battery", "NAME", "what the battery is called", default: "simulated"),
      Option(
        "scenario", "NAME", "what happens", .choice(Scenario.all.map { "\($0.name)" }),
        default: "solar-day"),
      Option(
        "from", "TIME", "the day on which it begins; as long ago as it lasts by default", .time),
      Option("for", "TIME", "how long", .duration(60_000...366 * 86_400_000), default: "1d"),
      Option("fault", "NAME[@FROM[-TO]]", "something that goes wrong", repeats: true),
      Option(
        "seed", "N", "the same seed makes the same history", .integer(0...Int64.max), default: "1"),
    ],
    examples: [
      Command.Example(
        "cellbus simulate history --file day.db", "a sunny day: about ten seconds")
    ],
    exitCodes: [.ok, .usage, .cannotCreate, .inputOutput],
    run: { parsed throws(CommandFailure) in try run(parsed) })

  private static func run(_ parsed: Parsed) throws(CommandFailure) -> ExitCode {
    guard var scenario = Scenario.named(try parsed.text("scenario")) else {
      throw CommandFailure("no such scenario", .usage)
    }
    for text in parsed.texts("fault") { scenario.faults.append(try SimulateCommand.window(text)) }
    scenario.control = .bus
    let path = try parsed.text("file")
    guard unsafe access(path, F_OK) != 0 else {
      throw CommandFailure("\(path) is there already; name a new file, or remove it", .cannotCreate)
    }
    let length = try parsed.number("for")
    let day: Int64 = 86_400_000
    let from =
      parsed.number(ifPresent: "from") ?? WallClock.now() - length - scenario.startSecond * 1000
    let wall = from / day * day + scenario.startSecond * 1000
    do throws(HistoryError) {
      let store = try HistoryStore(path: path, at: Moment(Tick(1_000_000), wall: wall))
      let battery = try store.battery(named: name(parsed))
      var gateway = SimulatedGateway(
        scenario, seed: UInt64(parsed.number(ifPresent: "seed") ?? 1), battery: battery, wall: wall)
      for _ in 0..<length / 60_000 { try gateway.live(into: store) }
      try store.close(at: gateway.moment)
    } catch {
      throw CommandFailure("\(error)", error.isTransient ? .inputOutput : .cannotCreate)
    }
    return .ok
  }

  private static func name(_ parsed: Parsed) -> String {
    parsed.text(ifPresent: "battery") ?? "simulated"
  }
}
