// SPDX-License-Identifier: Apache-2.0

import Gateway
import Text

extension Reference {
  static var settings: Page {
    Page(
      section: .settings, title: "Settings",
      summary:
        "What can stand in cellbus.json5, with its default for LFP cells; docs/settings.md tells more.",
      tables: [
        ReferenceTable(
          "", ["setting", "default", "range", "meaning"],
          SettingRow.all.map { [$0.path, $0.standardText, $0.rangeText, $0.meaning] })
      ])
  }

  static func writeSettings(_ writer: inout JSONWriter) {
    writer.array("settings") { writer in
      for row in SettingRow.all {
        writer.object { writer in
          writer.field("path", row.path)
          writer.key("default")
          writer.value(row.standard)
          writer.field("range", row.rangeText)
          if !row.kind.unit.isEmpty { writer.field("unit", row.kind.unit) }
          writer.field("needed", row.isNeeded)
          writer.field("meaning", row.meaning)
        }
      }
    }
  }
}
