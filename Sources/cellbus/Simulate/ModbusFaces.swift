// SPDX-License-Identifier: Apache-2.0

import Dialects
import Machine
import Quantities
import Simulation
import Text

/// `cellbus simulate daly-d2`, `daly-81`, `jk-modbus` and `map`: batteries with registers.
enum ModbusFaces {
  /// A battery with registers: its name, what it is, and how it is made.
  private struct Entry: Sendable {
    let name: String
    let title: String
    let make: @Sendable (Parsed) throws(CommandFailure) -> ModbusFace
  }

  private static let entries: [Entry] = [
    Entry(name: "daly-d2", title: "a Daly of the series H, K, M and S") { _ in .dalyD2() },
    Entry(name: "daly-81", title: "a newer Daly with a board number") { parsed in
      .daly81(board: UInt8(clamping: parsed.number(ifPresent: "address") ?? 1))
    },
    Entry(name: "jk-modbus", title: "a JK of the PB series on RS485") { parsed in
      .jkModbus(unit: UInt8(clamping: parsed.number(ifPresent: "address") ?? 1))
    },
    Entry(name: "map", title: "a battery by your own register map") {
      parsed throws(CommandFailure) in
      ModbusFace(try map(parsed))
    },
  ]

  /// A command for each.
  static let commands: [Command] = entries.map { entry in
    var own: [Option] = []
    switch entry.name {
    case "map": own.append(MapFile.option)
    case "daly-d2": break
    default:
      own.append(
        Option("address", "N", "its number on the line, 1 unless told", .integer(1...31)))
    }
    return Command(
      entry.name, "simulate \(entry.title)",
      options: [
        Option("pty", "PATH", "the serial port: a link to a pseudo-terminal is put there"),
        Option(
          "tcp", "PORT", "a serial server on 127.0.0.1; 0 takes a free port", .integer(0...65_535)),
        Option(
          "modbus-tcp", "PORT", "a gateway from Modbus TCP on 127.0.0.1; 0 takes a free port",
          .integer(0...65_535)),
      ] + own + [
        Option(
          "scenario", "NAME", "what happens", .choice(Scenario.all.map { "\($0.name)" }),
          default: "demo"),
        Option("fault", "NAME[@FROM[-TO]]", "something that goes wrong", repeats: true),
        Option(
          "seed", "N", "the same seed makes the same battery", .integer(0...Int64.max),
          default: "1"),
        Option(
          "speed", "N", "seconds of the battery's time in a real second", .integer(1...100_000),
          default: "1"),
        Option("for", "TIME", "end by itself after this time", .duration(0...604_800_000)),
        Option(flag: "json", "print the true state each second as a JSON line"),
        Option(flag: "quiet", "print nothing"),
      ],
      examples: [
        Command.Example(
          entry.name == "map"
            ? "cellbus simulate map --map cellbus.json5 --pty ./tty-map"
            : "cellbus simulate \(entry.name) --pty ./tty-\(entry.name)",
          "a battery for any program")
      ],
      exitCodes: [.ok, .usage, .badData, .noInput, .cannotCreate, .internalFault],
      run: { parsed throws(CommandFailure) in try run(entry, parsed) })
  }

  private static func map(_ parsed: Parsed) throws(CommandFailure) -> ModbusMap {
    guard let map = try MapFile.map(parsed) else {
      throw CommandFailure("give --map FILE: the register map of the battery", .usage)
    }
    return map
  }

  private static func run(_ entry: Entry, _ parsed: Parsed) throws(CommandFailure) -> ExitCode {
    guard var scenario = Scenario.named(try parsed.text("scenario")) else {
      throw CommandFailure("no such scenario", .usage)
    }
    for text in parsed.texts("fault") { scenario.faults.append(try SimulateCommand.window(text)) }
    scenario.control = .own
    let face = try entry.make(parsed)
    let rig = Rig(
      scenario, seed: UInt64(try parsed.number("seed")), speed: try parsed.number("speed"),
      at: MonotonicClock.now())
    let serial = try port(parsed)
    let isQuiet = parsed.flag("quiet")
    let isJSON = parsed.flag("json")
    do throws(SystemError) {
      let signals = try Signals([.interrupt, .terminate, .hangup])
      let reactor = try Reactor()
      let bench = try FaceBench(FacedRig(rig, face: face), serial: serial, reactor: reactor)
      if !isQuiet, !isJSON { Console.print("\(face.map.title) on \(serial.title)") }
      var isEnding = false
      try reactor.watch(signals.descriptor) { _ in isEnding = signals.next() != nil || isEnding }
      let end = parsed.number(ifPresent: "for").map { MonotonicClock.now() + $0 } ?? .never
      var nextReport = MonotonicClock.now()
      while !isEnding, MonotonicClock.now() < end {
        let wake = bench.run(at: MonotonicClock.now())
        if MonotonicClock.now() >= nextReport {
          nextReport = MonotonicClock.now() + 1000
          let view = bench.rig.rig.view
          if isJSON { Console.print(view.json) } else if !isQuiet { Console.print(view.line) }
        }
        try reactor.turn(until: min(wake, nextReport, end))
      }
      return .ok
    } catch {
      throw CommandFailure("\(error)", .internalFault)
    }
  }

  private static func port(_ parsed: Parsed) throws(CommandFailure) -> any BenchPort {
    let given = ["pty", "tcp", "modbus-tcp"].filter { parsed.text(ifPresent: $0) != nil }
    guard given.count == 1, let name = given.first else {
      throw CommandFailure("give one of --pty PATH, --tcp PORT and --modbus-tcp PORT", .usage)
    }
    if name == "pty" {
      let path = try parsed.text(name)
      do throws(PtyError) {
        return PtyPort(try Pty(link: path))
      } catch {
        throw CommandFailure("\(error)", .cannotCreate)
      }
    }
    let number = UInt16(clamping: parsed.number(ifPresent: name) ?? 0)
    do throws(SystemError) {
      return try NetworkPort(port: number, isModbus: name == "modbus-tcp")
    } catch {
      throw CommandFailure("127.0.0.1:\(number): \(error)", .cannotCreate)
    }
  }
}

/// A simulated battery with registers, where programs reach it.
private final class FaceBench {
  /// How long nothing may happen at most, in milliseconds: the battery's time goes on.
  private static let step: Int64 = 100

  private(set) var rig: FacedRig<ModbusFace>
  private let serial: any BenchPort

  init(
    _ rig: FacedRig<ModbusFace>, serial: any BenchPort, reactor: Reactor
  ) throws(SystemError) {
    self.rig = rig
    self.serial = serial
    try serial.start(reactor) { [unowned self] bytes in
      self.rig.serialReceived(bytes, at: MonotonicClock.now())
    }
  }

  /// Does all that is due.
  ///
  /// - Returns: when to come back, unless something is received before.
  func run(at now: Tick) -> Tick {
    rig.advance(to: now)
    var wake = serial.run(at: now)
    var hasSaid = false
    while case .send(let bytes) = rig.serialNext(at: now) {
      serial.send(bytes)
      hasSaid = true
    }
    // What the battery said may be what somebody waits for.
    if hasSaid { wake = serial.run(at: now) }
    return max(now + 1, min(rig.deadline, wake, now + Self.step))
  }
}
