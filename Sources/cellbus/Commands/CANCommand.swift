// SPDX-License-Identifier: Apache-2.0

import Battery
import Inverters
import Links
import Machine
import Quantities
import Text
import Wire

/// `cellbus can`: looks at a CAN bus and at logs of one.
enum CANCommand {
  static let command = Command(
    "can", "look at a CAN bus or a log of one",
    subcommands: [
      Command(
        "dump", "print every frame on a bus, as candump -L does",
        discussion:
          "It sends no frame. The adapter or controller itself acknowledges what it hears, as every node of a bus does.",
        options: [
          Option("interface", short: "i", "NAME", "a CAN interface of this machine, such as can0"),
          Option("slcan", "PATH", "a serial-line CAN adapter, such as /dev/ttyACM0"),
          Option(
            "bitrate", "N", "bits per second of the bus behind --slcan",
            .integer(10_000...1_000_000), default: "500000"),
          Option("for", "TIME", "end by itself after this time", .duration(0...604_800_000)),
          Option(flag: "decode", "print what each frame says, too"), profile,
        ],
        examples: [
          Command.Example(
            "cellbus can dump --interface can0 --decode", "watch what a battery tells a GX")
        ],
        exitCodes: [.ok, .usage, .unavailable, .denied],
        run: { parsed throws(CommandFailure) in try dump(parsed) }),
      Command(
        "decode", "explain the frames of a log",
        discussion: """
          Reads lines as candump -L writes them, or just ID#DATA, and prints what each says in the language \
          of a profile. Lines that are neither are left out and counted.
          """,
        arguments: [Argument("FILE", "the log; - is standard input", default: "-")],
        options: [profile, Option(flag: "json", "print one JSON object a line")],
        examples: [Command.Example("cellbus can decode can.log", "explain a log")],
        exitCodes: [.ok, .failed, .usage, .noInput],
        run: { parsed throws(CommandFailure) in try decode(parsed) }),
      CANMappingCommand.command,
    ])

  /// The option that names an inverter's language.
  static var profile: Option {
    Option(
      "profile", "NAME", "the inverter's language",
      .choice(InverterProfile.all.map { "\($0.name)" }), default: "victron")
  }

  /// The language that was asked for.
  static func profile(_ parsed: Parsed) throws(CommandFailure) -> InverterProfile {
    InverterProfile.all[Int(try parsed.number("profile"))]
  }

  private static func dump(_ parsed: Parsed) throws(CommandFailure) -> ExitCode {
    let link = try bus(parsed)
    let isDecoding = parsed.flag("decode")
    let profile = try profile(parsed)
    do throws(LinkError) {
      try link.open()
    } catch {
      throw CommandFailure("\(error)", error.exitCode)
    }
    defer { link.close() }
    let end = parsed.number(ifPresent: "for").map { MonotonicClock.now() + $0 } ?? .never
    let signals = try Console.endings()
    do throws(LinkError) {
      while signals.next() == nil, MonotonicClock.now() < end, let descriptor = link.descriptor {
        let wait = min(250, max(1, end - MonotonicClock.now()))
        _ = try link.waitReadable([descriptor, signals.descriptor], milliseconds: wait)
        while let frame = try link.receive() {
          let line = CandumpLine(
            microseconds: WallClock.microseconds(), interface: link.name.lastWord, frame)
          var text: [UInt8] = []
          line.append(to: &text)
          Console.print(text)
          if isDecoding { Console.print("    \(Self.text(of: frame, profile))") }
        }
      }
      return .ok
    } catch {
      throw CommandFailure("\(error)", .unavailable)
    }
  }

  private static func bus(_ parsed: Parsed) throws(CommandFailure) -> any FrameLink {
    switch (parsed.text(ifPresent: "interface"), parsed.text(ifPresent: "slcan")) {
    case (let name?, nil): return SocketCANLink(interface: name)
    case (nil, let path?):
      return SLCANLink(
        over: SerialLink(path: path, baud: 115_200),
        bitsPerSecond: UInt32(try parsed.number("bitrate")))
    default:
      throw CommandFailure("give either --interface NAME or --slcan PATH", .usage)
    }
  }

  private static func decode(_ parsed: Parsed) throws(CommandFailure) -> ExitCode {
    let isJSON = parsed.flag("json")
    let profile = try profile(parsed)
    var known = 0
    var unknown = 0
    try Console.lines(of: try parsed.text("FILE")) { line throws(CommandFailure) in
      guard line.contains(where: { $0 > 0x20 }) else { return }
      guard let frame = CandumpLine(text: line)?.frame ?? CANFrame(text: line.filter { $0 > 0x20 })
      else {
        unknown += 1
        return
      }
      known += 1
      Console.print(isJSON ? json(of: frame, profile) : "\(frame)  \(text(of: frame, profile))")
    }
    if unknown > 0 {
      let lines =
        unknown == 1
        ? "1 line is no CAN frame and was" : "\(unknown) lines are no CAN frames and were"
      Console.complain("cellbus: \(lines) left out")
    }
    return known > 0 ? .ok : .failed
  }

  private static func json(of frame: CANFrame, _ profile: InverterProfile) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("frame", "\(frame)")
      if let row = profile.frames.first(where: { $0.id == frame.id }) {
        writer.field("name", row.name)
      }
      writer.fields(of: profile.explain([frame]))
    }
    return writer.text
  }

  /// What a frame says, as `name value` pairs.
  private static func text(of frame: CANFrame, _ profile: InverterProfile) -> String {
    let exchange = profile.explain([frame])
    if let error = exchange.error { return "\(error)" }
    var writer = JSONWriter()
    writer.object { writer in
      writer.fields(of: exchange)
    }
    guard let value = try? JSON5Reader.read(writer.bytes, as: .json) else { return "" }
    let fields = (value["reading"]?.members ?? []) + (value["exchange"]?.members ?? [])
    return fields.map { "\($0.key) \($0.value.string?.printable ?? $0.value.text())" }.joined(
      separator: "  ")
  }
}

extension String {
  /// The part after the last slash.
  fileprivate var lastWord: String { split(separator: "/").last.map(String.init) ?? self }
}
