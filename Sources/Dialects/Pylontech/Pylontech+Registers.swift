// SPDX-License-Identifier: Apache-2.0

import Battery

extension Pylontech {
  /// Where the battery protects itself: the words of an answer to 47, which it lets nobody write.
  ///
  /// An address is the command and the word's place. Source: "PYLON low voltage Protocol RS485" V3.3, 3.4.
  static let registers: [Register] = [
    volts(0x4700, "cell_high_v", "A cell above it stops charging."),
    volts(0x4701, "cell_low_v", "A cell below it is warned of."),
    volts(0x4702, "cell_under_v", "A cell below it stops discharging."),
    degrees(0x4703, "charge_high_c", "Above it charging stops."),
    degrees(0x4704, "charge_low_c", "Below it charging stops."),
    amperes(0x4705, "charge_current_max_a", "A charge current above it stops charging."),
    volts(0x4706, "pack_high_v", "A pack above it stops charging."),
    volts(0x4707, "pack_low_v", "A pack below it is warned of."),
    volts(0x4708, "pack_under_v", "A pack below it stops discharging."),
    degrees(0x4709, "discharge_high_c", "Above it discharging stops."),
    degrees(0x470A, "discharge_low_c", "Below it discharging stops."),
    amperes(
      0x470B, "discharge_current_max_a",
      "A discharge current beyond it stops discharging; negative."),
  ]

  private static func volts(
    _ address: UInt16, _ name: StaticString, _ meaning: StaticString
  ) -> Register {
    .init(address, name, .uint16, .settings, decimals: 3, unit: "V", meaning)
  }

  private static func degrees(
    _ address: UInt16, _ name: StaticString, _ meaning: StaticString
  ) -> Register {
    .init(address, name, .uint16, .settings, offset: -2731, decimals: 1, unit: "°C", meaning)
  }

  private static func amperes(
    _ address: UInt16, _ name: StaticString, _ meaning: StaticString
  ) -> Register {
    .init(address, name, .int16, .settings, decimals: 1, unit: "A", meaning)
  }
}
