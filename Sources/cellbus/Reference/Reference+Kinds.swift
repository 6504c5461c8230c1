// SPDX-License-Identifier: Apache-2.0

import Dialects
import History
import Links
import Text
import Wire

extension Reference {
  /// Names that programs meet, of one sort, each with its meaning.
  struct Kinds {
    /// The key in JSON.
    let key: String
    /// What they are.
    let title: String
    let rows: [(name: String, meaning: String)]
  }

  /// Everything that has a kind.
  static var allKinds: [Kinds] {
    [
      Kinds(
        key: "events", title: "Events of the history",
        rows: Event.Kind.allCases.map { ($0.rawValue, "\($0.meaning)") }),
      Kinds(
        key: "faults", title: "Faults of a conversation with a battery",
        rows: Fault.Kind.allCases.map { ("\($0.name)", "\($0.meaning)") }),
      Kinds(
        key: "wire_errors", title: "Errors of bytes and frames",
        rows: WireError.Kind.allCases.map { ("\($0.name)", "\($0.meaning)") }),
      Kinds(
        key: "link_errors", title: "Errors of links",
        rows: LinkError.Kind.allCases.map { ("\($0.name)", "\($0.meaning)") }),
      Kinds(
        key: "line_errors", title: "Errors of lines that decode reads",
        rows: LineError.allCases.map { ($0.rawValue, $0.meaning) }),
      Kinds(
        key: "setting_refusals", title: "Refusals of a change of a battery's settings",
        rows: SettingRefusal.Kind.allCases.map { ("\($0.name)", "\($0.meaning)") }),
      Kinds(
        key: "setting_failures", title: "Failures of a change of a battery's settings",
        rows: SettingsFailure.Kind.allCases.map { ("\($0.name)", "\($0.meaning)") }),
    ]
  }

  static var kinds: Page {
    Page(
      section: .kinds, title: "Kinds of events, faults and errors",
      summary:
        "The names that stand under \"kind\" in JSON, and the numbers with which commands end.",
      tables: allKinds.map { kinds in
        ReferenceTable(kinds.title, ["kind", "meaning"], kinds.rows.map { [$0.name, $0.meaning] })
      } + [
        ReferenceTable(
          "Exit codes", ["status", "meaning"],
          ExitCode.allCases.map { ["\($0.rawValue)", $0.meaning] })
      ])
  }

  static func writeKinds(_ writer: inout JSONWriter) {
    for kinds in allKinds {
      writer.array(kinds.key) { writer in
        for row in kinds.rows {
          writer.object { writer in
            writer.field("kind", row.name)
            writer.field("meaning", row.meaning)
          }
        }
      }
    }
    writer.array("exit_codes") { writer in
      for code in ExitCode.allCases {
        writer.object { writer in
          writer.field("code", code.rawValue)
          writer.field("meaning", code.meaning)
        }
      }
    }
  }
}
