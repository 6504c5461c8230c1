// SPDX-License-Identifier: Apache-2.0

import Inverters
import Quantities
import Text
import Wire

extension InverterSettings {
  /// The settings of an inverter.
  static let table = SettingTable(
    InverterSettings(name: "", battery: "", link: .file("")), busFields + identityFields,
    relations: { reader, node, inverter in inverter.mapping = reader.mapping(node, inverter) })

  private static let busFields: [SettingField<Self>] = [
    .setting(
      "name", \.name, .text(), needed: "a name for the inverter, such as \"gx\"",
      "How the log and the live view call it; each inverter has its own"),
    .setting(
      "profile", \.profile, .choice(InverterProfile.all.map { "\($0.name)" }),
      """
      The language that it understands: [Victron](protocols/victron-can.md), \
      [Pylontech](protocols/pylontech-can.md), [SMA](protocols/sma-can.md)
      """),
    .setting(
      "battery", \.battery, .text("a battery's or bank's name"), default: "the only one",
      "The battery, or [bank](banks.md), that it is told of. Needed when there are several"),
    .setting(
      "link", \.link, FrameLinkSettings.form,
      needed: "the bus, such as link: { can: \"can0\" }",
      "The bus, [below](#bus); each inverter has its own"),
    .setting(
      "period_ms", \.period, .whole(200...1000, "ms"),
      "From one full cycle of frames to the next"),
    .setting("gap_ms", \.gap, .whole(1...50, "ms"), "Between two frames of a cycle"),
    .optional(
      "traffic", \.traffic, TrafficSettings.form, orNull: true,
      """
      A file to which every frame on the bus is written, as `candump -L` writes it, about 85 MB a \
      day; for finding faults, [below](#traffic)
      """),
  ]

  private static let identityFields: [SettingField<Self>] = [
    .optional(
      "manufacturer", \.manufacturer, .text(longest: 8), orNull: true,
      default: "the profile's: `\"Cellbus\"`, for Pylontech `\"PYLON\"`",
      """
      The maker that the inverter is told. A GX treats some makers' names in its own way, so an \
      honest one is best
      """),
    .setting(
      "model", \.model, .text(longest: 16), orNull: true,
      default: "the battery's own, or else its dialect's",
      "The battery's name that the inverter is told"),
    .setting(
      "family", \.family, .text(longest: 8), orNull: true, default: "the battery's maker",
      "The family that the inverter is told"),
    .optional(
      "health_pct", \.health, .amount(Percent.percent(1)...Percent.percent(100)),
      "State of health that you vouch for, used where the battery reports none"),
    .checked(
      "mapping", mappingForm, default: "none",
      "What the inverter is told otherwise than its profile has it, [below](#mapping)"),
  ]

  /// Frames by their identifiers, each with what is changed of it and of its fields; what the profile
  /// takes of it is told when it is read.
  private static let mappingForm = SettingForm<Bool>(
    kind: .named(.named(.oneOf([.flag, .whole(200...10_000, unit: "ms"), .object(changes)])))
  ) { _, _, _ in
    nil
  } write: { _ in
    .null
  }

  private static let changes: [SettingRow] = [
    change("omit", .flag, "Whether the field is left out"),
    change("source", .text("a text", longest: 64), "The value that it is taken from, or a name"),
    change(
      "scale", .number(-1_000_000...1_000_000, decimals: 3, unit: ""),
      "What the value is multiplied by"),
  ]

  private static func change(
    _ key: String, _ kind: SettingKind, _ meaning: String
  ) -> SettingRow {
    SettingRow(
      path: key, kind: kind, meaning: meaning, isNeeded: false, acceptsNull: false,
      standardWords: "none", rangeWords: nil)
  }
}

extension FrameLinkSettings {
  /// A CAN bus, or a file in place of one.
  static let form: SettingForm<FrameLinkSettings> = .oneOf([
    SettingVariant(
      SettingTable(
        "",
        [
          .setting(
            "can", \.self, .text("an interface", longest: 15), needed: "an interface",
            "A CAN interface of Linux (SocketCAN), such as `\"can0\"`; its speed is set with `ip link`"
          )
        ]), "{ can: \"can0\" }"
    ) { .socketCAN($0) },
    SettingVariant(Adapter.table, "{ slcan: \"/dev/ttyACM0\" }") {
      .slcan($0.serial, bitrate: $0.bitrate)
    },
    SettingVariant(
      SettingTable(
        "",
        [
          .setting(
            "file", \.self, .path(), needed: "a path",
            "No bus: the frames are only written to this file, as `candump -L` writes them")
        ]), "{ file: \"can.log\" }"
    ) { .file($0) },
  ])

  /// An adapter and the speed of its bus.
  private struct Adapter: Sendable {
    var serial = SerialSettings(path: "")
    var bitrate: UInt32 = 500_000

    static let table = SettingTable(
      Adapter(),
      [
        .setting(
          "slcan", \.serial.path, .path(), needed: "a serial port",
          """
          An adapter that shows itself as a serial port, such as `"/dev/ttyACM0"`, and speaks SLCAN \
          (LAWICEL)
          """),
        .setting(
          "bitrate", \.bitrate,
          .numbers(SLCAN.Speed.allCases.map { Int64($0.bitsPerSecond) }, "bit/s"),
          "Speed of the bus behind an SLCAN adapter"),
        .setting(
          "baud", \.serial.baud, .whole(50...4_000_000, "bit/s"),
          "Speed of the serial line to an SLCAN adapter"),
      ])
  }
}
