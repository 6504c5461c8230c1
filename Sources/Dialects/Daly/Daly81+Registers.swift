// SPDX-License-Identifier: Apache-2.0

import Battery

extension Daly81 {
  /// The registers with numbers of their own, in the order of their addresses.
  ///
  /// Source: patagonaa/esphome-daly-hkms-bms, checked against two captures; docs/protocols/daly.md 3.
  static let registers: [Register] = live + ratings + limits

  private static let live: [Register] = [
    .init(0x3B, "life_counter", .uint16, .live, .read, "Counts up with each reading."),
    .init(0x3D, "temperature_sensor_count", .uint16, .live, .read, "Sensors that the board has."),
    .init(
      0x4D, "balance_register", .uint16, .live, .read, "Balancing: 0 off, 1 passive, 2 active."),
    .init(0x58, "power_abs_w", .uint16, .live, unit: "W", "Power without its direction."),
    .init(0x59, "energy_left_wh", .uint16, .live, unit: "Wh", "Energy that can still be drawn."),
    .init(
      0x5B, "board_temperature_c", .uint16, .live, offset: -40, unit: "°C", absent: 0xFF,
      "Temperature of the board."),
    .init(
      0xCF, "register_00cf", .uint16, .live, .read,
      "Not explained; 65535 most likely means not there."),
  ]

  private static let ratings: [Register] = [
    .init(0x100, "board_number", .uint16, .settings, .read, "Number of the board on its bus."),
    .init(0x101, "board_cell_count", .uint16, .settings, .read, "Cells that it was set up for."),
    .init(0x109, "rated_ah", .uint32, .settings, decimals: 3, unit: "Ah", "Capacity when new."),
    .init(
      0x10B, "actual_ah", .uint32, .settings, decimals: 3, unit: "Ah", "Capacity as it is now."),
    .init(
      0x10D, "total_charge_ah", .uint32, .statistics, decimals: 3, unit: "Ah",
      "Charge that went in so far."),
    .init(
      0x10F, "total_discharge_ah", .uint32, .statistics, decimals: 3, unit: "Ah",
      "Charge that came out so far."),
    volts(0x114, "cell_reference_v", 3, "Nominal voltage of a cell."),
    .init(
      0x115, "sleep_ten_seconds", .uint16, .settings, .write,
      "Tens of seconds without current and conversation after which it sleeps; 65535 never."),
    .init(
      0x116, "soc_setting_pct", .uint16, .settings, .write, decimals: 1, unit: "%", range: 0...1000,
      "State of charge to count from."),
    volts(0x11A, "balance_start_v", 3, "Cells below it are not balanced."),
    volts(0x11B, "balance_delta_v", 3, "Cells closer together are not balanced."),
    .init(
      0x121, "charge_mos_switch", .uint16, .settings, .write, range: 0...1,
      "Whether the charge switch may be closed."),
    .init(
      0x122, "discharge_mos_switch", .uint16, .settings, .write, range: 0...1,
      "Whether the discharge switch may be closed; open, it cuts the loads off."),
  ]

  private static let limits: [Register] = [
    volts(0x130, "cell_high_alarm_v", 3, "A cell above it is warned of."),
    volts(0x131, "cell_high_protect_v", 3, "A cell above it stops charging."),
    volts(0x132, "cell_high_recover_v", 3, "Below it charging goes on."),
    milliseconds(0x133, "cell_high_delay_ms", "Delay of a high cell."),
    volts(0x134, "cell_low_alarm_v", 3, "A cell below it is warned of."),
    volts(0x135, "cell_low_protect_v", 3, "A cell below it stops discharging."),
    volts(0x136, "cell_low_recover_v", 3, "Above it discharging goes on."),
    milliseconds(0x137, "cell_low_delay_ms", "Delay of a low cell."),
    volts(0x138, "pack_high_alarm_v", 1, "A pack above it is warned of."),
    volts(0x139, "pack_high_protect_v", 1, "A pack above it stops charging."),
    volts(0x13C, "pack_low_alarm_v", 1, "A pack below it is warned of."),
    volts(0x13D, "pack_low_protect_v", 1, "A pack below it stops discharging."),
    amperes(
      0x140, "discharge_alarm_a", 0...29_999,
      "A current beyond it is warned of; negative discharges."),
    amperes(
      0x141, "discharge_protect_a", 0...29_999,
      "A current beyond it stops discharging; negative discharges."),
    amperes(
      0x145, "charge_alarm_a", 30_001...60_000,
      "A charge current above it is warned of."),
    amperes(
      0x146, "charge_protect_a", 30_001...60_000,
      "A charge current above it stops charging."),
    degrees(0x14A, "charge_high_alarm_c", "Charging above it is warned of."),
    degrees(0x14B, "charge_high_protect_c", "Above it charging stops."),
    degrees(0x14E, "charge_low_alarm_c", "Charging below it is warned of."),
    degrees(0x14F, "charge_low_protect_c", "Below it charging stops."),
    degrees(0x152, "discharge_high_alarm_c", "Discharging above it is warned of."),
    degrees(0x153, "discharge_high_protect_c", "Above it discharging stops."),
    degrees(0x156, "discharge_low_alarm_c", "Discharging below it is warned of."),
    degrees(0x157, "discharge_low_protect_c", "Below it discharging stops."),
  ]

  private static func volts(
    _ address: UInt16, _ name: StaticString, _ decimals: UInt8, _ meaning: StaticString
  ) -> Register {
    .init(
      address, name, .uint16, .settings, .write, decimals: decimals, unit: "V",
      range: 0...(decimals == 3 ? 5500 : 2640), meaning)
  }

  /// A current in 0.1 A from 30000 up where it charges, down where it discharges.
  private static func amperes(
    _ address: UInt16, _ name: StaticString, _ range: ClosedRange<Int64>, _ meaning: StaticString
  ) -> Register {
    .init(
      address, name, .uint16, .settings, .write, offset: -30_000, decimals: 1, unit: "A",
      range: range, meaning)
  }

  private static func milliseconds(
    _ address: UInt16, _ name: StaticString, _ meaning: StaticString
  ) -> Register { .init(address, name, .uint16, .settings, .write, unit: "ms", meaning) }

  private static func degrees(
    _ address: UInt16, _ name: StaticString, _ meaning: StaticString
  ) -> Register {
    .init(
      address, name, .uint16, .settings, .write, offset: -40, unit: "°C", range: 0...160, meaning)
  }
}
