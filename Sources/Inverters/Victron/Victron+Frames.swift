// SPDX-License-Identifier: Apache-2.0

import Battery

extension Victron {
  /// Every frame of the protocol: what Cellbus sends, in the order of a cycle, then what it only reads.
  public static let frames: [FrameRow] =
    control + measured + introduction + [
      FrameRow(0x35B, "events", until: nil, "Events of some batteries; all zero in practice."),
      FrameRow(0x305, "keep-alive", .toBattery, until: nil, "A GX is there; its content varies."),
      FrameRow(
        0x306, "presence", .toBattery, period: 0, until: nil,
        "Seen from a GX while a battery is present; meaning unknown."),
      FrameRow(
        0x307, "identification", .toBattery, until: nil, "A GX introduces itself; no reply is due."),
    ]

  /// What a GX controls by, and by what it recognises a battery.
  private static let control: [FrameRow] = [
    // Without a floor the frame ends before it, as that of a Pylontech may: 0 V would be made up.
    FrameRow(
      0x351, "limits", ends: [6], until: .stale,
      needed: "the limits to be sent: without them a GX stops charging and discharging",
      "CVL, CCL, DCL and the discharge voltage; the only frame by which a GX controls.",
      FieldRow.limits),
    FrameRow(
      0x35A, "alarms", until: .stale,
      needed: "the alarms to be sent: by them a GX recognises a battery",
      "Alarms and warnings in pairs of bits; by this frame a GX recognises a battery.",
      FieldRow.pairs(alarms)),
  ]

  private static let measured: [FrameRow] = [
    FrameRow(
      0x355, "charge", ends: [2, 4], until: .aging, "State of charge, state of health.",
      FieldRow.charge + [FieldRow.fineCharge]),
    FrameRow(
      0x356, "measured", ends: [2, 4], until: .aging,
      "Voltage, current, temperature of the hottest sensor.", FieldRow.measured),
    FrameRow(
      0x360, "charge request", until: .aging, "Whether the battery asks to be charged.",
      [
        // Only a battery of which it is known whether it asks has anything to say here.
        FieldRow(
          0, 1, "charge_request", "charge request", .bits, "whether the battery asks to be charged"
        ) { picture, _ in picture.chargeRequested.map { $0 ? 0xFF : 0 } }
      ]),
    FrameRow(
      0x372, "modules", until: .aging,
      "Modules online, blocking charge, blocking discharge, offline.",
      [
        module(0, "modules_online", "modules online", "packs of a bank; one battery is one") {
          $0.online
        },
        module(
          2, "modules_blocking_charge", "modules blocking charge",
          "packs of a bank; charge_enabled, negated"
        ) { $0.blockingCharge },
        module(
          4, "modules_blocking_discharge", "modules blocking discharge",
          "packs of a bank; discharge_enabled, negated"
        ) { $0.blockingDischarge },
        module(6, "modules_offline", "modules offline", "packs of a bank; one battery is none") {
          $0.offline
        },
      ]),
    FrameRow(
      0x373, "extremes", ends: [4], until: .aging,
      "Lowest and highest cell, coldest and hottest sensor.",
      [
        cell(0, "cell_min", "lowest cell", .cellMin),
        cell(2, "cell_max", "highest cell", .cellMax),
        sensor(4, "temp_min", "coldest sensor", .temperatureMin),
        sensor(6, "temp_max", "hottest sensor", .temperatureMax),
      ]),
    FrameRow(
      0x374, "lowest cell", until: .aging, "Which cell is lowest, such as C07.",
      [name("cell_min_name", "lowest cell's name", cell: .cellMinNumber)]),
    FrameRow(
      0x375, "highest cell", until: .aging, "Which cell is highest, such as C12.",
      [name("cell_max_name", "highest cell's name", cell: .cellMaxNumber)]),
    FrameRow(
      0x376, "coldest sensor", until: .aging, "Which sensor is coldest, such as T1.",
      [name("temp_min_name", "coldest sensor's name", sensor: .temperatureMin)]),
    FrameRow(
      0x377, "hottest sensor", until: .aging, "Which sensor is hottest, such as T2.",
      [name("temp_max_name", "hottest sensor's name", sensor: .temperatureMax)]),
    FrameRow(
      0x378, "energy", until: .aging, "Energy charged and discharged so far.",
      [
        counter(0, "energy_charged", "energy charged", .energyCharged),
        counter(4, "energy_discharged", "energy discharged", .energyDischarged),
      ]),
  ]

  private static let introduction: [FrameRow] = [
    FrameRow(
      0x35E, "manufacturer", until: .stale, "Name of the maker; it selects a GX's treatment.",
      [FieldRow("manufacturer", "maker", .manufacturer)]),
    // In this frame zero means "none" throughout.
    FrameRow(
      0x35F, "information", until: .stale, "Product, firmware version, capacity.",
      FieldRow.information(0)),
    FrameRow(
      0x370, "name 1", until: .stale, "First half of the name that a GX shows.",
      [FieldRow("model_1", "name, first half", .model)]),
    FrameRow(
      0x371, "name 2", until: .stale, "Second half of the name that a GX shows.",
      [FieldRow("model_2", "name, second half", .model, from: 8)]),
    FrameRow(
      0x379, "installed capacity", until: .stale, "Capacity when new.",
      [
        FieldRow(
          0, "installed", "installed capacity", .u16, .point(.nominal), per: 1000, .nearest,
          in: 1...65_535, else: .unknown)
      ]),
    FrameRow(
      0x380, "serial number 1", until: .stale, "First half of the serial number.",
      [FieldRow("serial_1", "serial number, first half", .serial)]),
    FrameRow(
      0x381, "serial number 2", until: .stale, "Second half of the serial number.",
      [FieldRow("serial_2", "serial number, second half", .serial, from: 8)]),
    FrameRow(
      0x382, "family", until: .stale, "Family of products.",
      [FieldRow("family", "family", .family)]),
  ]
}
