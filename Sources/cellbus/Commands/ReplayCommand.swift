// SPDX-License-Identifier: Apache-2.0

import Dialects
import Gateway
import Links
import Machine
import Quantities
import Text
import Wire

/// `cellbus replay`: reads a recording back, or speaks as the battery in it.
enum ReplayCommand {
  static let command = Command(
    "replay", "read a recording back, or speak as the battery in it",
    discussion: """
      Reads what cellbus record, cellbus read --record or a gateway has recorded, by the same code that reads \
      batteries and with the time of the recording: prints the readings, each fault with its line, bytes that \
      belong to no message with their place, lines that are missing, and what was counted.

      With --exchanges it prints each question with its answer as a JSON line, for cellbus decode and for the \
      fixtures of a dialect.

      With --pty it speaks as the battery: programs open the path as a serial port, and a question that was \
      recorded gets the answer that was recorded; when it comes again, the next one. A question that was never \
      recorded gets none.
      """,
    arguments: [
      Argument(
        "FILE", "the recording; files put aside come first, the oldest before", repeats: true)
    ],
    options: [
      Option(
        "dialect", short: "d", "NAME", "the battery's language, instead of the recording's own",
        .choice(Dialect.wired.map(\.name))),
      MapFile.option,
      Option(
        "speed", "N", "as fast as it was, ten times, or at once; at once by default, with --pty 1",
        .choice(["1", "10", "max"])),
      Option(flag: "exchanges", "print questions and answers instead of readings"),
      Option("pty", "PATH", "speak as the battery: a link to a pseudo-terminal is put there"),
      Option(
        "for", "TIME", "with --pty: end by itself after this time", .duration(0...604_800_000)),
      Option(flag: "json", "print JSON, a line for each reading, fault and note"),
    ],
    examples: [
      Command.Example("cellbus replay unit.log", "what a recording says"),
      Command.Example(
        "cellbus replay unit.log.2 unit.log.1 unit.log --json", "a recording of several files"),
      Command.Example(
        "cellbus replay unit.log --exchanges | cellbus decode", "every register in a recording"),
      Command.Example(
        "cellbus replay unit.log --pty ./tty-unit", "let a gateway run against a recording"),
    ],
    exitCodes: [.ok, .failed, .usage, .badData, .noInput, .unavailable, .cannotCreate],
    run: { parsed throws(CommandFailure) in try run(parsed) })

  private static func run(_ parsed: Parsed) throws(CommandFailure) -> ExitCode {
    let paths = parsed.texts("FILE")
    let speed: Int64? = parsed.number(ifPresent: "speed").map { [1, 10, 0][Int($0)] }
    if let path = parsed.text(ifPresent: "pty") {
      let served = ServedRecording(paths, pace: pace(speed ?? 1))
      return try served.run(
        at: path, for: parsed.number(ifPresent: "for"), isJSON: parsed.flag("json"))
    }
    let chosen =
      try MapFile.dialect(parsed)
      ?? parsed.text(ifPresent: "dialect").flatMap { Dialect.named($0) }
    if parsed.flag("exchanges") { return try printExchanges(paths, chosen) }
    let dialect: Dialect
    if let chosen { dialect = chosen } else { dialect = try language(of: paths) }
    var printer = PlaybackPrinter(
      Playback(dialect), dialect, isJSON: parsed.flag("json"), namesFiles: paths.count > 1)
    return try printer.run(paths, speed: speed ?? 0)
  }

  private static func pace(_ speed: Int64) -> ReplayLink.Pace {
    speed == 0 ? .immediate : .times(speed)
  }

  /// The language that a recording itself names.
  private static func language(of paths: [String]) throws(CommandFailure) -> Dialect {
    guard !paths.contains("-") else {
      throw CommandFailure("for standard input, say which language: --dialect NAME", .usage)
    }
    var reader = TrafficReader(paths)
    while let item = try read(&reader) {
      guard case .header(let header) = item.content else { continue }
      if header.version > 1 {
        throw CommandFailure(
          "\(item.path): line \(item.number): a recording of version \(header.version), and this program "
            + "knows version 1; use a newer one", .badData)
      }
      if let name = header.dialect {
        guard let dialect = Dialect.named(name) else {
          throw CommandFailure("\(item.path): there is no language \(name.printable)", .badData)
        }
        return dialect
      }
    }
    throw CommandFailure(
      "\(paths[0]): does not say which language was spoken; say it: --dialect NAME", .usage)
  }

  /// The next line of a recording.
  static func read(
    _ reader: inout TrafficReader
  ) throws(CommandFailure) -> TrafficReader.Item? {
    do throws(LinkError) { return try reader.next() } catch {
      throw CommandFailure("\(error)", .noInput)
    }
  }

  private static func printExchanges(
    _ paths: [String], _ chosen: Dialect?
  ) throws(CommandFailure) -> ExitCode {
    let recording: Recording
    do throws(LinkError) { recording = try Recording(paths) } catch {
      throw CommandFailure("\(error)", .noInput)
    }
    let language = chosen.map { "\($0.name)" } ?? recording.dialect ?? ""
    if !recording.before.isEmpty {
      Console.print(exchange("before", language, nil, recording.before.map(\.bytes)))
    }
    for each in recording.exchanges {
      Console.print(
        exchange("line-\(each.line)", language, each.request, each.pieces.map(\.bytes)))
    }
    return recording.exchanges.isEmpty && recording.before.isEmpty ? .failed : .ok
  }

  private static func exchange(
    _ id: String, _ language: String, _ request: [UInt8]?, _ pieces: [[UInt8]]
  ) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("id", id)
      writer.field("protocol", language)
      writer.field("link", "uart")
      writer.field("request_hex", request.map { hex($0) } ?? nil as String?)
      writer.array("response_hex") { writer in for piece in pieces { writer.value(hex(piece)) } }
    }
    return writer.text
  }
}
