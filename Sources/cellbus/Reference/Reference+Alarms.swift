// SPDX-License-Identifier: Apache-2.0

import Battery
import Inverters
import Text

extension Reference {
  static var alarms: Page {
    Page(
      section: .alarms, title: "Alarms",
      summary:
        "The one dictionary of what can be wrong with a battery. A warning and a protection have "
        + "the same name.",
      tables: [
        ReferenceTable(
          "", ["name", "meaning", "also seen as", "pairs of 0x35A", "bits of 0x359"],
          Alarm.allCases.map { alarm in
            [
              "\(alarm.name)", "\(alarm.meaning)",
              alarm.aliases.map { "\($0)" }.joined(separator: ", "),
              alarm.pairs.joined(separator: ", "), alarm.flags.joined(separator: ", "),
            ]
          })
      ])
  }

  static func writeAlarms(_ writer: inout JSONWriter) {
    writer.array("alarms") { writer in
      for alarm in Alarm.allCases {
        writer.object { writer in
          writer.field("name", alarm.name)
          writer.field("meaning", alarm.meaning)
          writer.array("aliases") { writer in for name in alarm.aliases { writer.value(name) } }
          writer.array("pairs_35a") { writer in for name in alarm.pairs { writer.value(name) } }
          writer.array("flags_359") { writer in for name in alarm.flags { writer.value(name) } }
        }
      }
    }
  }

  /// The pairs of 0x35A with what raises them, for the page of Victron.
  static var pairs: ReferenceTable {
    ReferenceTable(
      "Pairs of 0x35A", ["pair", "alarm", "warning", "raised by", "read as"],
      VictronPair.allCases.map { pair in
        let place = Int(pair.rawValue)
        let bits = "bits \(place % 4 * 2)-\(place % 4 * 2 + 1)"
        return [
          "\(pair.title)", "byte \(place / 4) \(bits)", "byte \(place / 4 + 4) \(bits)",
          names(pair.alarms), pair.alarm.map { "\($0.name)" } ?? "general_alarm, general_warning",
        ]
      })
  }

  /// The bits of 0x359 with what sets them, for the page of Pylontech.
  static var flags: ReferenceTable {
    ReferenceTable(
      "Bits of 0x359", ["bit", "protection", "alarm", "set by", "read as"],
      PylontechFlag.allCases.map { flag in
        let place = Int(flag.rawValue)
        return [
          "\(flag.title)", "byte \(place / 8) bit \(place % 8)",
          "byte \(place / 8 + 2) bit \(place % 8)", names(flag.alarms), "\(flag.alarm.name)",
        ]
      })
  }

  private static func names(_ alarms: AlarmSet) -> String {
    alarms.list.map { "\($0.name)" }.joined(separator: ", ")
  }
}

extension Alarm {
  /// The pairs of 0x35A that it raises.
  fileprivate var pairs: [String] {
    VictronPair.allCases.filter { $0.alarms.has(self) }.map { "\($0.title)" }
  }

  /// The bits of 0x359 that it sets.
  fileprivate var flags: [String] {
    PylontechFlag.allCases.filter { $0.alarms.has(self) }.map { "\($0.title)" }
  }
}
