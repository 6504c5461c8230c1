// SPDX-License-Identifier: Apache-2.0

import Battery

/// The low-voltage CAN protocol of Pylontech batteries, which many hybrid inverters accept.
///
/// Facts and choices stand in `docs/protocols/pylontech-can.md`; 1.2 is the maker's document of
/// 2018-04-08, 1.3 is what a US5000 sends.
public enum Pylontech {
  /// The frames of 1.2, in the order in which batteries send them; then what Cellbus only reads.
  public static let frames12: [FrameRow] = [
    FrameRow(
      0x359, "flags", length: 7, until: .stale, needed: alarmsNeeded,
      "Protections and alarms as plain bits, and how many modules there are.",
      [
        FieldRow(
          0, 2, "protections", "protections", .bits, "protections of the battery, a bit each",
          guarded: FieldRow.alarmsStand
        ) { picture, _ in flags(picture) & 0xFFFF },
        FieldRow(
          2, 2, "alarms", "alarms", .bits, "protections and warnings, a bit each",
          guarded: FieldRow.alarmsStand
        ) { picture, _ in flags(picture) >> 16 },
        FieldRow(4, 1, "modules", "modules", .bytes, "packs of a bank; one battery is one") {
          picture, _ in
          picture.modules.online.map { UInt64(UInt8(clamping: $0)) }
        },
        FieldRow(5, 2, "mark", "mark", .bytes, "the letters PN") { _, _ in
          UInt64(UInt8(ascii: "P")) | UInt64(UInt8(ascii: "N")) << 8
        },
      ]),
    limits,
    FrameRow(
      0x355, "charge", length: 4, ends: [2], until: .aging, "State of charge, state of health.",
      FieldRow.charge),
    measured,
    FrameRow(
      0x35C, "requests", length: 2, until: .stale,
      needed: "the permissions to be sent: an inverter may take their lack for a refusal",
      "Whether charging and discharging are allowed, and whether the battery asks for charge.",
      [
        FieldRow(
          0, 1, "requests", "requests", .bits,
          "charge and discharge current limit above zero, charge request",
          guarded: "permissions that follow the limits: nothing of them can be changed",
          code: requests)
      ]),
    manufacturer,
    FrameRow(
      0x370, "extremes", until: nil, "Extremes of sensors and cells, of some batteries."),
    FrameRow(0x371, "places", until: nil, "Where those extremes are."),
    keepAlive,
  ]

  /// The frames of 1.3, in the order in which a US5000 lists them.
  public static let frames13: [FrameRow] = [
    limits,
    FrameRow(
      0x355, "charge", length: 6, ends: [2, 4], until: .aging,
      "State of charge, state of health, finer charge.", FieldRow.charge + [FieldRow.fineCharge]),
    measured,
    FrameRow(
      0x35A, "alarms", until: .stale, needed: alarmsNeeded, "Alarms and warnings in pairs of bits.",
      FieldRow.pairs(Victron.alarms)),
    manufacturer,
    FrameRow(
      0x35F, "information", until: .stale, "Product, firmware version, capacity.",
      FieldRow.information(0)),
    keepAlive,
  ]

  private static let alarmsNeeded: StaticString =
    "the alarms to be sent: an inverter may stop without them"

  /// Without a discharge voltage the 6 bytes of the document alone.
  private static let limits = FrameRow(
    0x351, "limits", ends: [6], until: .stale,
    needed: "the limits to be sent: an inverter stops without them",
    "CVL, CCL, DCL and the discharge voltage.", FieldRow.limits)

  private static let measured = FrameRow(
    0x356, "measured", length: 6, ends: [2, 4], until: .aging,
    "Voltage, current, temperature of the hottest sensor.", FieldRow.measured)

  /// With blanks at the end, as batteries send it.
  private static let manufacturer = FrameRow(
    0x35E, "manufacturer", until: .stale,
    needed: "the name to be sent: by it an inverter knows the protocol",
    "Name by which inverters know the protocol.",
    [FieldRow("manufacturer", "maker", .manufacturer, padding: UInt8(ascii: " "))])

  private static let keepAlive = FrameRow(
    0x305, "keep-alive", .toBattery, until: nil, "An inverter is there.")
}
