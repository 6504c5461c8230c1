// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Text

/// `cellbus settings`: reads, compares and changes the settings of a battery.
enum SettingsCommand {
  static let command = Command(
    "settings", "read, compare and change a battery's settings",
    subcommands: SettingsMap.all.filter { BatteryWords.hasLine($0.language) }.map(dialect))

  static let json = Option(flag: "json", "print JSON")

  /// Settings that serve as examples: one to look at, one to change, and one that is asked for.
  static func examples(_ map: SettingsMap) -> (look: String, change: String, ask: String) {
    switch "\(map.language.name)" {
    case "tinybms": ("cell_count", "fully_charged_v=3.5", "'discharge_overcurrent_a=60 A'")
    case "jbd": ("cell_ov_v", "balance_start_v=3.4", "'cell_ov_v=3.6 V'")
    case "daly-81": ("cell_high_protect_v", "balance_start_v=3.4", "'cell_high_protect_v=3.6 V'")
    case let name where name.hasPrefix("jk-"):
      ("cell_ovp_v", "balance_trigger_v=0.01", "'cell_ovp_v=3.6 V'")
    default: ("cell_high_l2_v", "balance_start_v=3.4", "'cell_high_l2_v=3.6 V'")
    }
  }

  private static func dialect(_ map: SettingsMap) -> Command {
    var discussion = """
      No other program, a gateway included, may use the port meanwhile.
      """
    if let mode = map.mode { discussion += "\n\n\(mode.notice)" }
    if map.isReadOnly {
      discussion += """
        \n
        They are read only: nobody has published how this language writes them. Switches and the state of \
        charge can be ordered with cellbus control.
        """
    } else {
      discussion += """
         Everything is checked before the first word is sent: against the limits that the unit itself \
        tells, or those of its documents, and against the rules between settings. A backup is written \
        first; each word is read back; when one cannot be written, those before it are put back.

        A value may have its unit or none: 3.65 V, 3650 mV and 3.65 are the same.
        """
    }
    if map.modbusWrites != nil, map.questions.contains(where: { $0.part == .minimum }) {
      discussion += """
        \n
        Over --modbus-tcp a unit cannot be asked for its own limits: the ranges of its documents are held \
        to instead.
        """
    }
    let line = BatteryLine.options + BatteryWords.options(of: map.language)
    return Command(
      "\(map.language.name)", "the settings of the \(map.language.title)", discussion: discussion,
      subcommands: reading(map, line) + (map.isReadOnly ? [] : changing(map, line))
        + comparing(map, line))
  }

  private static func reading(_ map: SettingsMap, _ line: [Option]) -> [Command] {
    let name = "cellbus settings \(map.language.name)"
    return [
      Command(
        "list", "print all settings with their limits", options: line + [json],
        examples: [.init("\(name) list --port /dev/ttyUSB0", "all settings")],
        exitCodes: [.ok, .failed, .usage, .unavailable, .denied],
        run: { parsed throws(CommandFailure) in try SettingsDesk(parsed, map).list([]) }),
      Command(
        "get", "print some settings",
        arguments: [Argument("NAME", "the names of settings", repeats: true)],
        options: line + [json],
        examples: [.init("\(name) get \(examples(map).look) --port /dev/ttyUSB0", "one setting")],
        exitCodes: [.ok, .failed, .usage, .unavailable, .denied],
        run: { parsed throws(CommandFailure) in
          _ = try SettingsDesk.rows(parsed.texts("NAME"), map)
          let desk = try SettingsDesk(parsed, map)
          return try desk.list(try SettingsDesk.rows(parsed.texts("NAME"), desk.map))
        }),
      Command(
        "backup", "save all settings in a file",
        arguments: [Argument("FILE", "a file that does not exist yet")],
        options: line + [json],
        examples: [.init("\(name) backup pack.json --port /dev/ttyUSB0", "save all settings")],
        exitCodes: [.ok, .failed, .usage, .unavailable, .cannotCreate, .denied],
        run: { parsed throws(CommandFailure) in
          try SettingsDesk(parsed, map).save(try parsed.text("FILE"))
        }),
    ]
  }

  private static func comparing(_ map: SettingsMap, _ line: [Option]) -> [Command] {
    let name = "cellbus settings \(map.language.name)"
    return [
      Command(
        "diff", "compare a backup with a battery or another",
        arguments: [
          Argument("FILE", "a backup"),
          Argument("OTHER", "another backup; without it the battery", isOptional: true),
        ],
        options: line + [json],
        examples: [
          .init("\(name) diff pack.json --port /dev/ttyUSB0", "what was changed since"),
          .init("\(name) diff pack-1.json pack-2.json", "how two packs differ"),
        ],
        exitCodes: [.ok, .failed, .usage, .badData, .noInput, .unavailable, .denied],
        run: { parsed throws(CommandFailure) in try SettingsDesk.compare(parsed, map) })
    ]
  }
}
