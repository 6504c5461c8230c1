// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Text

/// Settings, plans and outcomes as people read them.
enum SettingsText {
  /// Settings with their limits.
  static func table(_ survey: SettingsSurvey, _ rows: [Register], _ map: SettingsMap) -> String {
    var table = Table([
      "address", "setting", Table.Column("value", .right), "unit", Table.Column("lowest", .right),
      Table.Column("highest", .right), Table.Column("factory", .right), "",
    ])
    for row in rows {
      guard survey.has(row), let value = survey.current.value(row) else {
        table.add([String(row.address), "\(row.name)", "–", "", "", "", "", "not in this unit"])
        continue
      }
      let traits = map.traits(row)
      let limits = survey.limits(row)
      table.add([
        String(row.address), "\(row.name)", row.number(value),
        "\(row.unit)", limits.map { row.number($0.lowest) } ?? "",
        limits.map { row.number($0.highest) } ?? "",
        survey.standard?.raw(row).map { $0 == row.absent ? "–" : row.number($0) } ?? "",
        row.access == .read
          ? "read only" : traits.isOrder ? "order" : traits.danger == nil ? "" : "ask",
      ])
    }
    return table.text(Console.style)
  }

  /// What would change, and why it may not.
  static func table(_ plan: SettingsPlan, _ map: SettingsMap) -> String {
    var text = ""
    if !plan.changes.isEmpty {
      var table = Table([
        "setting", Table.Column("now", .right), "", Table.Column("then", .left), "",
      ])
      for change in plan.changes {
        table.add([
          "\(change.row.name)", change.row.text(change.from), "→", change.row.text(change.to),
          change.traits.danger.map { "\($0)" } ?? "",
        ])
      }
      text += table.text(Console.style)
    }
    for refusal in plan.refusals { text += "refused: \(refusal)\n" }
    for rule in plan.standing { text += "note: the unit breaks a rule already: \(rule)\n" }
    let bad = plan.writes.filter { $0.breaks > 0 }
    for write in bad {
      text +=
        "note: after \(name(write, map)) a rule is broken until the next; no order avoids it\n"
    }
    if plan.isEmpty, plan.isAllowed { text += "nothing to change\n" }
    return text
  }

  /// How it ended.
  static func report(_ outcome: SettingsOutcome, _ backup: String, _ map: SettingsMap) -> String {
    var text = ""
    if let failure = outcome.failure {
      text +=
        "failed\(outcome.failed.map { " at \(name($0, map))" } ?? ""): \(reason(failure, map))\n"
      for write in outcome.undone {
        text += "undone: \(name(write, map)) is \(value(write.old, write, map)) again\n"
      }
      for write in outcome.notUndone {
        text += "not undone: \(name(write, map)), which was \(value(write.old, write, map))"
        text += map.isOrder(write.address) ? "; an order cannot be undone\n" : "\n"
      }
      text +=
        outcome.isUnchanged
        ? "the settings are as before\n"
        : "to go back: cellbus settings \(map.language.name) restore \(backup)\n"
    } else if outcome.isApplied {
      let count = outcome.written.count
      text += "done: \(count) \(count == 1 ? "word" : "words") written and read back\n"
    }
    for address in outcome.unexpected {
      text += "note: \(map.row(at: address).map { "\($0.name)" } ?? String(address)) "
      text += "changed too; compare with \(backup)\n"
    }
    return text
  }

  /// A line of progress.
  static func line(_ progress: SettingsProgress, _ map: SettingsMap) -> String {
    switch progress {
    case .waking: "no answer yet: the battery may be asleep and is being woken"
    case .reading(let part): "reading \(part.title)"
    case .writing(let write, let step, let count):
      "\(step) of \(count): \(name(write, map)) \(value(write.old, write, map)) → "
        + value(write.new, write, map)
    case .again(let write): "\(name(write, map)): no answer, once more"
    case .confirmed(let write): "\(name(write, map)): read back"
    case .undoing(let failure): "\(reason(failure, map)): undoing"
    case .undone(let write): "\(name(write, map)): as before"
    case .entered: "in its mode for settings"
    case .left(let isKept):
      isKept ? "kept; out of its mode for settings" : "out of its mode for settings"
    case .mayBeOpen:
      "it does not answer any more and may still be in its mode for settings: "
        + "cellbus settings \(map.language.name) list takes it out"
    }
  }

  /// Why something failed, with what the battery's own code means.
  static func reason(_ failure: SettingsFailure, _ map: SettingsMap) -> String {
    guard case .refused(let code) = failure, let meaning = map.codeMeaning(code) else {
      return "\(failure)"
    }
    return "\(failure), \(meaning)"
  }

  /// What a write changes, as the values of its settings, or as a bare word where it is only a part of
  /// one.
  static func value(_ words: [UInt16], _ write: SettingsPlan.Write, _ map: SettingsMap) -> String {
    let all = SettingsWords(base: write.address, words)
    let texts = map.rows(in: write).map { row -> String in
      if row.form == .text { return row.text(.text(words.map { UInt8(truncatingIfNeeded: $0) })) }
      return all.value(row).map { row.text($0) } ?? words.map { String($0) }.joined(separator: " ")
    }
    return texts.joined(separator: ", ")
  }

  /// The settings that a write changes, and their address.
  static func name(_ write: SettingsPlan.Write, _ map: SettingsMap) -> String {
    let names = map.rows(in: write).map { "\($0.name)" }
    return "\(names.isEmpty ? "word" : names.joined(separator: ", ")) (\(write.address))"
  }
}
