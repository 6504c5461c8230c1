// SPDX-License-Identifier: Apache-2.0

import History
import Text

/// Which batteries and times a history holds, and how much room they take.
enum HistoryList {
  static func answer(
    _ reader: HistoryReader, _ wanted: HistoryWish
  ) throws(HistoryError) -> ExitCode {
    let inventory = try reader.inventory().filter {
      wanted.battery == nil || $0.name == wanted.battery
    }
    let holdings = try reader.holdings()
    guard wanted.parsed.flag("json") else {
      print(inventory, holdings)
      return inventory.isEmpty ? .failed : .ok
    }
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("file", wanted.path)
      writer.array("batteries") { writer in
        for battery in inventory {
          writer.object { writer in
            writer.field("name", battery.name)
            writer.array("kept") { writer in
              for shelf in battery.shelves {
                writer.object { writer in
                  writer.field("resolution", "\(shelf.resolution)")
                  writer.field("from", ISO8601.string(shelf.from))
                  writer.field("to", ISO8601.string(shelf.to))
                  writer.field("records", shelf.records)
                }
              }
            }
          }
        }
      }
      writer.key("bytes_about")
      writer.object { writer in
        for (name, bytes) in sizes(holdings) { writer.field(name, bytes) }
      }
    }
    Console.print(writer.text)
    return inventory.isEmpty ? .failed : .ok
  }

  private static func print(_ inventory: [Inventory], _ holdings: Holdings) {
    var table = Table([
      Table.Column("battery", .left), Table.Column("kept", .left), Table.Column("from", .left),
      Table.Column("to", .left), Table.Column("records", .right),
    ])
    for battery in inventory {
      for (index, shelf) in battery.shelves.enumerated() {
        table.add([
          index == 0 ? battery.name : "", name(shelf.resolution),
          ISO8601.string(shelf.from, fraction: false), ISO8601.string(shelf.to, fraction: false),
          shelf.records.map { "\($0)" } ?? "",
        ])
      }
    }
    Console.print(table.text(Console.style))
    var room = Table([Table.Column("of all batteries", .left), Table.Column("about", .right)])
    for (name, bytes) in sizes(holdings) { room.add([name, "\((bytes + 512) / 1024) KiB"]) }
    Console.print(room.text(Console.style), terminator: "")
  }

  private static func name(_ resolution: Resolution) -> String {
    switch resolution {
    case .raw: "records"
    case .minute: "minutes"
    case .hour: "hours"
    case .days: "days"
    }
  }

  private static func sizes(_ holdings: Holdings) -> [(String, Int64)] {
    [
      ("records", holdings.records), ("minutes", holdings.minutes), ("hours", holdings.hours),
      ("days", holdings.days), ("events", holdings.events), ("free", holdings.free),
    ]
  }
}
