// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Gateway
import Links
import Machine
import Quantities
import Text

/// `cellbus read`: reads a battery directly, without a gateway.
enum ReadCommand {
  static let command = Command(
    "read", "read a battery, once or again and again",
    discussion: """
      Wakes the battery, asks for everything that it can tell, and prints it. It only asks; it never writes. \
      No other program, a gateway included, may use the port meanwhile.
      """,
    options: BatteryLine.options + BatterySpeech.options + [
      Option(
        "dialect", short: "d", "NAME", "the battery's language",
        .choice(Dialect.wired.map(\.name)), default: "tinybms"),
      MapFile.option,
      Option(
        "timeout", "TIME", "how long to wait for a first answer", .duration(500...600_000),
        default: "5s"),
      Option(flag: "watch", "go on and print each new reading"),
      Option(
        "for", "TIME", "with --watch: end by itself after this time", .duration(0...604_800_000)),
      Option(
        "record", "FILE", "write every byte to a new file, for cellbus replay and for a bug report"),
      Option(flag: "json", "print JSON, a line for each reading"),
    ],
    examples: [
      Command.Example("cellbus read --port /dev/ttyUSB0", "what a TinyBMS says now"),
      Command.Example(
        "cellbus read --port /dev/ttyUSB0 --watch --json", "a stream for another program"),
      Command.Example("cellbus read --tcp 192.168.1.20:2000", "through a serial server"),
      Command.Example(
        "cellbus read --dialect daly-can --can can0", "a Daly board on a CAN interface"),
      Command.Example(
        "cellbus read --map cellbus.json5 --port /dev/ttyUSB0", "a battery by your own register map"
      ),
    ],
    exitCodes: [.ok, .usage, .badData, .noInput, .unavailable, .cannotCreate, .denied],
    run: { parsed throws(CommandFailure) in try run(parsed) })

  private static func run(_ parsed: Parsed) throws(CommandFailure) -> ExitCode {
    let dialect = try BatterySpeech.dialect(parsed)
    let settings = try BatteryLine.settings(parsed, of: dialect)
    let language = settings.isModbusOnly ? dialect.overModbus ?? dialect : dialect
    let isWatching = parsed.flag("watch")
    let isJSON = parsed.flag("json")
    let link = LoggedByteLink(try BatteryLine.open(settings, for: dialect), log: nil)
    if let path = parsed.text(ifPresent: "record") {
      try NewRecording.begin(path, of: link, dialect: dialect)
    }
    defer {
      link.close()
      if let log = link.log { NewRecording.end(log) }
    }
    var talk = Talk(language, link, delay: settings.delay)
    let start = MonotonicClock.now()
    let patience = start + (try parsed.number("timeout"))
    let end = isWatching ? parsed.number(ifPresent: "for").map { start + $0 } ?? .never : .never
    let signals = try Console.endings()
    do throws(LinkError) {
      while signals.next() == nil, MonotonicClock.now() < end {
        let isNew = try talk.turn(until: min(end, MonotonicClock.now() + 100))
        let now = MonotonicClock.now()
        if isNew, isWatching {
          Console.print(isJSON ? talk.json(at: now) : talk.text.line)
        } else if !isWatching, talk.isComplete || talk.snapshot.liveAt != nil && now > patience {
          Console.print(
            isJSON ? talk.json(at: now) : talk.text.table, terminator: isJSON ? "\n" : "")
          return .ok
        }
        if talk.snapshot.liveAt == nil, now > patience { break }
      }
    } catch {
      throw CommandFailure("\(error)", .unavailable)
    }
    guard talk.snapshot.liveAt == nil, MonotonicClock.now() > patience else { return .ok }
    let reason = talk.fault.map { "\($0)" } ?? "\(dialect.title): no answer"
    throw CommandFailure("\(link.name): \(reason)", .unavailable)
  }
}
