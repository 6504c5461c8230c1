// SPDX-License-Identifier: Apache-2.0

import Dialects
import Gateway
import Glibc
import Machine
import Text
import Wire

/// `cellbus detect`: which battery speaks on a line.
enum DetectCommand {
  static let command = Command(
    "detect", "find out which battery speaks on a line, and in which language",
    discussion: """
      Listens first, then asks each language in its turn, one speed after the other. It sends nothing but the \
      questions by which these languages read; it never writes. A battery counts as found once it has told \
      a whole live reading whose checksum holds and whose values can be. Without a line it tries the \
      serial ports of \(SerialPorts.folder). No other program may use the port meanwhile.
      """,
    options: [
      Option(
        "port", short: "p", "PATH", "a serial port, such as /dev/ttyUSB0; may be given again",
        repeats: true)
    ] + BatteryLine.options.filter { !["port", "bitrate"].contains($0.name) } + [
      Option(
        "dialect", short: "d", "NAME", "try this language only; may be given again",
        .choice(Dialect.wired.map(\.name)), repeats: true),
      Option(
        "addresses", "LIST",
        "numbers of boards to try beside the usual one, such as 1-4 or 1,2,16"),
      Option("settings", "FILE", "write what was found to a new settings file"),
      Option(flag: "json", "print one JSON object"),
    ],
    examples: [
      Command.Example("cellbus detect", "try every serial port of this machine"),
      Command.Example("cellbus detect --port /dev/ttyUSB0 --addresses 1-4", "several on one line"),
      Command.Example(
        "cellbus detect --port /dev/ttyUSB0 --settings cellbus.json5", "begin a settings file"),
    ],
    exitCodes: [.ok, .failed, .usage, .unavailable, .internalFault, .cannotCreate, .denied],
    run: { parsed throws(CommandFailure) in try run(parsed) })

  private static func run(_ parsed: Parsed) throws(CommandFailure) -> ExitCode {
    let file = parsed.text(ifPresent: "settings")
    if let file, unsafe access(file, F_OK) == 0 {
      throw CommandFailure("\(file.printable): is there already; name a new file", .cannotCreate)
    }
    let addresses = try addresses(parsed.text(ifPresent: "addresses") ?? "")
    let lines = try lines(parsed)
    let chosen = parsed.texts("dialect")
    let dialects = Dialect.wired.filter { chosen.isEmpty || chosen.contains($0.name) }
    let baud = parsed.number(ifPresent: "baud").map { Int($0) }
    let signals = try Console.endings()
    var isEnded = false
    var tried: [Detector] = []
    for settings in lines where !isEnded {
      let detection = Detection(on: settings.wire(baud: baud), dialects, addresses: addresses)
      guard !detection.rounds.isEmpty else {
        let names = dialects.map(\.name).joined(separator: ", ")
        throw CommandFailure("\(settings.place): nothing to try there of \(names)", .usage)
      }
      var detector = Detector(
        settings, detection, say: { Console.complain($0.printable) },
        isOver: {
          if signals.next() != nil { isEnded = true }
          return isEnded
        })
      detector.run()
      tried.append(detector)
    }
    return try tell(DetectReport(lines: tried), parsed, file)
  }

  private static func tell(
    _ report: DetectReport, _ parsed: Parsed, _ file: String?
  ) throws(CommandFailure) -> ExitCode {
    Console.print(
      parsed.flag("json") ? report.json + "\n" : report.text(Console.style), terminator: "")
    if let file, report.hasFound {
      try NewFile.write(report.file, to: file)
      Console.complain(
        "\(file.printable): written; look at it with cellbus check \(file.printable)")
    }
    if report.hasFound { return .ok }
    // Where no line could be used at all, that is what went wrong.
    if let trouble = report.lines.first?.trouble,
      report.lines.allSatisfy({ $0.trouble != nil })
    {
      throw trouble
    }
    return .failed
  }

  /// The lines to try.
  private static func lines(_ parsed: Parsed) throws(CommandFailure) -> [ByteLinkSettings] {
    let ports = parsed.texts("port")
    if ports.count > 1 || !BatteryLine.isNamed(parsed) {
      let others = ["tcp", "modbus-tcp", "can", "slcan"].filter(parsed.isGiven)
      if let other = others.first {
        throw CommandFailure("--port and --\(other) name more than one kind of line", .usage)
      }
      let paths = ports.isEmpty ? SerialPorts.list() : ports
      guard !paths.isEmpty else {
        throw CommandFailure(
          "no serial port is under \(SerialPorts.folder): give --port PATH, --tcp HOST:PORT, "
            + "--modbus-tcp HOST, --can NAME or --slcan PATH", .usage)
      }
      let level = parsed.number(ifPresent: "rs485")
      return paths.map { path in
        var serial = SerialSettings(path: path)
        if let level {
          serial.rs485 = RS485Settings()
          serial.rs485?.isRTSHighOnSend = level == 0
        }
        return .serial(serial)
      }
    }
    return [try BatteryLine.named(parsed, .tinyBMS)]
  }

  /// The numbers of a list such as `1-4,16`.
  static func addresses(_ text: String) throws(CommandFailure) -> [UInt8] {
    var found: [UInt8] = []
    for part in text.split(separator: ",") {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { UInt8($0) }
      guard let first = ends[0], ends.count <= 2, let last = ends[ends.count - 1], first <= last
      else {
        throw CommandFailure(
          "--addresses \(text.printable): numbers from 0 to 255 are wanted, such as 1-4 or 1,2,16",
          .usage)
      }
      for address in first...last where !found.contains(address) { found.append(address) }
    }
    return found
  }
}
