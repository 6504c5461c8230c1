// SPDX-License-Identifier: Apache-2.0

import Battery

extension JKModbus {
  /// The registers with numbers of their own, in the order of their addresses, which count bytes.
  ///
  /// Source: JK "BMS RS485 Modbus", as in docs/protocols/jk-modbus.md; the frames of three captures have
  /// the same fields in the same order.
  static let registers: [Register] = settings + temperatures + switches + live + about

  private static let settings: [Register] = [
    volts(0x1000, "smart_sleep_v", "Voltage of a cell below which the board sleeps."),
    volts(0x1004, "cell_uvp_v", "A cell below it stops discharging."),
    volts(0x1008, "cell_uvpr_v", "Above it discharging goes on."),
    volts(0x100C, "cell_ovp_v", "A cell above it stops charging."),
    volts(0x1010, "cell_ovpr_v", "Below it charging goes on."),
    volts(0x1014, "balance_trigger_v", "Cells closer together are not balanced."),
    volts(0x1018, "soc100_v", "A cell at it counts as full."),
    volts(0x101C, "soc0_v", "A cell at it counts as empty."),
    volts(0x1020, "request_charge_v", "Voltage of a cell that is asked of the charger."),
    volts(0x1024, "request_float_v", "Voltage of a cell that is asked of the charger when full."),
    volts(0x1028, "power_off_v", "A cell below it switches the board off."),
    amperes(0x102C, "max_charge_a", "Highest charge current."),
    seconds(0x1030, "charge_ocp_delay_s", "A higher one for so long stops charging."),
    seconds(0x1034, "charge_ocp_release_s", "Time until charging goes on."),
    amperes(0x1038, "max_discharge_a", "Highest discharge current."),
    seconds(0x103C, "discharge_ocp_delay_s", "A higher one for so long stops discharging."),
    seconds(0x1040, "discharge_ocp_release_s", "Time until discharging goes on."),
    seconds(0x1044, "scp_release_s", "Time until a short circuit is forgotten."),
    amperes(0x1048, "max_balance_a", "Highest current of the balancer."),
  ]

  private static let temperatures: [Register] = [
    degrees(0x104C, "charge_otp_c", "Above it charging stops."),
    degrees(0x1050, "charge_otp_release_c", "Below it charging goes on."),
    degrees(0x1054, "discharge_otp_c", "Above it discharging stops."),
    degrees(0x1058, "discharge_otp_release_c", "Below it discharging goes on."),
    degrees(0x105C, "charge_utp_c", "Below it charging stops."),
    degrees(0x1060, "charge_utp_release_c", "Above it charging goes on."),
    degrees(0x1064, "mos_otp_c", "Switches above it are opened."),
    degrees(0x1068, "mos_otp_release_c", "Below it they are closed."),
  ]

  private static let switches: [Register] = [
    .init(
      0x106C, "cell_count", .uint32, .settings, range: 1...32, "Cells that it was set up for."),
    .init(
      0x1070, "charge_switch_setting", .uint32, .settings, .write, range: 0...1,
      "Whether the charge switch may be closed."),
    .init(
      0x1074, "discharge_switch_setting", .uint32, .settings, .write, range: 0...1,
      "Whether the discharge switch may be closed; open, it cuts the loads off."),
    .init(
      0x1078, "balancer_switch_setting", .uint32, .settings, .write, range: 0...1,
      "Whether cells are balanced."),
    .init(
      0x1080, "scp_delay_us", .uint32, .settings, unit: "µs",
      "A short circuit for so long opens the switches."),
    volts(0x1084, "balance_start_v", "Cells below it are not balanced."),
  ]

  private static let live: [Register] = [
    .init(0x1240, "cell_mask", .uint32, .live, .read, "Cells that are connected, a bit each."),
    .init(
      0x1294, "power_abs_w", .uint32, .live, decimals: 3, unit: "W",
      "Power without its direction."),
    .init(0x12A0, "alarm_bits", .uint32, .live, .read, "What is wrong, a bit each."),
    .init(
      0x12A4, "balance_current_a", .int16, .live, decimals: 3, unit: "A",
      "Current of the balancer."),
    .init(
      0x12A6, "balancer_mode", .uint8High, .live, .read,
      "The balancer: 0 off, 1 charging a cell, 2 discharging one."),
    .init(
      0x12B4, "cycle_capacity_ah", .uint32, .statistics, decimals: 3, unit: "Ah",
      "Charge that went through so far."),
    .init(0x12BC, "runtime_s", .uint32, .statistics, unit: "s", "Time that it has been running."),
    .init(
      0x12D0, "temp_sensor_mask", .uint8High, .live, .read,
      "Sensors that are connected, a bit each; most boards say 255."),
  ]

  private static let about: [Register] = [
    .init(0x1420, "uptime_s", .uint32, .statistics, unit: "s", "Time that it has been running."),
    .init(0x1424, "power_on_count", .uint32, .statistics, .read, "How often it was switched on."),
  ]

  private static func volts(
    _ address: UInt16, _ name: StaticString, _ meaning: StaticString
  ) -> Register {
    .init(address, name, .uint32, .settings, decimals: 3, unit: "V", meaning)
  }

  private static func amperes(
    _ address: UInt16, _ name: StaticString, _ meaning: StaticString
  ) -> Register {
    .init(address, name, .uint32, .settings, decimals: 3, unit: "A", meaning)
  }

  private static func seconds(
    _ address: UInt16, _ name: StaticString, _ meaning: StaticString
  ) -> Register {
    .init(address, name, .uint32, .settings, unit: "s", meaning)
  }

  private static func degrees(
    _ address: UInt16, _ name: StaticString, _ meaning: StaticString
  ) -> Register {
    .init(address, name, .int32, .settings, decimals: 1, unit: "°C", meaning)
  }
}
