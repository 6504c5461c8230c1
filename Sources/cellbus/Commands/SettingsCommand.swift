// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Text

/// `cellbus settings`: reads, compares and changes the settings of a battery.
enum SettingsCommand {
  static let command = Command(
    "settings", "read, compare and change a battery's settings",
    subcommands: SettingsMap.all.map(dialect))

  private static let json = Option(flag: "json", "print JSON")
  private static let yes = Option(flag: "yes", "do not ask; for scripts")
  private static let backup = Option(
    "backup", "FILE", "the automatic backup's file, instead of cellbus-backup-SERIAL-TIME.json")
  private static let otherUnit = Option(
    flag: "other-unit", "also when the file is of another unit, or does not say of which")

  private static func dialect(_ map: SettingsMap) -> Command {
    let name = "cellbus settings \(map.language.name)"
    return Command(
      "\(map.language.name)", "the settings of the \(map.language.title)",
      discussion: """
        No other program, a gateway included, may use the port meanwhile. Everything is checked before the \
        first word is sent: against the limits that the unit itself tells, and against the rules between \
        settings. A backup is written first; each word is read back; when one cannot be written, those \
        before it are put back.

        Over --modbus-tcp a unit cannot be asked for its own limits: the ranges of its documents are held \
        to instead.

        A value may have its unit or none: 3.65 V, 3650 mV and 3.65 are the same.
        """,
      subcommands: [
        Command(
          "list", "print all settings with their limits", options: BatteryLine.options + [json],
          examples: [.init("\(name) list --port /dev/ttyUSB0", "all settings")],
          exitCodes: [.ok, .usage, .unavailable, .denied],
          run: { parsed throws(CommandFailure) in try SettingsDesk(parsed, map).list([]) }),
        Command(
          "get", "print some settings",
          arguments: [Argument("NAME", "the names of settings", repeats: true)],
          options: BatteryLine.options + [json],
          examples: [
            .init("\(name) get cell_count --port /dev/ttyUSB0", "one setting")
          ],
          exitCodes: [.ok, .usage, .unavailable, .denied],
          run: { parsed throws(CommandFailure) in
            let rows = try SettingsDesk.rows(parsed.texts("NAME"), map)
            return try SettingsDesk(parsed, map).list(rows)
          }),
        Command(
          "set", "change settings",
          discussion: """
            What can do harm is asked for: type the name of the setting, or give --yes.
            """,
          arguments: [Argument("NAME=VALUE", "settings with new values", repeats: true)],
          options: BatteryLine.options + [yes, backup, json],
          examples: [
            .init("\(name) set fully_charged_v=3.5 --port /dev/ttyUSB0", "change one setting"),
            .init(
              "\(name) set 'discharge_overcurrent_a=60 A' --yes --port /dev/ttyUSB0",
              "change a dangerous one from a script"),
          ],
          exitCodes: [.ok, .failed, .usage, .unavailable, .cannotCreate, .inputOutput, .denied],
          run: { parsed throws(CommandFailure) in
            let wishes = try SettingsDesk.wishes(parsed.texts("NAME=VALUE"), map)
            return try SettingsDesk(parsed, map).change(wishes, isRestoring: false)
          }),
        Command(
          "backup", "save all settings in a file",
          arguments: [Argument("FILE", "a file that does not exist yet")],
          options: BatteryLine.options + [json],
          examples: [
            .init("\(name) backup pack.json --port /dev/ttyUSB0", "save all settings")
          ],
          exitCodes: [.ok, .usage, .unavailable, .cannotCreate, .denied],
          run: { parsed throws(CommandFailure) in
            try SettingsDesk(parsed, map).save(try parsed.text("FILE"))
          }),
        Command(
          "restore", "bring a battery back to a backup",
          arguments: [Argument("FILE", "a backup")],
          options: BatteryLine.options + [yes, otherUnit, backup, json],
          examples: [
            .init("\(name) restore pack.json --port /dev/ttyUSB0", "shows what changes, and asks")
          ],
          exitCodes: [
            .ok, .failed, .usage, .badData, .noInput, .unavailable, .cannotCreate, .inputOutput,
            .denied,
          ],
          run: { parsed throws(CommandFailure) in
            let file = try SettingsDesk.file(try parsed.text("FILE"), map)
            return try SettingsDesk(parsed, map).change(
              file.wishes(map), isRestoring: true, from: file)
          }),
        Command(
          "plan", "show what set or restore would do",
          arguments: [
            Argument("WHAT", "a backup file, or settings as NAME=VALUE", repeats: true)
          ],
          options: BatteryLine.options + [otherUnit, json],
          examples: [
            .init("\(name) plan pack.json --port /dev/ttyUSB0", "what a restore would change")
          ],
          exitCodes: [.ok, .failed, .usage, .badData, .noInput, .unavailable, .denied],
          run: { parsed throws(CommandFailure) in
            let words = parsed.texts("WHAT")
            if words.count == 1, !words[0].utf8.contains(UInt8(ascii: "=")) {
              let file = try SettingsDesk.file(words[0], map)
              return try SettingsDesk(parsed, map).show(file.wishes(map), from: file)
            }
            let wishes = try SettingsDesk.wishes(words, map)
            return try SettingsDesk(parsed, map).show(wishes)
          }),
        Command(
          "diff", "compare a backup with a battery or another",
          arguments: [
            Argument("FILE", "a backup"),
            Argument("OTHER", "another backup; without it the battery", isOptional: true),
          ],
          options: BatteryLine.options + [json],
          examples: [
            .init("\(name) diff pack.json --port /dev/ttyUSB0", "what was changed since"),
            .init("\(name) diff pack-1.json pack-2.json", "how two packs differ"),
          ],
          exitCodes: [.ok, .failed, .usage, .badData, .noInput, .unavailable, .denied],
          run: { parsed throws(CommandFailure) in try SettingsDesk.compare(parsed, map) }),
      ])
  }
}
