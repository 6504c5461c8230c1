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
      guard survey.has(row), let raw = survey.current.raw(row) else {
        table.add([String(row.address), "\(row.name)", "–", "", "", "", "", "not in this unit"])
        continue
      }
      let traits = map.traits(row)
      let limits = survey.limits(row)
      table.add([
        String(row.address), "\(row.name)", raw == row.absent ? "–" : row.number(raw),
        "\(row.unit)", limits.map { row.number($0.lowest) } ?? "",
        limits.map { row.number($0.highest) } ?? "",
        survey.standard?.raw(row).map { $0 == row.absent ? "–" : row.number($0) } ?? "",
        traits.isOrder ? "order" : traits.danger == nil ? "" : "ask",
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
      text += "failed\(outcome.failed.map { " at \(name($0, map))" } ?? ""): \(failure)\n"
      for write in outcome.undone {
        text += "undone: \(name(write, map)) is \(value(write.from, write, map)) again\n"
      }
      for write in outcome.notUndone {
        text += "not undone: \(name(write, map)), which was \(value(write.from, write, map))"
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
      "\(step) of \(count): \(name(write, map)) \(value(write.from, write, map)) → "
        + value(write.to, write, map)
    case .again(let write): "\(name(write, map)): no answer, once more"
    case .confirmed(let write): "\(name(write, map)): read back"
    case .undoing(let failure): "\(failure): undoing"
    case .undone(let write): "\(name(write, map)): as before"
    }
  }

  /// A word as the value of its setting, or as a bare word where it is only part of one.
  static func value(_ word: UInt16, _ write: SettingsPlan.Write, _ map: SettingsMap) -> String {
    guard let row = map.row(at: write.address) else { return String(word) }
    switch row.form {
    case .uint16, .int16, .bits16:
      let words = SettingsWords(base: row.address, [word])
      return words.raw(row).map(row.text) ?? String(word)
    default: return String(word)
    }
  }

  /// The setting that a word belongs to, and its address.
  static func name(_ write: SettingsPlan.Write, _ map: SettingsMap) -> String {
    "\(map.row(at: write.address).map { "\($0.name)" } ?? "word") (\(write.address))"
  }
}
