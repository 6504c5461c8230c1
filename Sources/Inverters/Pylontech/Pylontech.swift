// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// The low-voltage CAN protocol of Pylontech batteries, which many hybrid inverters accept.
///
/// Facts and choices stand in `docs/protocols/pylontech-can.md`; 1.2 is the maker's document of
/// 2018-04-08, 1.3 is what a US5000 sends.
public enum Pylontech {
  /// The frames of 1.2, in the order in which batteries send them; then what Cellbus only reads.
  public static let frames12: [FrameRow] = [
    FrameRow(
      0x359, "flags", length: 7, until: .stale,
      "Protections and alarms as plain bits, and how many modules there are."),
    FrameRow(0x351, "limits", until: .stale, "CVL, CCL, DCL and the discharge voltage."),
    FrameRow(0x355, "charge", length: 4, until: .aging, "State of charge, state of health."),
    FrameRow(
      0x356, "measured", length: 6, until: .aging,
      "Voltage, current, temperature of the hottest sensor."),
    FrameRow(
      0x35C, "requests", length: 2, until: .stale,
      "Whether charging and discharging are allowed, and whether the battery asks for charge."),
    FrameRow(0x35E, "manufacturer", until: .stale, "Name by which inverters know the protocol."),
    FrameRow(
      0x370, "extremes", until: nil, "Extremes of sensors and cells, of some batteries."),
    FrameRow(0x371, "places", until: nil, "Where those extremes are."),
    FrameRow(0x305, "keep-alive", .toBattery, until: nil, "An inverter is there."),
  ]

  /// The frames of 1.3, in the order in which a US5000 lists them.
  public static let frames13: [FrameRow] = [
    FrameRow(0x351, "limits", until: .stale, "CVL, CCL, DCL and the discharge voltage."),
    FrameRow(
      0x355, "charge", length: 6, until: .aging, "State of charge, state of health, finer charge."),
    FrameRow(
      0x356, "measured", length: 6, until: .aging,
      "Voltage, current, temperature of the hottest sensor."),
    FrameRow(0x35A, "alarms", until: .stale, "Alarms and warnings in pairs of bits."),
    FrameRow(0x35E, "manufacturer", until: .stale, "Name by which inverters know the protocol."),
    FrameRow(0x35F, "information", until: .stale, "Product, firmware version, capacity."),
    FrameRow(0x305, "keep-alive", .toBattery, until: nil, "An inverter is there."),
  ]

  /// The frame of one row; `nil` when it has nothing to say.
  static func frame(_ row: FrameRow, _ picture: InverterPicture) -> CANFrame? {
    switch row.id {
    case 0x351: limits(picture)
    case 0x355: charge(picture, isFine: row.length > 4)
    case 0x356: measured(picture)
    case 0x359: flags(picture)
    case 0x35A: Victron.alarms(picture)
    case 0x35C: requests(picture)
    case 0x35E: manufacturer(picture)
    case 0x35F: Victron.info(picture)
    default: nil
    }
  }

  /// Where the fields of 1.2 come from.
  public static let fields12: [FieldRow] = FieldRow.rows([
    [
      FieldRow(0x359, 0, 2, "protections", .bits, "protections of the battery, a bit each"),
      FieldRow(0x359, 2, 2, "alarms", .bits, "protections and warnings, a bit each"),
      FieldRow(0x359, 4, 1, "modules", .bytes, "one battery is one module"),
      FieldRow(0x359, 5, 2, "mark", .bytes, "the letters PN"),
    ],
    FieldRow.limits, FieldRow.charge, FieldRow.measured,
    [
      FieldRow(
        0x35C, 0, 1, "requests", .bits,
        "charge and discharge current limit above zero, charge request")
    ],
    FieldRow.manufacturer,
  ])

  /// Where the fields of 1.3 come from.
  public static let fields13: [FieldRow] = FieldRow.rows([
    FieldRow.limits, FieldRow.charge, FieldRow.fineCharge, FieldRow.measured, FieldRow.pairs,
    FieldRow.manufacturer, FieldRow.information,
  ])
}
