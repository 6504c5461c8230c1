// SPDX-License-Identifier: Apache-2.0

import History
import Text

/// What happened, oldest first.
enum HistoryEvents {
  static func answer(
    _ reader: HistoryReader, _ wanted: HistoryWish, _ battery: (number: Int, name: String),
    _ span: HistoryWish.Span
  ) throws(HistoryError) -> ExitCode {
    let parsed = wanted.parsed
    // Without a time it is the latest, however long ago.
    let isTimed = span.isAsked || parsed.isGiven("to")
    let events = try reader.events(
      battery: battery.number, from: isTimed ? span.from : .min, to: isTimed ? span.to : .max,
      limit: Int(parsed.number(ifPresent: "rows") ?? 2000)
    ).reversed()
    if parsed.flag("json") {
      var writer = JSONWriter()
      writer.array { writer in for event in events { write(event, to: &writer) } }
      Console.print(writer.text)
    } else if parsed.flag("csv") {
      Console.print("time,kind,code,text")
      for event in events {
        let text = "\(event)".split(separator: "\"", omittingEmptySubsequences: false)
        Console.print(
          "\(ISO8601.string(event.moment.wall)),\(event.kind.rawValue),\(event.code),\"\(text.joined(separator: "\"\""))\""
        )
      }
    } else {
      for event in events {
        let who = event.battery == 0 ? "gateway" : battery.name
        Console.print("\(ISO8601.string(event.moment.wall))  \(who)  \(event)")
      }
    }
    if events.isEmpty {
      Console.complain("cellbus: no event of \(battery.name) is known of that time")
    }
    return events.isEmpty ? .failed : .ok
  }

  /// One event as an object.
  static func write(_ event: Event, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("time", ISO8601.string(event.moment.wall))
      writer.field("kind", event.kind.rawValue)
      writer.field("text", event.description)
    }
  }
}
