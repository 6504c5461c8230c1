// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Links
import Text

// `diff`: two sets of settings side by side.

extension SettingsDesk {
  static func compare(_ parsed: Parsed, _ map: SettingsMap) throws(CommandFailure) -> ExitCode {
    let path = try parsed.text("FILE")
    let first = try file(path, map)
    let second: SettingsBackup
    let name: String
    if let other = parsed.text(ifPresent: "OTHER") {
      guard !BatteryLine.isNamed(parsed) else {
        throw CommandFailure(
          "\(other) and a battery are named: two things are compared, not three", .usage)
      }
      second = try file(other, map)
      name = other
    } else {
      let desk = try SettingsDesk(parsed, map)
      second = SettingsBackup(desk.survey, desk.map)
      name = desk.port.link.name
    }
    let rows = differences(first, second, map)
    if parsed.flag("json") {
      Console.print(json((path, first), (name, second), rows))
    } else {
      for (path, backup) in [(path, first), (name, second)] {
        Console.print("\(path): unit \(backup.serial?.printable ?? "unknown")")
      }
      var table = Table(["setting", Table.Column(path), Table.Column(name)])
      for (row, one, other) in rows {
        table.add([
          "\(row.name)", one.map { row.text($0) } ?? "not there",
          other.map { row.text($0) } ?? "not there",
        ])
      }
      Console.print(rows.isEmpty ? "no difference\n" : table.text(Console.style), terminator: "")
    }
    return rows.isEmpty ? .ok : .failed
  }

  private static func differences(
    _ first: SettingsBackup, _ second: SettingsBackup, _ map: SettingsMap
  ) -> [(Register, SettingValue?, SettingValue?)] {
    func value(_ backup: SettingsBackup, _ row: Register) -> SettingValue? {
      backup.values.first { $0.row.isSame(row) }?.value
    }
    var rows: [(Register, SettingValue?, SettingValue?)] = []
    for row in map.rows where !map.traits(row).isOrder {
      let (one, other) = (value(first, row), value(second, row))
      if one != other { rows.append((row, one, other)) }
    }
    return rows
  }

  private static func json(
    _ first: (String, SettingsBackup), _ second: (String, SettingsBackup),
    _ rows: [(Register, SettingValue?, SettingValue?)]
  ) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      for (key, side) in [("first", first), ("second", second)] {
        writer.object(key) { writer in
          writer.field("from", side.0)
          if let serial = side.1.serial { writer.field("serial", serial) }
          if let time = side.1.time { writer.field("time", time) }
        }
      }
      writer.field("same", rows.isEmpty)
      writer.array("differences") { writer in
        for (row, one, other) in rows {
          writer.object { writer in
            writer.field("address", row.address)
            writer.field("name", row.name)
            writer.value("first", row, one)
            writer.value("second", row, other)
            if row.unit.utf8CodeUnitCount > 0 { writer.field("unit", row.unit) }
          }
        }
      }
    }
    return writer.text
  }
}
