// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Text

// The same for programs.

extension SettingsText {
  /// Settings with their limits, an array.
  static func json(_ survey: SettingsSurvey, _ rows: [Register], _ map: SettingsMap) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      identity(survey, &writer)
      writer.array("settings") { writer in
        for row in rows {
          guard let value = survey.current.value(row) else { continue }
          let traits = map.traits(row)
          writer.object { writer in
            writer.setting(row, value)
            if let limits = survey.limits(row) {
              writer.value("lowest", row, limits.lowest)
              writer.value("highest", row, limits.highest)
              writer.field("limits_from", limits.areTold ? "unit" : "document")
            }
            writer.value("factory", row, survey.standard?.raw(row))
            writer.field("in_unit", survey.has(row))
            writer.field("dangerous", traits.danger != nil)
            writer.field("order", traits.isOrder)
            writer.field("writable", row.access == .write)
            writer.field("meaning", row.meaning)
          }
        }
      }
    }
    return writer.text
  }

  /// A plan, and how it ended where it was carried out.
  static func json(
    _ plan: SettingsPlan, _ survey: SettingsSurvey, _ map: SettingsMap,
    _ outcome: SettingsOutcome? = nil, _ backup: String? = nil
  ) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      identity(survey, &writer)
      writer.field("allowed", plan.isAllowed)
      writer.array("changes") { writer in
        for change in plan.changes { writer.object { fields(change, &$0) } }
      }
      writes("writes", plan.writes, map, &writer)
      refusals("refusals", plan.refusals, &writer)
      refusals("standing", plan.standing, &writer)
      if let backup { writer.field("backup", backup) }
      guard let outcome else { return }
      writer.field("applied", outcome.isApplied)
      writer.field("unchanged", outcome.isUnchanged)
      if let failure = outcome.failure {
        writer.object("failure") { writer in
          writer.field("kind", failure.kind)
          writer.field("reason", failure.description)
          if let failed = outcome.failed { writer.field("address", failed.address) }
        }
      }
      writes("written", outcome.written, map, &writer)
      writes("undone", outcome.undone, map, &writer)
      writes("not_undone", outcome.notUndone, map, &writer)
      if outcome.mayBeOpen { writer.field("may_be_open", true) }
      writer.array("unexpected") { for address in outcome.unexpected { $0.value(address) } }
    }
    return writer.text
  }

  private static func identity(_ survey: SettingsSurvey, _ writer: inout JSONWriter) {
    if let serial = survey.identity.serial { writer.field("serial", serial.string) }
    if let firmware = survey.identity.firmware { writer.field("firmware", firmware.string) }
  }

  private static func fields(_ change: SettingsPlan.Change, _ writer: inout JSONWriter) {
    writer.field("address", change.row.address)
    writer.field("name", change.row.name)
    writer.value("from", change.row, change.from)
    writer.value("to", change.row, change.to)
    if change.row.unit.utf8CodeUnitCount > 0 { writer.field("unit", change.row.unit) }
    if let from = change.from.raw, let to = change.to.raw {
      writer.field("from_raw", from)
      writer.field("to_raw", to)
    }
    if let danger = change.traits.danger { writer.field("danger", danger) }
  }

  private static func writes(
    _ key: StaticString, _ writes: [SettingsPlan.Write], _ map: SettingsMap,
    _ writer: inout JSONWriter
  ) {
    writer.array(key) { writer in
      for write in writes {
        writer.object { writer in
          writer.field("address", write.address)
          if let row = map.rows(in: write).first { writer.field("name", row.name) }
          if write.old.count == 1, write.new.count == 1 {
            writer.field("from_raw", write.from)
            writer.field("to_raw", write.to)
          } else {
            writer.array("from_words") { for word in write.old { $0.value(word) } }
            writer.array("to_words") { for word in write.new { $0.value(word) } }
          }
          if write.breaks > 0 { writer.field("breaks", write.breaks) }
        }
      }
    }
  }

  private static func refusals(
    _ key: StaticString, _ refusals: [SettingRefusal], _ writer: inout JSONWriter
  ) {
    writer.array(key) { writer in
      for refusal in refusals {
        writer.object { writer in
          writer.field("kind", refusal.kind)
          writer.field("reason", refusal.description)
        }
      }
    }
  }
}
