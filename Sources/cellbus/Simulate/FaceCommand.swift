// SPDX-License-Identifier: Apache-2.0

import Dialects
import Machine
import Simulation
import Text
import Wire

/// `cellbus simulate <dialect>`: a battery that speaks one language.
enum FaceCommand {
  /// The command of a language.
  static func of(_ face: Face) -> Command {
    let name = "\(face.name)"
    let title = face.dialect.map { "\($0.title)" } ?? name
    return Command(
      name, "simulate a battery: \(title)",
      discussion: """
        The same pack, charger and loads as of every other simulated battery, told in this language. \
        \(doors(face))With --gx the same command also plays a serial-line CAN adapter with a Victron GX \
        on the bus, whose charger obeys the limits that it reads there; without it the charger does as \
        it was set.

        \(SimulateCommand.scenarios)
        """,
      options: options(face) + SimulateCommand.commonOptions,
      examples: [example(face)],
      exitCodes: [.ok, .usage, .unavailable, .internalFault, .cannotCreate, .denied],
      run: { parsed throws(CommandFailure) in try run(parsed, Face.named(name), title) })
  }

  private static func doors(_ face: Face) -> String {
    if face.isOnCAN {
      return """
        It stands on the bus of a CAN interface (--can), or of a serial-line CAN adapter (SLCAN) that \
        programs open as a serial port (--pty).\u{20}
        """
    }
    let radio = """
      With --bytes a program plays a Bluetooth central: it connects to a socket that keeps messages \
      apart (SOCK_SEQPACKET), each message that it sends is a write to the characteristic, and each that \
      it gets is a notification.\u{20}
      """
    return "Programs open it as a serial port (--pty), or connect to a serial server (--tcp). "
      + (face.hasRadio ? radio : "")
  }

  private static func example(_ face: Face) -> Command.Example {
    let name = "\(face.name)"
    return Command.Example(
      "cellbus simulate \(name) --pty ./tty-\(name)",
      face.isOnCAN ? "a battery on the bus of a CAN adapter" : "a battery at a serial port")
  }

  private static func options(_ face: Face) -> [Option] {
    var options: [Option] = []
    if face.isOnCAN {
      options = [
        Option(
          "pty", "PATH",
          "a CAN adapter: a link to a pseudo-terminal is put there; one without a link by default"),
        Option("can", "NAME", "a CAN interface of the kernel, such as vcan0"),
      ]
    } else {
      options = [
        Option(
          "pty", "PATH",
          "the serial port: a link to a pseudo-terminal is put there; one without a link by default"
        ),
        Option(
          "tcp", "PORT", "a serial server on 127.0.0.1; 0 takes a free port", .integer(0...65_535)),
      ]
    }
    if face.hasModbusTCP {
      options.append(
        Option(
          "modbus-tcp", "PORT", "a gateway from Modbus TCP on 127.0.0.1; 0 takes a free port",
          .integer(0...65_535)))
    }
    if face.hasRadio {
      options += [
        Option("bytes", "PATH", "a socket for programs that play a Bluetooth central"),
        Option(
          "piece", "N", "bytes of a notification at --bytes at most", .integer(1...512),
          default: "20"),
      ]
    }
    return options + [
      Option("gx", "PATH", "the GX's CAN adapter: a link to a pseudo-terminal is put there"),
      Option(
        "address", "N", "its number on a bus; the language's usual one by default",
        .integer(0...255)),
      Option(flag: "invert", "tell the current with the other sign, as some firmware does"),
      Option("password", "TEXT", "the password that it asks for, where the language has one"),
      Option("module", "ADDRESS", "the address of its radio module, six bytes in hexadecimal"),
      Option(
        "cells", "N", "cells in series; the scenario's by default",
        .integer(1...Int64(face.cells))),
      Option(
        "capacity", "AH", "capacity in Ah; the scenario's by default",
        .decimal(places: 1, 10...50_000)),
    ]
  }

  private static func run(
    _ parsed: Parsed, _ face: Face?, _ title: String
  ) throws(CommandFailure) -> ExitCode {
    guard let face else { throw CommandFailure("no such language", .usage) }
    let gx = parsed.text(ifPresent: "gx")
    let scenario = try SimulateCommand.scenario(parsed, control: gx == nil ? .own : .bus)
    let cells = parsed.number(ifPresent: "cells").map { Int($0) }
    var wish = FaceWish(
      scenario: scenario.sized(
        series: cells ?? min(scenario.pack.series, face.cells),
        capacity: parsed.number(ifPresent: "capacity").map { Double($0) / 10 }),
      now: MonotonicClock.now())
    wish.seed = UInt64(try parsed.number("seed"))
    wish.speed = try parsed.number("speed")
    wish.options = try options(parsed)
    let serial = try port(parsed, face)
    let bus = try gx.map { link throws(CommandFailure) in try DoorOptions.pty(link) }
    return try SimulatedRun(
      title: title, wish.scenario, face.make(wish), serial, bus
    ).play(parsed)
  }

  private static func port(_ parsed: Parsed, _ face: Face) throws(CommandFailure) -> any BenchPort {
    let names = ["pty", "tcp", "modbus-tcp", "bytes", "can"]
    let given = names.filter { parsed.text(ifPresent: $0) != nil }
    guard given.count <= 1 else {
      throw CommandFailure(
        "give one of \(given.map { "--\($0)" }.joined(separator: " and ")): the battery has one line",
        .usage)
    }
    if !face.isOnCAN, let port = try DoorOptions.port(parsed, names) { return port }
    if given == ["can"] { return try DoorOptions.can(try parsed.text("can")) }
    let pty = try DoorOptions.pty(parsed.text(ifPresent: "pty"))
    return face.isOnCAN ? AdapterPort(pty) : PtyPort(pty)
  }

  private static func options(_ parsed: Parsed) throws(CommandFailure) -> DialectOptions {
    var options = DialectOptions()
    options.address = parsed.number(ifPresent: "address").map { UInt8(clamping: $0) }
    options.invertsCurrent = parsed.flag("invert")
    options.password = Array((parsed.text(ifPresent: "password") ?? "").utf8)
    if let text = parsed.text(ifPresent: "module") {
      guard let bytes = Hex.bytes(text.utf8.filter { $0 != UInt8(ascii: ":") }), bytes.count == 6
      else {
        throw CommandFailure(
          "--module \(text): an address is six bytes, such as a4:c1:37:04:2d:be", .usage)
      }
      options.module = bytes
    }
    return options
  }
}
