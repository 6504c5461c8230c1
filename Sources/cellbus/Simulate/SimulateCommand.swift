// SPDX-License-Identifier: Apache-2.0

import Machine
import Quantities
import Simulation
import Text

/// `cellbus simulate`: batteries and their surroundings without hardware.
enum SimulateCommand {
  static let command = Command(
    "simulate", "simulate batteries, their charger and a Victron GX",
    subcommands: [tinyBMS]
      + Face.all.filter { $0.name.description != "tinybms" }.map(FaceCommand.of)
      + [MapFaceCommand.command, BankCommand.command, SimulateHistoryCommand.command])

  private static let tinyBMS = Command(
    "tinybms", "simulate a TinyBMS on a pack",
    discussion: """
      Programs open the path of --pty as they would open a serial port; or they connect to this machine, \
      where with --tcp a serial server stands before the battery, and with --modbus-tcp a gateway \
      from Modbus TCP. With --can the same command also \
      plays a serial-line CAN adapter with a Victron GX and its charger on the bus, which obey the limits \
      they read there; without it the charger does as it was set.

      \(scenarios)
      """,
    options: [
      Option(
        "pty", "PATH", "the serial port: a link to a pseudo-terminal is put there"),
      Option(
        "tcp", "PORT", "a serial server on 127.0.0.1; 0 takes a free port", .integer(0...65_535)
      ),
      Option(
        "modbus-tcp", "PORT", "a gateway from Modbus TCP on 127.0.0.1; 0 takes a free port",
        .integer(0...65_535)),
      Option("can", "PATH", "the CAN adapter: a link to a second pseudo-terminal is put there"),
    ] + commonOptions,
    examples: [
      Command.Example(
        "cellbus simulate tinybms --pty ./tty-tinybms", "a battery for any TinyBMS program"),
      Command.Example(
        "cellbus simulate tinybms --pty ./tty-tinybms --can ./tty-can --speed 60",
        "a whole bench in fast motion"),
      Command.Example(
        "cellbus simulate tinybms --pty ./tty-tinybms --fault dropped-bytes", "a bad cable"),
      Command.Example(
        "cellbus simulate tinybms --tcp 2000", "a battery behind a serial server"),
    ],
    exitCodes: [.ok, .usage, .cannotCreate, .internalFault],
    run: { parsed throws(CommandFailure) in try run(parsed) })

  /// What help says of scenarios and faults.
  static var scenarios: String {
    """
    Scenarios: \(Scenario.all.map { "\($0.name) (\($0.summary))" }.joined(separator: "; ")).

    Faults: \(SimulatedFault.all.map { "\($0.name)" }.joined(separator: ", ")). A fault may have a time: \
    silent@10s-30s holds from 10 s to 30 s, hot-sensor@1h from one hour on. Faults of the line follow \
    real time, the others the battery's own.
    """
  }

  /// What every simulated battery may be told.
  static let commonOptions = [
    Option(
      "scenario", "NAME", "what happens", .choice(Scenario.all.map { "\($0.name)" }),
      default: "demo"),
    Option("fault", "NAME[@FROM[-TO]]", "something that goes wrong", repeats: true),
    Option(
      "seed", "N", "the same seed makes the same battery", .integer(0...Int64.max), default: "1"),
    Option(
      "speed", "N", "seconds of the battery's time in a real second", .integer(1...100_000),
      default: "1"),
    Option("for", "TIME", "end by itself after this time", .duration(0...604_800_000)),
    Option(flag: "json", "print the true state each second as a JSON line"),
    Option(flag: "quiet", "print nothing"),
  ]

  private static func run(_ parsed: Parsed) throws(CommandFailure) -> ExitCode {
    let can = parsed.text(ifPresent: "can")
    let scenario = try scenario(parsed, control: can == nil ? .own : .bus)
    let rig = Rig(
      scenario, seed: UInt64(try parsed.number("seed")), speed: try parsed.number("speed"),
      at: MonotonicClock.now())
    guard let serial = try DoorOptions.port(parsed, ["pty", "tcp", "modbus-tcp"]) else {
      throw CommandFailure(
        "give one of --pty PATH, --tcp PORT and --modbus-tcp PORT: the battery has one line", .usage
      )
    }
    let bus = try can.map { link throws(CommandFailure) in try DoorOptions.pty(link) }
    return try SimulatedRun(title: "TinyBMS", scenario, rig, serial, bus).play(parsed)
  }

  /// The scenario and its faults that were asked for.
  static func scenario(
    _ parsed: Parsed, control: Scenario.Control
  ) throws(CommandFailure) -> Scenario {
    guard var scenario = Scenario.named(try parsed.text("scenario")) else {
      throw CommandFailure("no such scenario", .usage)
    }
    for text in parsed.texts("fault") { scenario.faults.append(try window(text)) }
    scenario.control = control
    return scenario
  }

  /// A fault and its time from `NAME[@FROM[-TO]]`.
  static func window(_ text: String) throws(CommandFailure) -> FaultWindow {
    let parts = text.split(separator: "@", maxSplits: 1)
    guard let name = parts.first, let fault = SimulatedFault.named(String(name)) else {
      let names = SimulatedFault.all.map { "\($0.name)" }
      let hint =
        EditDistance.nearest(String(parts.first ?? ""), in: names).map { "; did you mean \($0)?" }
        ?? ""
      throw CommandFailure("no fault \(text) is known\(hint)", .usage)
    }
    guard parts.count == 2 else { return FaultWindow(fault) }
    let times = parts[1].split(separator: "-", maxSplits: 1).map {
      Elapsed.milliseconds(String($0))
    }
    guard let from = times[0], times.count < 2 || times[1] != nil else {
      throw CommandFailure("\(text): a time is written as 10s, 5m or 1h", .usage)
    }
    return FaultWindow(fault, from: from, to: times.count == 2 ? times[1] ?? .max : .max)
  }
}
