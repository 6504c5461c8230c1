// SPDX-License-Identifier: Apache-2.0

import Battery

extension TinyBMS {
  /// Registers 300 to 343.
  ///
  /// Ranges are those of the document; a unit's true limits depend on its current sensor and are
  /// told by command 1D. Where a row covers one byte of a word, the other is to be kept on writing.
  static let settingsRegisters: [Register] = [
    perCell(300, "fully_charged_v", 1200...4500, "A cell at this is fully charged."),
    perCell(301, "fully_discharged_v", 1000...3500, "A cell at this is fully discharged."),
    perCell(303, "early_balancing_threshold_v", 1000...4500, "Cells above this are balanced."),
    .init(
      304, "charge_finished_current_a", .uint16, .settings, .write, decimals: 3, unit: "A",
      range: 100...5000, "Charging is done below this current."),
    .init(
      305, "peak_discharge_current_a", .uint16, .settings, .write, unit: "A",
      "A discharge current above this opens the switch at once; above setting 317. Since revision D."
    ),
    .init(
      306, "nominal_ah", .uint16, .settings, .write, decimals: 2, unit: "Ah", range: 10...65_500,
      "Capacity of the pack."),
    .init(307, "cell_count", .uint16, .settings, .write, range: 4...16, "Cells in series."),
    .init(
      308, "allowed_disbalance_mv", .uint16, .settings, .write, unit: "mV", range: 15...100,
      "Difference between cells up to which charging may be done."),
    .init(
      310, "charger_startup_delay_s", .uint16, .settings, .write, unit: "s", range: 5...60,
      "Time that a charger has to start. Since revision D."),
    .init(
      311, "charger_disable_delay_s", .uint16, .settings, .write, unit: "s", range: 0...60,
      "Time before the charger switch opens. Since revision D."),
    .init(
      312, "pulses_per_distance_unit", .uint32, .settings, .write, range: 1...100_000,
      "Pulses of the speed sensor per unit of distance."),
    .init(
      314, "distance_unit", .uint16, .settings, .write, range: 1...5,
      "Unit of distance: 1 metre, 2 kilometre, 3 foot, 4 mile, 5 yard."),
    perCell(315, "cell_overvoltage_cutoff_v", 1200...4500, "A cell above this stops charging."),
    perCell(316, "cell_undervoltage_cutoff_v", 800...3500, "A cell below this stops everything."),
    .init(
      317, "discharge_overcurrent_a", .uint16, .settings, .write, unit: "A", range: 1...750,
      "A discharge or regeneration current above this opens the switches."),
    .init(
      318, "charge_overcurrent_a", .uint16, .settings, .write, unit: "A", range: 1...750,
      "A charge current above this stops charging."),
    .init(
      319, "overheat_cutoff_c", .int16, .settings, .write, unit: "°C", range: 20...90,
      "A temperature above this stops everything."),
    .init(
      320, "low_temp_charge_cutoff_c", .int16, .settings, .write, unit: "°C", range: -40...10,
      "A temperature below this stops charging."),
    .init(
      321, "charge_restart_level_pct", .uint16, .settings, .write, unit: "%", range: 60...95,
      "State of charge at which charging begins again, where setting 329 says so. Since revision D."
    ),
    .init(
      322, "battery_max_cycles", .uint16, .settings, .write, range: 10...65_000,
      "Full cycles after which the state of health reads 0. Since revision C."),
    .init(
      323, "set_soh_pct", .uint16, .settings, .write, numerator: 2, decimals: 3, unit: "%",
      range: 0...50_000, absent: 0xFFFF,
      "State of health to take over; reads 65535 once taken over. Since revision C."),
    .init(
      328, "set_soc_pct", .uint16, .settings, .write, numerator: 2, decimals: 3, unit: "%",
      range: 0...50_000, absent: 0xFFFF,
      "State of charge to take over; reads 65535 when nothing is pending."),
    .init(
      329, "flags", .bits16, .settings, .write,
      """
      Bit 0 inverts the external current sensor, bit 1 disables the diagnosis of the switches, bit \
      2 uses the charge restart level.
      """),
    .init(
      330, "charger_type", .uint8Low, .settings, .write, range: 0...2,
      "Charger: 0 variable (reserved), 1 constant current and voltage, 2 CAN (reserved)."),
    .init(
      330, "discharge_overcurrent_timeout_s", .uint8High, .settings, .write, unit: "s",
      range: 0...30,
      "How long a discharge over-current may last. Since revision D."),
    .init(
      331, "load_switch", .uint8Low, .settings, .write, range: 0...8,
      """
      Load switch: 0 the unit's own transistors, 1 AIDO1, 2 AIDO2, 3 DIDO1, 4 DIDO2, 5 AIHO1 \
      active low, 6 AIHO1 active high, 7 AIHO2 active low, 8 AIHO2 active high.
      """),
    .init(
      332, "automatic_recovery_s", .uint8Low, .settings, .write, unit: "s", range: 0...30,
      "How long after a fault the unit tries again; 0, which the manual alone describes, means never."
    ),
    .init(
      333, "charger_switch", .uint8Low, .settings, .write, range: 1...9,
      """
      Charger switch: 1 the unit's own transistors, 2 AIDO1, 3 AIDO2, 4 DIDO1, 5 DIDO2, 6 AIHO1 \
      active low, 7 AIHO1 active high, 8 AIHO2 active low, 9 AIHO2 active high.
      """),
    .init(
      334, "ignition", .uint8Low, .settings, .write, range: 0...6,
      "Ignition input: 0 off, 1 AIDO1, 2 AIDO2, 3 DIDO1, 4 DIDO2, 5 AIHO1, 6 AIHO2."),
    .init(
      335, "charger_detection", .uint8Low, .settings, .write, range: 1...7,
      "Charger detection: 1 internal, 2 AIDO1, 3 AIDO2, 4 DIDO1, 5 DIDO2, 6 AIHO1, 7 AIHO2."),
    .init(
      336, "speed_sensor", .uint8Low, .settings, .write, range: 0...2,
      "Speed sensor input: 0 off, 1 DIDO1, 2 DIDO2."),
    .init(
      337, "precharge_pin", .uint8Low, .settings, .write, range: 0...16,
      """
      Precharge output: 0 off, 2 discharge transistor, 3 AIDO1, 4 AIDO2, 5 DIDO1, 6 DIDO2, 7 AIHO1 \
      active low, 8 AIHO1 active high, 9 AIHO2 active low, 16 AIHO2 active high (as printed; the \
      true number may be 10).
      """),
    .init(
      338, "precharge_duration", .uint8Low, .settings, .write, range: 0...7,
      "Precharge time: 0 0.1 s, 1 0.2 s, 2 0.5 s, 3 1 s, 4 2 s, 5 3 s, 6 4 s, 7 5 s."),
    .init(
      339, "temperature_sensor_type", .uint8Low, .settings, .write, range: 0...1,
      "External sensors: 0 two NTC of 10 kΩ (B 3977), 1 active multipoint sensor."),
    .init(
      340, "port_mode", .uint8Low, .settings, .write, range: 0...1,
      "0 dual port, 1 single port; a change restarts the unit."),
    .init(
      341, "single_port_switch", .uint8Low, .settings, .write, range: 0...8,
      "Switch of a single port unit, numbered as the load switch."),
    .init(
      342, "broadcast_period", .uint8Low, .settings, .write, range: 0...7,
      "Broadcast text: 0 off, or every 1 0.1 s, 2 0.2 s, 3 0.5 s, 4 1 s, 5 2 s, 6 5 s, 7 10 s."),
    .init(
      343, "broadcast_protocol", .uint8Low, .settings, .write, range: 0...2,
      "Broadcast text: 0 CA V3, 1 ASCII, 2 the maker's bar of lights."),
  ]

  private static func perCell(
    _ address: UInt16, _ name: StaticString, _ range: ClosedRange<Int64>, _ meaning: StaticString
  ) -> Register {
    .init(
      address, name, .uint16, .settings, .write, decimals: 3, unit: "V", range: range, meaning)
  }
}
