// SPDX-License-Identifier: Apache-2.0

import Charging
import Dialects
import Text

extension BatterySettings {
  /// The settings of a battery.
  static let table = SettingTable(
    // What is wrong stays empty: every mistake is to be told, and none of it is started with.
    BatterySettings(name: "", dialect: "", link: .serial(SerialSettings(path: ""))),
    speakingFields
      + DoorSettings.optionFields(
        address: \.door.address, invertsCurrent: \.door.invertsCurrent, module: \.door.module,
        isListening: \.door.isListening)
      + doorsFields
      + agesFields + [
        .setting(
          "charging", \.charging, .object(ChargeSettings.table), default: "the LFP preset",
          "How it is charged and discharged, [below](#charging)"),
        .optional(
          "password", \.password, .secret(longest: 64),
          """
          The password that it asks for before its settings are changed, up to 64 bytes; where it \
          lies, [below](#secrets)
          """),
        .optional(
          "traffic", \.traffic, TrafficSettings.form, orNull: true,
          "A file to which every byte on the wire is written, for finding faults, [below](#traffic)"
        ),
      ]
  ) { reader, node, battery in
    reader.reach(node, &battery)
    let ages = [battery.fresh, battery.aging, battery.stale].compactMap(\.self)
    guard ages != ages.sorted() else { return }
    reader.report(
      node, found: "the ages \(ages.map(String.init).joined(separator: ", ")) ms",
      expected: "fresh_ms below aging_ms below stale_ms")
  }

  private static let speakingFields: [SettingField<Self>] = [
    .setting(
      "name", \.name, .text(), needed: "a name for the battery, such as \"house\"",
      "How other settings, the history and the log call it; each battery has its own"),
    .setting(
      "dialect", \.dialect, .language, default: "needed, unless there are `doors`",
      "The language that it speaks, from `cellbus dialects`, or the name of a map in `dialects`"),
    .setting(
      "link", \.link, ByteLinkSettings.form, default: "needed, unless there are `doors`",
      """
      The wire, [below](#wire); several batteries may share a line on which each has an address of its \
      own
      """),
    .setting(
      "poll_ms", \.pollPeriod, .whole(100...10_000, "ms"),
      """
      From one reading of the live values to the next. A TinyBMS that is asked more often than every \
      10 s never sleeps
      """
    ).with("low_power", \.pollPeriod, .whole(15_000...3_600_000, "ms"), default: 300_000),
    .setting(
      "low_power", \.isLowPower, .flag,
      """
      Whether it is left alone between readings, so that it may sleep. It is then shown and stored, \
      but may drive no inverter
      """),
  ]

  private static let doorsFields: [SettingField<Self>] = [
    .setting(
      "doors", \.others, .list(DoorSettings.table, atLeast: 1), default: "none",
      """
      Several ways to the same battery in the order of preference, in the place of `dialect` and `link`, \
      [below](#doors)
      """),
    .optional(
      "fallback_ms", \.fallback, .whole(1000...60_000, "ms"), default: "`fresh_ms`, or twice that",
      "After so long without a reading the next of several doors is tried; below `aging_ms`"),
  ]

  private static let agesFields: [SettingField<Self>] = [
    .optional(
      "fresh_ms", \.fresh, .whole(250...60_000, "ms"), default: "3 × `poll_ms`, at least 2000",
      "Up to this age a reading is *fresh*"),
    .optional(
      "aging_ms", \.aging, .whole(1000...300_000, "ms"), default: "10000, at least `fresh_ms`",
      "Up to this age it is *aging*: limits may fall, not rise"),
    .optional(
      "stale_ms", \.stale, .whole(5000...600_000, "ms"), default: "60000, at least `aging_ms`",
      """
      Up to this age it is *stale*: charging stops. Beyond, the battery is *lost*, and nothing is sent
      """),
  ]
}

extension SettingForm where Value == String {
  /// The name of a language of batteries that can be reached, or of a map in the same file.
  static var language: Self {
    Self(kind: .text("a name of `cellbus dialects`", longest: 32)) { reader, node, key in
      let known = Dialect.wired.map(\.name) + reader.maps.keys.sorted()
      return reader.choice(node, key, known)
    } write: {
      $0.isEmpty ? .null : .string($0)
    }
  }
}
