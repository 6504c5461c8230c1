// SPDX-License-Identifier: Apache-2.0

import Battery
import History
import Machine
import Quantities
import Text

/// What there is of one battery, in a few lines.
enum HistorySummary {
  static func answer(
    _ reader: HistoryReader, _ wanted: HistoryWish, _ battery: (number: Int, name: String),
    _ span: HistoryWish.Span
  ) throws(HistoryError) -> ExitCode {
    let statistics = try reader.statistics(at: WallClock.now())
    let events = try reader.events(battery: battery.number, limit: 20)
    let energies = try reader.query(
      [.energyCharged, .energyDischarged], battery: battery.number, from: span.from, to: span.to,
      maxRows: 2000
    ).map(\.rise)
    guard wanted.parsed.flag("json") else {
      printTable(wanted.path, battery.name, statistics, energies, span)
      if !events.isEmpty { Console.print("\n" + Console.style.bold("Latest events")) }
      for event in events.reversed() {
        Console.print("  \(ISO8601.string(event.moment.wall, fraction: false))  \(event)")
      }
      return .ok
    }
    var writer = JSONWriter()
    let decimals = Point.energyCharged.kind.decimals
    writer.object { writer in
      writer.field("file", wanted.path)
      writer.field("battery", battery.name)
      writer.field("readings", statistics.records)
      writer.field("from", statistics.oldest.map { ISO8601.string($0) })
      writer.field("to", statistics.newest.map { ISO8601.string($0) })
      writer.field("bytes", statistics.fileBytes)
      writer.field("written_today_bytes", statistics.writtenToday)
      writer.field("stored_today_bytes", statistics.storedToday)
      for (name, energy) in zip(["energy_in_wh", "energy_out_wh"], energies) {
        if let energy { writer.field(name, energy, decimals: decimals) }
      }
      writer.array("events") { writer in
        for event in events.reversed() { HistoryEvents.write(event, to: &writer) }
      }
    }
    Console.print(writer.text)
    return .ok
  }

  private static func printTable(
    _ path: String, _ battery: String, _ statistics: HistoryStatistics, _ energies: [Int64?],
    _ span: HistoryWish.Span
  ) {
    func time(_ wall: Int64?) -> String { wall.map { ISO8601.string($0, fraction: false) } ?? "–" }
    func size(_ bytes: Int64?) -> String { bytes.map { "\($0 / 1024) KiB" } ?? "–" }
    var table = Table(["", ""])
    table.add(["file", path])
    table.add(["battery", battery])
    table.add(["readings", "\(statistics.records)"])
    table.add(["from", time(statistics.oldest)])
    table.add(["to", time(statistics.newest)])
    table.add(["size", size(statistics.fileBytes)])
    table.add(["written today", size(statistics.writtenToday)])
    table.add(["in whole pages", size(statistics.storedToday)])
    let length = Elapsed.text((span.to - span.from + 500) / 1000 * 1000)
    for (name, energy) in zip(["energy in", "energy out"], energies) {
      guard let energy else { continue }
      let text = Decimal.string(energy, decimals: Point.energyCharged.kind.decimals, places: 0)
      table.add([name, "\(text) Wh in the last \(length)"])
    }
    Console.print(table.text(Console.style), terminator: "")
  }
}
