// SPDX-License-Identifier: Apache-2.0

import Battery

extension Victron {
  /// Every frame of the protocol: what Cellbus sends, in the order of a cycle, then what it only reads.
  public static let frames: [FrameRow] = [
    FrameRow(
      0x351, "limits", until: .stale,
      "CVL, CCL, DCL and the discharge voltage; the only frame by which a GX controls."),
    FrameRow(
      0x35A, "alarms", until: .stale,
      "Alarms and warnings in pairs of bits; by this frame a GX recognises a battery."),
    FrameRow(0x355, "charge", until: .aging, "State of charge, state of health."),
    FrameRow(
      0x356, "measured", until: .aging, "Voltage, current, temperature of the hottest sensor."),
    FrameRow(0x360, "charge request", until: .aging, "Whether the battery asks to be charged."),
    FrameRow(
      0x372, "modules", until: .aging,
      "Modules online, blocking charge, blocking discharge, offline."),
    FrameRow(
      0x373, "extremes", until: .aging, "Lowest and highest cell, coldest and hottest sensor."),
    FrameRow(0x374, "lowest cell", until: .aging, "Which cell is lowest, such as C07."),
    FrameRow(0x375, "highest cell", until: .aging, "Which cell is highest, such as C12."),
    FrameRow(0x376, "coldest sensor", until: .aging, "Which sensor is coldest, such as T1."),
    FrameRow(0x377, "hottest sensor", until: .aging, "Which sensor is hottest, such as T2."),
    FrameRow(0x378, "energy", until: .aging, "Energy charged and discharged so far."),
    FrameRow(
      0x35E, "manufacturer", until: .stale, "Name of the maker; it selects a GX's treatment."),
    FrameRow(0x35F, "information", until: .stale, "Product, firmware version, capacity."),
    FrameRow(0x370, "name 1", until: .stale, "First half of the name that a GX shows."),
    FrameRow(0x371, "name 2", until: .stale, "Second half of the name that a GX shows."),
    FrameRow(0x379, "installed capacity", until: .stale, "Capacity when new."),
    FrameRow(0x380, "serial number 1", until: .stale, "First half of the serial number."),
    FrameRow(0x381, "serial number 2", until: .stale, "Second half of the serial number."),
    FrameRow(0x382, "family", until: .stale, "Family of products."),
    FrameRow(0x35B, "events", until: nil, "Events of some batteries; all zero in practice."),
    FrameRow(0x305, "keep-alive", .toBattery, until: nil, "A GX is there; its content varies."),
    FrameRow(
      0x306, "presence", .toBattery, period: 0, until: nil,
      "Seen from a GX while a battery is present; meaning unknown."),
    FrameRow(
      0x307, "identification", .toBattery, until: nil, "A GX introduces itself; no reply is due."),
  ]
}
