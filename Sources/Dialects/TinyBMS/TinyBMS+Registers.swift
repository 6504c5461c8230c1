// SPDX-License-Identifier: Apache-2.0

import Battery

extension TinyBMS {
  /// Every register of the map (Protocols Rev D, register map).
  ///
  /// The raw number of a row with an IEEE number is its value in steps of the row's decimals.
  static let registers: [Register] =
    liveRegisters + statisticsRegisters + settingsRegisters + versionRegisters

  /// Registers 0 to 55.
  private static let liveRegisters: [Register] = [
    cell(0, "cell_1_v"), cell(1, "cell_2_v"), cell(2, "cell_3_v"), cell(3, "cell_4_v"),
    cell(4, "cell_5_v"), cell(5, "cell_6_v"), cell(6, "cell_7_v"), cell(7, "cell_8_v"),
    cell(8, "cell_9_v"), cell(9, "cell_10_v"), cell(10, "cell_11_v"), cell(11, "cell_12_v"),
    cell(12, "cell_13_v"), cell(13, "cell_14_v"), cell(14, "cell_15_v"), cell(15, "cell_16_v"),
    .init(32, "lifetime_s", .uint32, .live, .read, unit: "s", "Seconds of the unit's life so far."),
    .init(
      34, "time_left_s", .uint32, .live, .read, unit: "s",
      "Estimated time to empty; senselessly large at rest."),
    .init(
      36, "pack_voltage_v", .float32, .live, .read, decimals: 3, unit: "V",
      "Voltage of the whole pack."),
    .init(
      38, "pack_current_a", .float32, .live, .read, decimals: 3, unit: "A",
      "Current through the pack; positive charges."),
    .init(
      40, "lowest_cell_v", .uint16, .live, .read, decimals: 3, unit: "V",
      "Voltage of the lowest cell."),
    .init(
      41, "highest_cell_v", .uint16, .live, .read, decimals: 3, unit: "V",
      "Voltage of the highest cell."),
    .init(
      42, "external_temperature_1_c", .int16, .live, .read, decimals: 1, unit: "°C", absent: -32768,
      "First external sensor."),
    .init(
      43, "external_temperature_2_c", .int16, .live, .read, decimals: 1, unit: "°C", absent: -32768,
      "Second external sensor."),
    .init(
      44, "distance_left_km", .uint16, .live, .read, unit: "km",
      "Distance that the charge left is good for, from the speed sensor."),
    .init(
      45, "state_of_health_pct", .uint16, .live, .read, numerator: 2, decimals: 3, unit: "%",
      range: 0...50_000, absent: 0, "State of health; reads 0 before revision C of the map."),
    .init(
      46, "state_of_charge_pct", .uint32, .live, .read, decimals: 6, unit: "%",
      "State of charge by counting coulombs; set to 100 when charging is done."),
    .init(
      48, "internal_temperature_c", .int16, .live, .read, decimals: 1, unit: "°C", absent: -32768,
      "Temperature of the unit itself."),
    .init(
      50, "online_status", .uint16, .live, .read,
      """
      What the unit is doing: 0x91 charging, 0x92 fully charged, 0x93 discharging, 0x96 \
      regeneration, 0x97 idle, 0x9B fault.
      """),
    .init(
      51, "balancing_wanted_bits", .bits16, .live, .read,
      "Cells that should be balanced; bit n belongs to register n."),
    .init(
      52, "balancing_bits", .bits16, .live, .read,
      "Cells that are being balanced now; bit n belongs to register n."),
    .init(
      53, "detected_cells", .uint16, .live, .read, range: 4...16,
      "Cells in series that the unit sees."),
    .init(
      54, "speed_kmh", .float32, .live, .read, decimals: 3, unit: "km/h",
      "Speed by the speed sensor."),
  ]

  private static func cell(_ address: UInt16, _ name: StaticString) -> Register {
    .init(
      address, name, .uint16, .live, .read, decimals: 4, unit: "V", absent: 0,
      "Cell voltage; 0 where there is no cell. Packs of fewer than 16 use the highest registers.")
  }

