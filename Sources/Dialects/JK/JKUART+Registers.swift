// SPDX-License-Identifier: Apache-2.0

import Battery

extension JKUART {
  /// The settings among the tags; the high byte of an address is the tag.
  ///
  /// The maker states no ranges; those of cells are what its program takes. The password (B2) and the
  /// texts of the owner are left out.
  static let rows: [Register] = voltages + currents + temperatures + others

  private static let voltages: [Register] = [
    pack(0x8E, "pack_ovp_v", "A pack above it stops charging."),
    pack(0x8F, "pack_uvp_v", "A pack below it stops discharging."),
    cell(0x90, "cell_ovp_v", "A cell above it stops charging."),
    cell(0x91, "cell_ovpr_v", "Cells below it let charging go on."),
    seconds(0x92, "cell_ovp_delay_s", "For how long a cell may be above it."),
    cell(0x93, "cell_uvp_v", "A cell below it stops discharging."),
    cell(0x94, "cell_uvpr_v", "Cells above it let discharging go on."),
    seconds(0x95, "cell_uvp_delay_s", "For how long a cell may be below it."),
    .init(
      0x9600, "cell_difference_v", .uint16, .settings, .write, decimals: 3, unit: "V",
      range: 1...1000, "Cells further apart raise an alarm."),
    cell(0x9B, "balance_start_v", "Cells below it are not balanced."),
    .init(
      0x9C00, "balance_trigger_v", .uint16, .settings, .write, decimals: 3, unit: "V",
      range: 1...1000, "Cells closer together are not balanced."),
  ]

  private static let currents: [Register] = [
    amperes(0x97, "max_discharge_a", "A discharge current above it stops discharging."),
    seconds(0x98, "discharge_ocp_delay_s", "For how long the discharge current may be above it."),
    amperes(0x99, "max_charge_a", "A charge current above it stops charging."),
    seconds(0x9A, "charge_ocp_delay_s", "For how long the charge current may be above it."),
  ]

  private static let temperatures: [Register] = [
    degrees(0x9E, "mos_otp_c", "Switches hotter than it are opened."),
    degrees(0x9F, "mos_otp_release_c", "Switches cooler than it may close again."),
    degrees(0xA0, "box_otp_c", "A box hotter than it stops both."),
    degrees(0xA1, "box_otp_release_c", "A box cooler than it goes on."),
    degrees(0xA2, "temperature_difference_c", "Sensors further apart raise an alarm."),
    degrees(0xA3, "charge_otp_c", "Above it charging stops."),
    degrees(0xA4, "discharge_otp_c", "Above it discharging stops."),
    degrees(0xA5, "charge_utp_c", "Below it charging stops."),
    degrees(0xA6, "charge_utp_release_c", "Above it charging goes on."),
    degrees(0xA7, "discharge_utp_c", "Below it discharging stops."),
    degrees(0xA8, "discharge_utp_release_c", "Above it discharging goes on."),
  ]

  private static let others: [Register] = [
    flag(0x9D, "balancer_switch", "Whether the board may balance."),
    .init(0xA900, "string_count", .uint8Low, .settings, .write, range: 1...32, "Cells in series."),
    .init(
      0xAA00, "capacity_ah", .uint32, .settings, .write, unit: "Ah", range: 1...10_000,
      "Capacity as its owner set it."),
    flag(0xAB, "charge_switch", "Whether the board may close its charge switch."),
    flag(0xAC, "discharge_switch", "Whether the board may close its discharge switch."),
    .init(0xAE00, "address", .uint8Low, .settings, .read, "Number of the board."),
    .init(
      0xAF00, "cell_type", .uint8Low, .settings, .write, range: 0...2,
      "Kind of cells: 0 LFP, 1 ternary, 2 LTO."),
    .init(0xB000, "sleep_delay_s", .uint16, .settings, unit: "s", "After how long it may sleep."),
    .init(
      0xB100, "low_soc_pct", .uint8Low, .settings, .write, unit: "%", range: 0...100,
      "A charge below it raises an alarm."),
    flag(0xB3, "special_charger", "Whether it has a charger of its own."),
  ]

  /// What the fuller account of an exchange adds to a reading.
  static let keys: [ReadingKey] = [
    ReadingKey("alarm_bits", .number, "The alarms as the bits of the frame."),
    ReadingKey("cycle_capacity_ah", .number, unit: "Ah", "Charge that went through so far."),
    ReadingKey("production_date", .text, "When it was made."),
  ]

  private static func pack(_ tag: UInt16, _ name: StaticString, _ meaning: StaticString)
    -> Register
  {
    .init(
      tag << 8, name, .uint16, .settings, .write, decimals: 2, unit: "V", range: 100...20_000,
      meaning)
  }

  private static func cell(_ tag: UInt16, _ name: StaticString, _ meaning: StaticString)
    -> Register
  {
    .init(
      tag << 8, name, .uint16, .settings, .write, decimals: 3, unit: "V", range: 1200...4350,
      meaning)
  }

  private static func seconds(_ tag: UInt16, _ name: StaticString, _ meaning: StaticString)
    -> Register
  {
    .init(tag << 8, name, .uint16, .settings, .write, unit: "s", meaning)
  }

  private static func amperes(_ tag: UInt16, _ name: StaticString, _ meaning: StaticString)
    -> Register
  {
    .init(tag << 8, name, .uint16, .settings, .write, unit: "A", meaning)
  }

  private static func degrees(_ tag: UInt16, _ name: StaticString, _ meaning: StaticString)
    -> Register
  {
    .init(
      tag << 8, name, .int16, .settings, .write, unit: "°C", range: -50...150, meaning)
  }

  private static func flag(_ tag: UInt16, _ name: StaticString, _ meaning: StaticString)
    -> Register
  {
    .init(tag << 8, name, .uint8Low, .settings, .write, range: 0...1, meaning)
  }
}
