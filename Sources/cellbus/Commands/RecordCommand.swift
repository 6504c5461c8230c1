// SPDX-License-Identifier: Apache-2.0

import Dialects
import Gateway
import Links
import Machine
import Quantities
import Text
import Wire

/// `cellbus record`: writes every byte on a serial line to a file.
enum RecordCommand {
  static let command = Command(
    "record", "record every byte on a serial port",
    discussion: """
      With --dialect it asks the battery as cellbus read does and records both sides; it only asks, it never \
      writes. Without, it sends nothing at all and records what it hears: what the battery says to another \
      program, on a wire that was led to this port. --host-port names a second port that hears what the other \
      program says; an answer of most batteries means nothing without its question.

      The recording holds what the battery tells of itself, serial number included. docs/recordings.md tells \
      how to take that out.

      Frames on a CAN bus are recorded by: cellbus can dump --interface can0 > can.log
      """,
    options: BatterySpeech.options + [
      Option("port", short: "p", "PATH", "the serial port, such as /dev/ttyUSB0", isRequired: true),
      Option("out", short: "o", "FILE", "the recording, a new file", isRequired: true),
      Option(
        "dialect", short: "d", "NAME", "ask in this language; without, only listen",
        .choice(Dialect.serial.map { "\($0.name)" })),
      MapFile.option,
      Option("host-port", "PATH", "a second port, which hears what is said to the battery"),
      Option("baud", "N", "bits per second, unless the language's", .integer(50...4_000_000)),
      Option("for", "TIME", "end by itself after this time", .duration(0...604_800_000)),
      Option(
        "largest", "BYTES", "put the file aside at this size, as FILE.1 and so on",
        .integer(1...Int64.max)),
      Option(
        "kept", "N", "with --largest: how many files put aside are kept", .integer(0...1000),
        default: "5"),
      Option(flag: "json", "print a summary as JSON at the end"),
    ],
    examples: [
      Command.Example(
        "cellbus record -p /dev/ttyUSB0 -d tinybms -o unit.log --for 1min",
        "a minute of a TinyBMS"),
      Command.Example(
        "cellbus record -p /dev/ttyUSB0 --host-port /dev/ttyUSB1 -o heard.log",
        "what another program and a battery say to each other"),
    ],
    exitCodes: [
      .ok, .failed, .usage, .badData, .noInput, .unavailable, .cannotCreate, .inputOutput,
      .denied,
    ],
    run: { parsed throws(CommandFailure) in try run(parsed) })

  private static func run(_ parsed: Parsed) throws(CommandFailure) -> ExitCode {
    var dialect = try MapFile.dialect(parsed)
    if let name = parsed.text(ifPresent: "dialect") {
      dialect = try BatterySpeech.dialect(name, parsed)
    }
    let language = dialect ?? .tinyBMS
    let baud = UInt32(
      parsed.number(ifPresent: "baud") ?? Int64(language.serialBaud ?? TinyBMS.baud))
    let port = SerialLink(path: try parsed.text("port"), baud: baud)
    let host = parsed.text(ifPresent: "host-port").map { SerialLink(path: $0, baud: baud) }
    if host != nil, dialect != nil {
      throw CommandFailure(
        "--host-port hears what another program says; with --dialect there is none", .usage)
    }
    var rotation = Rotation.none
    if let largest = parsed.number(ifPresent: "largest") {
      rotation.largest = largest
      rotation.kept = Int(try parsed.number("kept"))
    }
    let signals = try Console.endings()
    let link = LoggedByteLink(port, log: nil)
    do throws(LinkError) {
      // Opened before the file is made, so that a wrong name leaves no file behind.
      try link.open()
      try host?.open()
    } catch {
      throw CommandFailure("\(error)", error.exitCode)
    }
    let log = try NewRecording.begin(
      try parsed.text("out"), of: link, dialect: dialect, rotation: rotation)
    var recorder = Recorder(link, host: host, log: log, dialect: dialect)
    var failure: LinkError?
    do throws(LinkError) {
      try recorder.run(for: parsed.number(ifPresent: "for"), signals)
    } catch { failure = error }
    link.close()
    NewRecording.end(log)
    if parsed.flag("json") { Console.print(recorder.json) } else { Console.print(recorder.summary) }
    if let failure { throw CommandFailure("\(failure)", .unavailable) }
    return log.lost > 0 ? .inputOutput : link.counters.bytesIn > 0 ? .ok : .failed
  }
}
