// SPDX-License-Identifier: Apache-2.0

import Battery

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
      0x351, "limits", until: .stale, needed: mandatory,
      "CVL, CCL, DCL and the discharge voltage; without it the inverter falls back after 60 s.",
      limits),
    FrameRow(
      0x35A, "alarms", until: .stale, needed: mandatory,
      "Alarms, any of which stops the inverter, and warnings, which it shows.",
      FieldRow.pairs(alarms)),
    FrameRow(
      0x355, "charge", length: 6, until: .aging, needed: mandatory,
      "State of charge, health, finer charge; without it the inverter stops after 60 s.",
      charge),
    FrameRow(
      0x356, "measured", length: 6, until: .aging, needed: mandatory,
      "Voltage, current, temperature of the hottest sensor.",
      FieldRow.measured.map { $0.with(mark: FieldRow.noneSigned) }),
    FrameRow(
      0x35B, "events", until: .stale, needed: mandatory, "Events; Cellbus announces none.",
      [
        FieldRow(0, 8, "events", "events", .bits, "always zero: Cellbus announces no events") {
          _, _ in 0
        }
      ]),
    FrameRow(
      0x35E, "manufacturer", until: .stale, needed: mandatory, "Name of the maker.",
      [FieldRow("manufacturer", "maker", .manufacturer)]),
    FrameRow(
      0x35F, "information", until: .stale, isConstant: true, needed: mandatory,
      "Battery type, firmware version, capacity, maker's number.",
      FieldRow.information(FieldRow.none) + [
        FieldRow(
          6, 2, "maker_number", "maker's number", .bytes,
          "always the mark for \"not supported\"", mark: FieldRow.none
        ) { _, _ in nil }
      ]),
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

  private static let mandatory: StaticString =
    "the frame to be sent: it is one of the seven that a Sunny Island demands"

  /// 0x351 within the ranges of section 5.3.
  ///
  /// What lies outside is rejected without notice, and then what was accepted before goes on to hold
  /// (section 5.1). A charge voltage below its range cannot be said: raising it would be wider than
  /// decided, so that there is no frame, and the inverter falls back after 60 s. A discharge voltage that
  /// is not known is marked so, which stands for the inverter's own default.
  private static let limits: [FieldRow] = [
    FieldRow.limits[0].with(410...630), FieldRow.limits[1].with(0...12_000),
    FieldRow.limits[2].with(0...12_000),
    FieldRow.limits[3].with(410...480, mark: FieldRow.none),
  ]

  /// 0x355, of which a health that is not known is marked.
  ///
  /// A state of charge that is not known is not marked: the mark stands for 0 %, at which a Sunny Island
  /// switches itself off (section 5.1).
  private static let charge: [FieldRow] = [
    FieldRow.charge[0], FieldRow.charge[1].with(0...100, mark: FieldRow.none), FieldRow.fineCharge,
  ]
}
