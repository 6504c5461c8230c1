// SPDX-License-Identifier: Apache-2.0

import Battery

extension DalyD2 {
  /// The registers with numbers of their own, in the order of their addresses.
  ///
  /// Source: Daly "Modbus protocol" tables; what captures show otherwise is in docs/protocols/daly.md 2.
  static let registers: [Register] = live + settings + switches

  private static let live: [Register] = [
    .init(0x32, "temperature_sensor_count", .uint16, .live, .read, "Sensors that the board has."),
    .init(0x39, "power_abs_w", .uint16, .live, unit: "W", "Power without its direction."),
    .init(
      0x40, "balance_current_a", .int16, .live, offset: -30_000, decimals: 3, unit: "A",
      "Current of the balancer."),
    .init(
      0x43, "board_temperature_c", .uint16, .live, offset: -40, unit: "°C", absent: 0xFFFF,
      "Temperature of the board."),
  ]

  private static let settings: [Register] = [
    .init(0x80, "rated_ah", .uint16, .settings, decimals: 1, unit: "Ah", "Capacity when new."),
    .init(
      0x81, "cell_reference_v", .uint16, .settings, decimals: 3, unit: "V",
      "Nominal voltage of a cell."),
    .init(0x82, "board_count", .uint16, .settings, .read, "Boards that measure cells."),
    .init(0x83, "cells_board1", .uint16, .settings, .read, "Cells on the first of them."),
    .init(0x84, "cells_board2", .uint16, .settings, .read, "Cells on the second."),
    .init(0x85, "cells_board3", .uint16, .settings, .read, "Cells on the third."),
    .init(0x86, "sensors_board1", .uint16, .settings, .read, "Sensors on the first."),
    .init(0x87, "sensors_board2", .uint16, .settings, .read, "Sensors on the second."),
    .init(0x88, "sensors_board3", .uint16, .settings, .read, "Sensors on the third."),
    .init(0x89, "battery_type", .uint16, .settings, .read, "Chemistry: 0 LFP, 1 NMC, 2 LTO."),
    .init(
      0x8A, "sleep_seconds_raw", .uint16, .settings, .write, unit: "s",
      "Time without current and conversation after which it sleeps; 65535 never."),
    volts(0x8B, "cell_high_l1_v", 3, "A cell above it is warned of."),
    volts(0x8C, "cell_high_l2_v", 3, "A cell above it stops charging."),
    volts(0x8D, "cell_low_l1_v", 3, "A cell below it is warned of."),
    volts(0x8E, "cell_low_l2_v", 3, "A cell below it stops discharging."),
    volts(0x8F, "pack_high_l1_v", 1, "A pack above it is warned of."),
    volts(0x90, "pack_high_l2_v", 1, "A pack above it stops charging."),
    volts(0x91, "pack_low_l1_v", 1, "A pack below it is warned of."),
    volts(0x92, "pack_low_l2_v", 1, "A pack below it stops discharging."),
    amperes(0x93, "charge_current_l1_a", "A charge current beyond it is warned of."),
    amperes(0x94, "charge_current_l2_a", "A charge current beyond it stops charging."),
    amperes(0x95, "discharge_current_l1_a", "A discharge current beyond it is warned of."),
    amperes(0x96, "discharge_current_l2_a", "A discharge current beyond it stops discharging."),
    degrees(0x97, "charge_high_l1_c", "Charging above it is warned of."),
    degrees(0x98, "charge_high_l2_c", "Above it charging stops."),
    degrees(0x99, "charge_low_l1_c", "Charging below it is warned of."),
    degrees(0x9A, "charge_low_l2_c", "Below it charging stops."),
    degrees(0x9B, "discharge_high_l1_c", "Discharging above it is warned of."),
    degrees(0x9C, "discharge_high_l2_c", "Above it discharging stops."),
    degrees(0x9D, "discharge_low_l1_c", "Discharging below it is warned of."),
    degrees(0x9E, "discharge_low_l2_c", "Below it discharging stops."),
    volts(0x9F, "cell_difference_l1_v", 3, "A spread of the cells above it is warned of."),
    volts(0xA0, "cell_difference_l2_v", 3, "A spread of the cells above it is reported."),
    .init(
      0xA1, "temperature_difference_l1_k", .uint16, .settings, .write, unit: "K", range: 0...100,
      "A spread of the sensors above it is warned of."),
    .init(
      0xA2, "temperature_difference_l2_k", .uint16, .settings, .write, unit: "K", range: 0...100,
      "A spread of the sensors above it is reported."),
    volts(0xA3, "balance_start_v", 3, "Cells below it are not balanced."),
    volts(0xA4, "balance_delta_v", 3, "Cells closer together are not balanced."),
    degrees(0xA8, "mos_over_temperature_c", "Switches above it are reported as too hot."),
  ]

  private static let switches: [Register] = [
    .init(
      0xA5, "charge_mos_switch", .uint16, .settings, .write, range: 0...1,
      "Whether the charge switch may be closed."),
    .init(
      0xA6, "discharge_mos_switch", .uint16, .settings, .write, range: 0...1,
      "Whether the discharge switch may be closed; open, it cuts the loads off."),
    .init(
      0xA7, "soc_setting_pct", .uint16, .settings, .write, decimals: 1, unit: "%", range: 0...1000,
      "State of charge to count from; reads 0 on many boards."),
    .init(
      0xCF, "register_00cf_balancer_switch", .uint16, .settings, .write, range: 0...1,
      "Whether cells are balanced, on boards that have this switch here."),
  ]

  private static func volts(
    _ address: UInt16, _ name: StaticString, _ decimals: UInt8, _ meaning: StaticString
  ) -> Register {
    .init(
      address, name, .uint16, .settings, .write, decimals: decimals, unit: "V",
      range: 0...(decimals == 3 ? 5500 : 2640), meaning)
  }

  private static func degrees(
    _ address: UInt16, _ name: StaticString, _ meaning: StaticString
  ) -> Register {
    .init(
      address, name, .uint16, .settings, .write, offset: -40, unit: "°C", range: 0...160, meaning)
  }

  /// Read only: boards store these with either sign, so that a new value could mean the opposite.
  private static func amperes(
    _ address: UInt16, _ name: StaticString, _ meaning: StaticString
  ) -> Register {
    .init(address, name, .uint16, .settings, offset: -30_000, decimals: 1, unit: "A", meaning)
  }
}
