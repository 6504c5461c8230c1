// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

/// SMA's CAN protocol for batteries with a BMS of their own at a Sunny Island.
///
/// Facts: SMA "Technical Information FSS-ConnectingBat-TI-en-10", version 1.0, cited by its sections.
/// What Cellbus sends and why stands in `docs/protocols/sma-can.md`.
public enum SMA {
  /// The frames: the seven that section 5.3 calls mandatory, then what Cellbus only knows of.
  ///
  /// Nothing else may be sent on this bus (section 5.2).
  public static let frames: [FrameRow] = [
    FrameRow(
      0x351, "limits", until: .stale,
      "CVL, CCL, DCL and the discharge voltage; without it the inverter falls back after 60 s."),
    FrameRow(
      0x35A, "alarms", until: .stale,
      "Alarms, any of which stops the inverter, and warnings, which it shows."),
    FrameRow(
      0x355, "charge", length: 6, until: .aging,
      "State of charge, health, finer charge; without it the inverter stops after 60 s."),
    FrameRow(
      0x356, "measured", length: 6, until: .aging,
      "Voltage, current, temperature of the hottest sensor."),
    FrameRow(0x35B, "events", until: .stale, "Events; Cellbus announces none."),
    FrameRow(0x35E, "manufacturer", until: .stale, "Name of the maker."),
    FrameRow(
      0x35F, "information", until: .stale,
      "Battery type, firmware version, capacity, maker's number."),
    FrameRow(
      0x00F, "quick stop", length: 0, period: 0, until: nil,
      "Orders the inverter into standby; never sent."),
    FrameRow(
      0x305, "battery", .toBattery, until: nil,
      "Voltage, current, temperature and state of charge that the inverter goes by."),
    FrameRow(
      0x306, "state", .toBattery, until: nil,
      "Health, mode of charging, state of operation, error, charge voltage."),
    FrameRow(0x307, "relays", .toBattery, until: nil, "State of the relays."),
  ]

  /// The frame of one row; `nil` when it has nothing to say.
  static func frame(_ row: FrameRow, _ picture: InverterPicture) -> CANFrame? {
    switch row.id {
    case 0x351: limits(picture)
    case 0x35A: alarms(picture)
    case 0x355: charge(picture)
    case 0x356: measured(picture)
    case 0x35B: CANFrame(id: 0x35B, [0, 0, 0, 0, 0, 0, 0, 0])
    case 0x35E: Victron.text(picture.identity.manufacturer, 0x35E)
    case 0x35F: info(picture)
    default: nil
    }
  }

  /// Where the fields come from.
  public static let fields: [FieldRow] = FieldRow.rows([
    FieldRow.limits, FieldRow.pairs, FieldRow.charge, FieldRow.fineCharge, FieldRow.measured,
    [FieldRow(0x35B, 0, 8, "events", .bits, "always zero: Cellbus announces no events")],
    FieldRow.manufacturer, FieldRow.information,
    [FieldRow(0x35F, 6, 2, "maker's number", .bytes, "always the mark for \"not supported\"")],
  ])
}
