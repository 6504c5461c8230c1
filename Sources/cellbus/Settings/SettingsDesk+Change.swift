// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Links
import Machine
import Text

// `set` and `restore`: plan, confirm, back up, apply, tell.

extension SettingsDesk {
  func change(
    _ wishes: [SettingsPlan.Wish], isRestoring: Bool, from file: SettingsBackup? = nil
  ) throws(CommandFailure) -> ExitCode {
    if let file { try checkUnit(file) }
    let plan = SettingsPlan(wishes, of: survey, map)
    if !isJSON { Console.print(SettingsText.table(plan, map), terminator: "") }
    guard plan.isAllowed, !plan.isEmpty else {
      if isJSON { Console.print(SettingsText.json(plan, survey, map)) }
      return plan.isAllowed ? .ok : .failed
    }
    try confirm(plan, isRestoring)
    let backup = try save()
    let outcome = try apply(plan, backup)
    if isJSON {
      Console.print(SettingsText.json(plan, survey, map, outcome, backup))
    } else {
      Console.print(SettingsText.report(outcome, backup, map), terminator: "")
    }
    if outcome.isApplied { return .ok }
    return outcome.failure == .silent || outcome.failure == .linkLost ? .unavailable : .inputOutput
  }

  /// Asks for what can do harm, by name; for a restore also in general.
  private func confirm(_ plan: SettingsPlan, _ isRestoring: Bool) throws(CommandFailure) {
    guard !parsed.flag("yes") else { return }
    var isAsked = false
    for change in plan.changes {
      guard let danger = change.traits.danger else { continue }
      Console.complain(
        "\(change.row.name): \(change.row.text(change.from)) → \(change.row.text(change.to)). "
          + "\(danger)")
      try expect("\(change.row.name)")
      isAsked = true
    }
    if isRestoring, !isAsked { try expect("restore") }
  }

  private func expect(_ word: String) throws(CommandFailure) {
    guard Console.asks(for: word) else {
      throw CommandFailure(
        "not confirmed: nothing was changed", .failed,
        hint: "Type the word, or give --yes from a script.")
    }
  }

  /// Writes the automatic backup and gives its path.
  private func save() throws(CommandFailure) -> String {
    let backup = SettingsBackup(survey, map)
    let time = (backup.time ?? "").filter { $0 != "-" && $0 != ":" }
    let path =
      parsed.text(ifPresent: "backup")
      ?? "cellbus-backup-\(backup.serial ?? "unknown")-\(time).json"
    try NewFile.write(backup.text(map), to: path)
    if !isJSON { Console.print("backup: \(path)") }
    return path
  }

  private func apply(_ plan: SettingsPlan, _ backup: String) throws(CommandFailure)
    -> SettingsOutcome
  {
    // An interrupted change would leave half of it: signals wait until it is done or undone.
    var signals: Signals?
    do throws(SystemError) { signals = try Signals([.interrupt, .terminate, .hangup]) } catch {}
    defer { withExtendedLifetime(signals) {} }
    var job = SettingsJob.apply(plan, to: survey, map, at: MonotonicClock.now())
    let step = port.run(&job, until: signals) { progress in
      if case .reading = progress { return }
      Console.complain(SettingsText.line(progress, map))
    }
    switch step {
    case .ended(let outcome): return outcome
    case .failed(let failure): throw Self.failure(failure, port, map)
    case .send, .wait, .progress, .surveyed:
      throw CommandFailure("the job ended without an answer", .internalFault)
    }
  }
}

extension Console {
  /// Asks a person to type a word; whether it was typed.
  static func asks(for word: String) -> Bool {
    complain("Type \(word) to confirm: ", terminator: "")
    guard let line = readLine() else {
      complain("")
      return false
    }
    return line.utf8.elementsEqual(word.utf8)
  }
}
