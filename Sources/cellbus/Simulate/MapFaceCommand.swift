// SPDX-License-Identifier: Apache-2.0

import Dialects
import Machine
import Simulation
import Text

/// `cellbus simulate map`: a battery whose registers are those of an owner's own map.
enum MapFaceCommand {
  static let command = Command(
    "map", "simulate a battery by your own register map",
    discussion: """
      The same pack, charger and loads as of every other simulated battery, in the registers of a map \
      from a settings file.

      \(SimulateCommand.scenarios)
      """,
    options: [
      MapFile.option,
      Option(
        "pty", "PATH",
        "the serial port: a link to a pseudo-terminal is put there; one without a link by default"),
      Option(
        "tcp", "PORT", "a serial server on 127.0.0.1; 0 takes a free port", .integer(0...65_535)),
      Option(
        "modbus-tcp", "PORT", "a gateway from Modbus TCP on 127.0.0.1; 0 takes a free port",
        .integer(0...65_535)),
    ] + SimulateCommand.commonOptions,
    examples: [
      Command.Example(
        "cellbus simulate map --map cellbus.json5 --pty ./tty-map", "a battery for any program")
    ],
    exitCodes: [.ok, .usage, .badData, .noInput, .unavailable, .cannotCreate, .internalFault],
    run: { parsed throws(CommandFailure) in try run(parsed) })

  private static func run(_ parsed: Parsed) throws(CommandFailure) -> ExitCode {
    guard let map = try MapFile.map(parsed) else {
      throw CommandFailure("give --map FILE: the register map of the battery", .usage)
    }
    let names = ["pty", "tcp", "modbus-tcp"]
    let given = names.filter { parsed.text(ifPresent: $0) != nil }
    guard given.count <= 1 else {
      throw CommandFailure(
        "give one of \(given.map { "--\($0)" }.joined(separator: " and ")): the battery has one line",
        .usage)
    }
    var wish = FaceWish(
      scenario: try SimulateCommand.scenario(parsed, control: .own), now: MonotonicClock.now())
    wish.seed = UInt64(try parsed.number("seed"))
    wish.speed = try parsed.number("speed")
    var serial = try DoorOptions.port(parsed, names)
    if serial == nil { serial = PtyPort(try DoorOptions.pty(parsed.text(ifPresent: "pty"))) }
    guard let serial else { throw CommandFailure("there is no line", .internalFault) }
    return try SimulatedRun(
      title: map.title, wish.scenario, FacedRig(wish.rig, face: ModbusFace(map)), serial, nil
    ).play(parsed)
  }
}
