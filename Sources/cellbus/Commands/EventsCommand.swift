// SPDX-License-Identifier: Apache-2.0

import Dialects
import Gateway
import Links
import Machine
import Text

/// `cellbus events`: the event memory of a TinyBMS.
enum EventsCommand {
  static let command = Command(
    "events", "print the event memory of a TinyBMS",
    discussion: """
      Events carry the seconds of the unit's life. The time on the calendar is reckoned back from now, and is \
      wrong for what happened before a time in which the unit was without power.
      """,
    options: BatteryLine.options + [Option(flag: "json", "print JSON")],
    examples: [.init("cellbus events --port /dev/ttyUSB0", "up to 49 events, the newest last")],
    exitCodes: [.ok, .failed, .usage, .unavailable, .inputOutput, .denied],
    run: { parsed throws(CommandFailure) in
      let list = try read(try BatteryPort(parsed))
      let now = WallClock.now()
      if parsed.flag("json") {
        Console.print(json(list, now))
      } else {
        Console.print(table(list, now), terminator: "")
      }
      return .ok
    })

  /// The events of a unit, oldest first.
  static func read(_ port: BatteryPort) throws(CommandFailure) -> TinyBMS.EventList {
    if port.settings.isModbusOnly { return try readRegisters(port) }
    guard case .allEvents(let list) = try port.ask(.allEvents) else {
      throw CommandFailure("\(port.link.name): no events in the answer", .inputOutput)
    }
    return TinyBMS.EventList(now: list.now, events: list.events.filter { $0.id != 0 })
  }

  /// The same from the registers, where the link carries Modbus alone.
  private static func readRegisters(_ port: BatteryPort) throws(CommandFailure)
    -> TinyBMS.EventList
  {
    guard case .readModbus(let words) = try port.ask(.readModbus(address: 200, count: 98)),
      case .readModbus(let clock) = try port.ask(.readModbus(address: 32, count: 2)),
      words.count == 98, clock.count == 2
    else { throw CommandFailure("\(port.link.name): no events in the answer", .inputOutput) }
    let events = stride(from: 0, to: words.count, by: 2).map { place in
      TinyBMS.Event(packed: UInt32(words[place]) | UInt32(words[place + 1]) << 16)
    }
    return TinyBMS.EventList(
      now: UInt32(clock[0]) | UInt32(clock[1]) << 16, events: events.filter { $0.id != 0 })
  }

  private static func age(_ event: TinyBMS.Event, _ now: UInt32) -> Int64 {
    Int64(now) - Int64(event.time(before: now))
  }

  private static func kind(_ event: TinyBMS.Event) -> StaticString {
    switch event.id {
    case ...0x30: "fault"
    case ...0x60: "warning"
    default: "information"
    }
  }

  private static func table(_ list: TinyBMS.EventList, _ now: Int64) -> String {
    guard !list.events.isEmpty else { return "no events\n" }
    var table = Table(["time", "ago", "kind", "event"])
    for event in list.events {
      let age = age(event, list.now)
      table.add([
        ISO8601.string(now - age * 1000, fraction: false), Elapsed.text(age * 1000),
        "\(kind(event))", event.meaning.map { "\($0)" } ?? "event \(event.id)",
      ])
    }
    return table.text(Console.style)
  }

  private static func json(_ list: TinyBMS.EventList, _ now: Int64) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("lifetime_s", list.now)
      writer.array("events") { writer in
        for event in list.events {
          let age = age(event, list.now)
          writer.object { writer in
            writer.field("timestamp_s", event.time(before: list.now))
            writer.field("age_s", age)
            writer.field("time", ISO8601.string(now - age * 1000, fraction: false))
            writer.field("id", event.id)
            writer.field("kind", kind(event))
            if let meaning = event.meaning { writer.field("meaning", meaning) }
          }
        }
      }
    }
    return writer.text
  }
}
