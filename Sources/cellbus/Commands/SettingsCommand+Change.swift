// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Text

// The commands that change settings, and the one that tries it.

extension SettingsCommand {
  private static let yes = Option(flag: "yes", "do not ask; for scripts")
  private static let backup = Option(
    "backup", "FILE", "the automatic backup's file, instead of cellbus-backup-SERIAL-TIME.json")
  private static let otherUnit = Option(
    flag: "other-unit", "also when the file is of another unit, or does not say of which")

  static func changing(_ map: SettingsMap, _ line: [Option]) -> [Command] {
    let name = "cellbus settings \(map.language.name)"
    return [
      Command(
        "set", "change settings",
        discussion: """
          What can do harm is asked for: type the name of the setting, or give --yes.
          """,
        arguments: [Argument("NAME=VALUE", "settings with new values", repeats: true)],
        options: line + [yes, backup, json],
        examples: [
          .init(
            "\(name) set \(examples(map).change) --port /dev/ttyUSB0", "change one setting"),
          .init(
            "\(name) set \(examples(map).ask) --yes --port /dev/ttyUSB0",
            "change a dangerous one from a script"),
        ],
        exitCodes: [.ok, .failed, .usage, .unavailable, .cannotCreate, .inputOutput, .denied],
        run: { parsed throws(CommandFailure) in
          _ = try SettingsDesk.wishes(parsed.texts("NAME=VALUE"), map)
          let desk = try SettingsDesk(parsed, map)
          return try desk.change(
            try SettingsDesk.wishes(parsed.texts("NAME=VALUE"), desk.map), isRestoring: false)
        }),
      Command(
        "restore", "bring a battery back to a backup",
        arguments: [Argument("FILE", "a backup")],
        options: line + [yes, otherUnit, backup, json],
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
        options: line + [otherUnit, json],
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
          _ = try SettingsDesk.wishes(words, map)
          let desk = try SettingsDesk(parsed, map)
          return try desk.show(try SettingsDesk.wishes(words, desk.map))
        }),
    ]
  }
}
