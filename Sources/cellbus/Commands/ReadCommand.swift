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
    options: BatteryLine.options + [
      Option(
        "dialect", short: "d", "NAME", "the battery's language",
        .choice(Dialect.all.map { "\($0.name)" }), default: "tinybms"),
      Option(
        "timeout", "TIME", "how long to wait for a first answer", .duration(500...600_000),
        default: "5s"),
      Option(flag: "watch", "go on and print each new reading"),
      Option(
        "for", "TIME", "with --watch: end by itself after this time", .duration(0...604_800_000)),
      Option(flag: "json", "print JSON, a line for each reading"),
    ],
    examples: [
      Command.Example("cellbus read --port /dev/ttyUSB0", "what a TinyBMS says now"),
      Command.Example(
        "cellbus read --port /dev/ttyUSB0 --watch --json", "a stream for another program"),
      Command.Example("cellbus read --tcp 192.168.1.20:2000", "through a serial server"),
    ],
    exitCodes: [.ok, .usage, .unavailable, .denied],
    run: { parsed throws(CommandFailure) in try run(parsed) })

  private static func run(_ parsed: Parsed) throws(CommandFailure) -> ExitCode {
    guard let dialect = Dialect.named(try parsed.text("dialect")) else {
      throw CommandFailure("no such dialect", .usage)
    }
    let settings = try BatteryLine.settings(parsed)
    guard let language = settings.isModbusOnly ? dialect.overModbus : dialect else {
      throw CommandFailure("a \(dialect.title) cannot be read over Modbus TCP", .usage)
    }
    let isWatching = parsed.flag("watch")
    let isJSON = parsed.flag("json")
    let link = try BatteryLine.open(settings)
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
          Console.print(isJSON ? talk.json(at: now) : talk.line)
        } else if !isWatching, talk.isComplete || talk.snapshot.liveAt != nil && now > patience {
          Console.print(isJSON ? talk.json(at: now) : talk.table, terminator: isJSON ? "\n" : "")
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

/// One conversation with a battery on an open link.
private struct Talk {
  private(set) var snapshot = Snapshot()
  private(set) var fault: Fault?
  private var session: Session
  private let link: any ByteLink
  private let dialect: Dialect
  private var readings = 0

  init(_ dialect: Dialect, _ link: any ByteLink, delay: Int64) {
    self.dialect = dialect
    self.link = link
    session = Session(dialect)
    session.linkDelay = delay
    session.linkOpened(at: MonotonicClock.now())
  }

  /// Whether everything that the dialect asks for has been answered once.
  var isComplete: Bool { snapshot.liveAt != nil && readings >= dialect.polls.count }

  /// Goes on with the conversation until something live is read or the time is over.
  ///
  /// - Returns: whether something live was read.
  mutating func turn(until end: Tick) throws(LinkError) -> Bool {
    while true {
      let now = MonotonicClock.now()
      switch session.next(at: now) {
      case .send(let bytes): try link.send(bytes)
      case .reading(let reading, let isLive):
        readings += 1
        snapshot.take(reading, at: now, isLive: isLive)
        fault = nil
        if isLive { return true }
      case .answered: readings += 1
      case .fault(let new): fault = new
      case .wait(let until):
        guard now < end, let descriptor = link.descriptor else { return false }
        let wait = max(1, min(until, end) - now)
        guard try link.waitReadable([descriptor], milliseconds: min(1000, wait)) else { continue }
        var bytes: [UInt8] = []
        _ = try link.receive(into: &bytes)
        session.received(bytes.span, at: MonotonicClock.now())
      }
    }
  }

  /// What the battery says it is doing, as a word.
  private var status: String? {
    snapshot.reading[.status].flatMap(dialect.statusName).map { "\($0)" }
  }

  var line: String {
    var parts: [String] = []
    for point in [Point.voltage, .current, .soc, .cellMin, .cellMax] {
      guard let value = snapshot.reading[point] else { continue }
      parts.append(
        "\(point.entry.title) \(Decimal.string(value, decimals: point.kind.decimals)) \(point.kind.unit)"
      )
    }
    return parts.joined(separator: "  ")
  }

  var table: String {
    var table = Table(["value", "", "unit", ""])
    for point in Point.allCases {
      guard let sample = snapshot[point] else { continue }
      let text =
        point.kind == .flag
        ? (sample.value == 0 ? "no" : "yes")
        : Decimal.string(sample.value, decimals: point.kind.decimals)
      table.add([
        "\(point.entry.title)", text, "\(point.kind.unit)", sample.isDerived ? "computed" : "",
      ])
    }
    if let status { table.add(["Status", status, "", ""]) }
    let reading = snapshot.reading
    for index in 0..<reading.cells.count {
      let isBalancing = reading.cells.balancing >> UInt64(index) & 1 == 1
      table.add([
        "Cell \(index + 1)", reading.cells[index].text(places: 4), "V",
        isBalancing ? "balancing" : "",
      ])
    }
    for index in 0..<reading.temperatures.count {
      table.add(["Sensor \(index + 1)", reading.temperatures[index]?.text() ?? "–", "°C", ""])
    }
    for (title, label) in [
      ("Serial number", reading.identity.serial), ("Firmware", reading.identity.firmware),
      ("Hardware", reading.identity.hardware),
    ] {
      if let label { table.add([title, label.string.printable, "", ""]) }
    }
    if reading.reportsAlarms {
      let names = reading.alarms.list.map { "\($0.name)" }
      table.add(["Alarms", names.isEmpty ? "none" : names.joined(separator: ", "), "", ""])
    }
    return table.text(Console.style)
  }

  func json(at now: Tick) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("time", ISO8601.string(WallClock.now()))
      writer.field("dialect", dialect.name)
      if let age = snapshot.age(at: now) { writer.field("age_ms", age) }
      writer.object("reading") { writer in
        writer.fields(of: snapshot.reading)
        if let status { writer.field("status", status) }
      }
      writer.object("link") { writer in
        writer.field("name", link.name)
        writer.fields(of: link.counters)
        writer.fields(of: session.statistics)
      }
    }
    return writer.text
  }
}