  /// Registers 100 to 117, cleared by command 02 with option 2, and the event memory.
  private static let statisticsRegisters: [Register] = [
    .init(
      100, "stat_total_distance_km", .uint32, .statistics, .read, decimals: 2, unit: "km",
      "Distance driven so far."),
    .init(
      102, "stat_max_discharge_current_a", .uint16, .statistics, .read, decimals: 1, unit: "A",
      "Highest discharge current ever seen: a record, not a limit."),
    .init(
      103, "stat_max_charge_current_a", .uint16, .statistics, .read, decimals: 1, unit: "A",
      "Highest charge current ever seen: a record, not a limit."),
    .init(
      104, "stat_max_cell_difference_v", .uint16, .statistics, .read, decimals: 4, unit: "V",
      "Largest difference between two cells ever seen."),
    .init(
      105, "stat_undervoltage_count", .uint16, .statistics, .read,
      "Under-voltage protections so far."),
    .init(
      106, "stat_overvoltage_count", .uint16, .statistics, .read, "Over-voltage protections so far."
    ),
    .init(
      107, "stat_discharge_overcurrent_count", .uint16, .statistics, .read,
      "Discharge over-current protections so far."),
    .init(
      108, "stat_charge_overcurrent_count", .uint16, .statistics, .read,
      "Charge over-current protections so far."),
    .init(
      109, "stat_overheat_count", .uint16, .statistics, .read,
      "Over-temperature protections so far."),
    .init(
      111, "stat_charging_count", .uint16, .statistics, .read,
      "Charges begun so far; the nearest thing to a cycle count that there is."),
    .init(
      112, "stat_full_charge_count", .uint16, .statistics, .read, "Charges ended at full so far."),
    .init(
      113, "stat_min_temperature_c", .int8Low, .statistics, .read, unit: "°C",
      "Lowest pack temperature ever seen."),
    .init(
      113, "stat_max_temperature_c", .int8High, .statistics, .read, unit: "°C",
      "Highest pack temperature ever seen."),
    .init(
      114, "last_reset_cause", .uint8Low, .statistics, .read, range: 0...7,
      """
      Last reset: 0 unknown, 1 low power, 2 window watchdog, 3 independent watchdog, 4 software, 5 \
      power on, 6 pin, 7 option bytes.
      """),
    .init(
      114, "last_wake_cause", .uint8High, .statistics, .read, range: 0...3,
      "Last wake-up: 0 charger, 1 ignition, 2 discharge, 3 serial port."),
    .init(
      116, "stat_cleared_at_s", .uint32, .statistics, .read, unit: "s",
      "Lifetime counter when the statistics were last cleared."),
    .init(
      200, "events", .uint32, .events, .read,
      """
      First of 49 entries of two registers each, up to 297: time in the low 24 bits, event in the \
      high 8; an entry of 0 is unused.
      """),
  ]

  /// Registers 500 to 509.
  private static let versionRegisters: [Register] = [
    .init(500, "hardware_version", .uint8Low, .version, .read, "Hardware version."),
    .init(
      500, "hardware_changes_version", .uint8High, .version, .read, "Changes to that hardware."),
    .init(501, "firmware_public", .uint8Low, .version, .read, "Public firmware version."),
    .init(
      501, "firmware_flags", .uint8High, .version, .read,
      """
      Bit 0: high power type of 150 A rather than low power type of 30 A. Bits 1 and 2, current \
      sensor: 0 resistor, 1 internal Hall sensor, 2 external.
      """),
    .init(502, "firmware_internal", .uint16, .version, .read, "Internal firmware version."),
    .init(503, "bootloader_version", .uint8Low, .version, .read, "Bootloader version."),
    .init(503, "profile_version", .uint8High, .version, .read, "Profile version."),
    .init(
      504, "serial_number", .bytes12, .version, .read,
      "Serial number, 96 bits, shown as hexadecimal digits."
    ),
  ]
}
