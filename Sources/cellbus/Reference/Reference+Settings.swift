// SPDX-License-Identifier: Apache-2.0

import Gateway
import Text

extension Reference {
  /// One setting of the settings file.
  struct Setting {
    /// Where it stands, such as `batteries[].charging.capacity_ah`.
    let path: String
    /// What it is where the file does not say it; `null` where nothing is.
    let standard: JSONValue
  }

  static var settings: Page {
    Page(
      section: .settings, title: "Settings",
      summary:
        "What can stand in cellbus.json5, with its default for LFP cells; docs/settings.md tells more.",
      tables: [
        ReferenceTable(
          "", ["setting", "default"],
          ReferenceCommand.settings().map {
            [$0.path, $0.standard.isNull ? "" : $0.standard.text()]
          })
      ])
  }

  static func writeSettings(_ writer: inout JSONWriter) {
    writer.array("settings") { writer in
      for setting in ReferenceCommand.settings() {
        writer.object { writer in
          writer.field("path", setting.path)
          writer.field("default", setting.standard)
        }
      }
    }
  }
}
