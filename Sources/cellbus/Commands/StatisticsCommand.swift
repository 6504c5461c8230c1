// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Links
import Text

/// `cellbus statistics`: what a TinyBMS has counted.
enum StatisticsCommand {
  static let command = Command(
    "statistics", "print what a TinyBMS has counted",
    options: BatteryLine.options + [Option(flag: "json", "print JSON")],
    examples: [.init("cellbus statistics --port /dev/ttyUSB0", "records and counts")],
    exitCodes: [.ok, .failed, .usage, .unavailable, .inputOutput, .denied],
    run: { parsed throws(CommandFailure) in
      let words = try read(try BatteryPort(parsed))
      let rows = Dialect.tinyBMS.registers.filter { $0.group == .statistics }
      if parsed.flag("json") {
        var writer = JSONWriter()
        writer.array { writer in
          for row in rows {
            guard let raw = words.raw(row) else { continue }
            writer.object { writer in
              writer.setting(row, .number(raw))
              writer.field("meaning", row.meaning)
            }
          }
        }
        Console.print(writer.text)
      } else {
        var table = Table(["statistic", "", "unit", "meaning"])
        for row in rows {
          guard let raw = words.raw(row) else { continue }
          table.add(["\(row.name)", row.number(raw), "\(row.unit)", "\(row.meaning)"])
        }
        Console.print(table.text(Console.style), terminator: "")
      }
      return .ok
    })

  /// Registers 100 to 117.
  static func read(_ port: BatteryPort) throws(CommandFailure) -> SettingsWords {
    guard case .readModbus(let words) = try port.ask(.readModbus(address: 100, count: 18)) else {
      throw CommandFailure("\(port.link.name): no statistics in the answer", .inputOutput)
    }
    return SettingsWords(base: 100, words)
  }
}
