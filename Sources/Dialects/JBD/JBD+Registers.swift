// SPDX-License-Identifier: Apache-2.0

import Battery

extension JBD {
  /// The parameters that the board keeps, read and written in factory mode only.
  ///
  /// Source: JBD "software board protocol" V8 to V11; names and units checked on captures where there
  /// are any. Capacities count in steps ten times as coarse where bit 12 of 2D is set.
  static let registers: [Battery.Register] = capacities + limits + others + texts + fields

  private static let capacities: [Battery.Register] = [
    charge(0x10, "design_capacity_ah", "Capacity when new."),
    charge(0x11, "cycle_capacity_ah", "Charge that counts as one cycle."),
    volts(0x12, "cell_100pct_v", 3, "A resting cell at it is full."),
    volts(0x13, "cell_0pct_v", 3, "A resting cell at it is empty."),
    .init(
      0x14, "self_discharge_pct", .uint16, .settings, .write, decimals: 1, unit: "%",
      "Self-discharge that it reckons with."),
    .init(
      0x15, "production_date_packed", .uint16, .settings, .write, "Date of production, packed."),
    .init(0x16, "serial_number", .uint16, .settings, .write, "Serial number."),
    .init(0x17, "cycles", .uint16, .settings, .write, "Cycles so far."),
  ]

  private static let limits: [Battery.Register] = [
    degrees(0x18, "charge_ot_c", "Above it charging stops."),
    degrees(0x19, "charge_ot_release_c", "Below it charging goes on."),
    degrees(0x1A, "charge_ut_c", "Below it charging stops."),
    degrees(0x1B, "charge_ut_release_c", "Above it charging goes on."),
    degrees(0x1C, "discharge_ot_c", "Above it discharging stops."),
    degrees(0x1D, "discharge_ot_release_c", "Below it discharging goes on."),
    degrees(0x1E, "discharge_ut_c", "Below it discharging stops."),
    degrees(0x1F, "discharge_ut_release_c", "Above it discharging goes on."),
    volts(0x20, "pack_ov_v", 2, "A pack above it stops charging."),
    volts(0x21, "pack_ov_release_v", 2, "A pack below it goes on charging."),
    volts(0x22, "pack_uv_v", 2, "A pack below it stops discharging."),
    volts(0x23, "pack_uv_release_v", 2, "A pack above it goes on discharging."),
    volts(0x24, "cell_ov_v", 3, "A cell above it stops charging."),
    volts(0x25, "cell_ov_release_v", 3, "Cells below it let charging go on."),
    volts(0x26, "cell_uv_v", 3, "A cell below it stops discharging."),
    volts(0x27, "cell_uv_release_v", 3, "Cells above it let discharging go on."),
    .init(
      0x28, "charge_oc_a", .int16, .settings, .write, decimals: 2, unit: "A", range: 1...32_767,
      "A charge current above it stops charging."),
    .init(
      0x29, "discharge_oc_a", .int16, .settings, .write, decimals: 2, unit: "A",
      range: -32_768 ... -1, "A discharge current beyond it stops discharging; negative."),
    volts(0x2A, "balance_start_v", 3, "Cells below it are not balanced."),
    volts(0x2B, "balance_window_v", 3, "Cells closer together are not balanced."),
  ]

  private static let others: [Battery.Register] = [
    .init(
      0x2C, "shunt_mohm", .uint16, .settings, decimals: 1, unit: "mΩ", "Resistance of the shunt."),
    .init(
      0x2D, "function_config", .bits16, .settings, .write,
      "Functions, a bit each: switch, load detection, balancing, balancing only while charging …."),
    .init(
      0x2E, "ntc_config", .bits16, .settings, .write, "Sensors that are connected, a bit each."),
    .init(0x2F, "cell_count", .uint16, .settings, range: 1...32, "Cells in series."),
    .init(
      0x30, "fet_control_time_s", .uint16, .settings, .write, unit: "s", "Time of its switches."),
    .init(
      0x31, "led_time_s", .uint16, .settings, .write, unit: "s", "How long its lights stay on."),
    volts(0x32, "cell_80pct_v", 3, "A resting cell at it is at 80 %."),
    volts(0x33, "cell_60pct_v", 3, "A resting cell at it is at 60 %."),
    volts(0x34, "cell_40pct_v", 3, "A resting cell at it is at 40 %."),
    volts(0x35, "cell_20pct_v", 3, "A resting cell at it is at 20 %."),
    volts(0x36, "cell_hard_ov_v", 3, "A cell above it stops charging, whatever else is set."),
    volts(0x37, "cell_hard_uv_v", 3, "A cell below it stops discharging, whatever else is set."),
    .init(
      0x38, "short_circuit_bits", .bits16, .settings, .read,
      "Thresholds of short circuit and second level."),
    .init(0x39, "hard_delay_bits", .bits16, .settings, .read, "Delays of the hard limits."),
    pair(
      0x3A, "charge_temperature_delays",
      "Delays of cold (high byte) and heat while charging, in seconds."),
    pair(
      0x3B, "discharge_temperature_delays",
      "Delays of cold (high byte) and heat while discharging, in seconds."),
    pair(
      0x3C, "pack_voltage_delays", "Delays of low (high byte) and high pack voltage, in seconds."),
    pair(0x3D, "cell_voltage_delays", "Delays of low (high byte) and high cells, in seconds."),
    pair(
      0x3E, "charge_oc_delays", "Delay (high byte) and release of the charge current, in seconds."),
    pair(
      0x3F, "discharge_oc_delays",
      "Delay (high byte) and release of the discharge current, in seconds."),
    volts(0x40, "gps_off_v", 3, "Below it the tracker is switched off."),
    .init(0x41, "gps_off_time_s", .uint16, .settings, .write, unit: "s", "How long before it is."),
    volts(0x42, "cell_90pct_v", 3, "A resting cell at it is at 90 %."),
    volts(0x43, "cell_70pct_v", 3, "A resting cell at it is at 70 %."),
    volts(0x44, "cell_50pct_v", 3, "A resting cell at it is at 50 %."),
    volts(0x45, "cell_30pct_v", 3, "A resting cell at it is at 30 %."),
    volts(0x46, "cell_10pct_v", 3, "A resting cell at it is at 10 %."),
    volts(0x47, "cell_full_v", 3, "A resting cell at it is at 100 %, on newer boards."),
  ]

  private static func charge(
    _ address: UInt16, _ name: StaticString, _ meaning: StaticString
  ) -> Battery.Register {
    .init(address, name, .uint16, .settings, .write, decimals: 2, unit: "Ah", meaning)
  }

  /// A voltage of a cell, in mV, or of the pack, in 10 mV; nothing beyond 5.5 V is a lithium cell.
  private static func volts(
    _ address: UInt16, _ name: StaticString, _ decimals: UInt8, _ meaning: StaticString
  ) -> Battery.Register {
    .init(
      address, name, .uint16, .settings, .write, decimals: decimals, unit: "V",
      range: 0...(decimals == 3 ? 5500 : 17_600), meaning)
  }

  /// A temperature in 0.1 K, from -50 to 120 °C.
  private static func degrees(
    _ address: UInt16, _ name: StaticString, _ meaning: StaticString
  ) -> Battery.Register {
    .init(
      address, name, .uint16, .settings, .write, offset: -2731, decimals: 1, unit: "°C",
      range: 2231...3931, meaning)
  }

  private static func pair(
    _ address: UInt16, _ name: StaticString, _ meaning: StaticString
  ) -> Battery.Register {
    .init(address, name, .bits16, .settings, .write, meaning)
  }
}
