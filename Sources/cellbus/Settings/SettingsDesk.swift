// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Links
import Machine
import Text

/// What the commands of `cellbus settings` do with a battery on a port.
struct SettingsDesk {
  let map: SettingsMap
  let port: BatteryPort
  let parsed: Parsed
  /// What the battery told.
  let survey: SettingsSurvey

  var isJSON: Bool { parsed.flag("json") }

  /// Opens the port, unless it is open already, and reads the battery's settings.
  init(_ parsed: Parsed, _ map: SettingsMap, on open: BatteryPort? = nil) throws(CommandFailure) {
    self.parsed = parsed
    let map =
      SettingsMap.of("\(map.language.name)".utf8, try BatteryWords.options(parsed)) ?? map
    if let open { port = open } else { port = try BatteryPort(parsed, map.language) }
    let carried = try port.carried(map)
    if let mode = carried.mode { Console.complain("\(mode.notice)") }
    // A program that is interrupted takes the battery out of its mode first.
    let signals = carried.mode == nil ? nil : try Console.endings()
    defer { withExtendedLifetime(signals) {} }
    var job = SettingsJob.survey(carried, at: MonotonicClock.now())
    let step = port.run(&job, until: signals) { progress in
      switch progress {
      case .waking, .mayBeOpen: Console.complain(SettingsText.line(progress, carried))
      default: break
      }
    }
    switch step {
    case .surveyed(let survey):
      self.survey = survey
      self.map = carried.fitted(to: survey.current)
    case .failed(let failure):
      throw Self.failure(failure, port, carried)
    case .send, .wait, .progress, .ended:
      throw CommandFailure("the survey ended without an answer", .internalFault)
    }
  }

  /// Why nothing was changed.
  static func failure(_ failure: SettingsFailure, _ port: BatteryPort, _ map: SettingsMap)
    -> CommandFailure
  {
    let reason = "\(port.link.name): \(SettingsText.reason(failure, map)); nothing was changed"
    switch failure {
    case .silent, .linkLost:
      return CommandFailure(
        reason, .unavailable,
        hint: "Check power, wiring and that no other program uses the port.")
    case .refused where map.mode != nil:
      return CommandFailure(
        reason, .failed, hint: "Where a password is set, give it with --password-file FILE.")
    case .refused: return CommandFailure(reason, .unavailable)
    default: return CommandFailure(reason, .failed)
    }
  }

  /// `list` and `get`.
  func list(_ rows: [Register]) throws(CommandFailure) -> ExitCode {
    let rows = rows.isEmpty ? map.rows : rows
    Console.print(
      isJSON ? SettingsText.json(survey, rows, map) : SettingsText.table(survey, rows, map),
      terminator: isJSON ? "\n" : "")
    return .ok
  }

  /// `backup`.
  func save(_ path: String) throws(CommandFailure) -> ExitCode {
    let backup = SettingsBackup(survey, map)
    try NewFile.write(backup.text(map), to: path)
    if isJSON {
      var writer = JSONWriter()
      writer.object { writer in
        writer.field("file", path)
        if let serial = backup.serial { writer.field("serial", serial) }
        writer.field("settings", backup.values.count)
      }
      Console.print(writer.text)
    } else {
      Console.print("\(path): \(backup.values.count) settings of unit \(backup.serial ?? "?")")
    }
    return .ok
  }

  /// `plan`.
  func show(_ wishes: [SettingsPlan.Wish], from file: SettingsBackup? = nil)
    throws(CommandFailure) -> ExitCode
  {
    if let file { try checkUnit(file) }
    let plan = SettingsPlan(wishes, of: survey, map)
    if isJSON {
      Console.print(SettingsText.json(plan, survey, map))
    } else {
      Console.print(SettingsText.table(plan, map), terminator: "")
    }
    return plan.isAllowed ? .ok : .failed
  }

  /// Refuses a file of another unit.
  func checkUnit(_ file: SettingsBackup) throws(CommandFailure) {
    let here = survey.identity.serial?.string
    guard !parsed.flag("other-unit"), file.serial == nil || file.serial != here else { return }
    throw CommandFailure(
      file.serial.map { "the file is of unit \($0.printable), but this is \(here ?? "unknown")" }
        ?? "the file does not say of which unit it is", .failed,
      hint: "Nothing was changed. Give --other-unit to use it all the same.")
  }
}

// Words of the command line and files.
extension SettingsDesk {
  /// The rows of these names.
  static func rows(_ names: [String], _ map: SettingsMap) throws(CommandFailure) -> [Register] {
    var rows: [Register] = []
    for name in names { rows.append(try row(name, map)) }
    return rows
  }

  private static func row(_ name: String, _ map: SettingsMap) throws(CommandFailure) -> Register {
    if let row = map.row(name) { return row }
    let near = EditDistance.nearest(name, in: map.rows.map { "\($0.name)" })
    throw CommandFailure(
      "there is no setting '\(name.printable)'\(near.map { "; did you mean \($0)?" } ?? "")",
      .usage)
  }

  /// The wishes of words such as `fully_charged_v=3.65 V`.
  static func wishes(_ words: [String], _ map: SettingsMap) throws(CommandFailure)
    -> [SettingsPlan.Wish]
  {
    var wishes: [SettingsPlan.Wish] = []
    for word in words {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else {
        throw CommandFailure("'\(word.printable)' is not NAME=VALUE", .usage)
      }
      let row = try row(String(parts[0]), map)
      guard !wishes.contains(where: { $0.row.name.hasBytes(parts[0].utf8) }) else {
        throw CommandFailure("\(row.name) is given twice", .usage)
      }
      do throws(SettingTextError) {
        wishes.append(.init(row, try row.value(of: parts[1].utf8)))
      } catch {
        let value = String(parts[1]).printable
        let reason =
          switch error {
          case .notANumber: "'\(value)' is not a number"
          case .otherUnit: "'\(value)' has a unit other than \(unit(row))"
          case .tooFine: "'\(value)' is finer than the steps of \(row.step)"
          case .tooLarge: "'\(value)' is too \(row.form == .text ? "long" : "large")"
          case .notPlain: "'\(value)' has characters that the battery cannot store"
          }
        throw CommandFailure("\(row.name): \(reason)", .usage)
      }
    }
    return wishes
  }

  private static func unit(_ row: Register) -> String {
    row.unit.utf8CodeUnitCount == 0 ? "none" : "\(row.unit)"
  }

  /// The settings in a file.
  static func file(_ path: String, _ map: SettingsMap) throws(CommandFailure) -> SettingsBackup {
    try SettingsBackup(try Console.read(path), path, map)
  }
}
