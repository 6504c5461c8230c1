// SPDX-License-Identifier: Apache-2.0

import Battery

// Parameters that share a word with others, and those that are texts.

extension JBD {
  /// Texts behind their length, 31 characters at most.
  static let texts: [Battery.Register] = [
    .init(0xA0, "manufacturer_text", .text, .settings, .write, "Name of the maker."),
    .init(0xA1, "device_name_text", .text, .settings, .write, "Name of the battery."),
    .init(0xA2, "barcode_text", .text, .settings, .write, "Bar code of the battery."),
  ]

  /// Bits and bytes of words that the whole rows hold together.
  static let fields: [Battery.Register] = functions + thresholds + delays

  private static let functions: [Battery.Register] = [
    function(0, "function_switch", "1 where a switch on the board is obeyed."),
    function(1, "function_load_detection", "1 waits for a load to go after a short circuit."),
    function(2, "function_balance", "1 lets it balance cells."),
    function(3, "function_balance_charging_only", "1 balances while charging only."),
    function(4, "function_leds", "1 lights its lights."),
    function(5, "function_led_count", "Form of its lights."),
    function(6, "function_full_limit", "1 limits the learnt capacity."),
    function(7, "function_clock", "1 where it has a clock."),
    function(8, "function_charge_handshake", "1 charges after a handshake only."),
    function(9, "function_gps", "1 where it has a tracker."),
    function(10, "function_buzzer", "1 where it has a buzzer."),
    function(11, "function_starter", "1 for a battery that starts a vehicle."),
    function(12, "function_coarse_units", "1 counts charges in steps of 0.1 Ah instead of 0.01."),
  ]

  private static let thresholds: [Battery.Register] = [
    field(
      0x38, "second_overcurrent_threshold", 0...3, most: 15,
      """
      Voltage over the shunt at the second over-current: 0 8, 1 11, 2 14, 3 17, 4 19, 5 22, 6 25, 7 \
      28, 8 31, 9 33, 10 36, 11 39, 12 42, 13 44, 14 47, 15 50 mV; doubled with the short circuit's.
      """),
    field(
      0x38, "second_overcurrent_delay", 4...7, most: 7,
      "Its delay: 0 8, 1 20, 2 40, 3 80, 4 160, 5 320, 6 640, 7 1280 ms."),
    field(
      0x38, "short_circuit_threshold", 8...10, most: 7,
      """
      Voltage over the shunt at a short circuit: 0 22, 1 33, 2 44, 3 56, 4 67, 5 78, 6 89, 7 100 \
      mV.
      """),
    field(
      0x38, "short_circuit_delay", 11...12, most: 3, "Its delay: 0 70, 1 100, 2 200, 3 400 µs."),
    field(0x38, "double_thresholds", 15...15, most: 1, "1 doubles both voltages over the shunt."),
    .init(
      0x39, "short_circuit_release_s", .uint16, .settings, .write, unit: "s", bits: 0...7,
      "Time after which a short circuit is over."),
    field(
      0x39, "hard_ov_delay", 12...13, most: 3, "Delay of the hard high limit: 0 1, 1 2, 2 4, 3 8 s."
    ),
    field(
      0x39, "hard_uv_delay", 14...15, most: 3, "Delay of the hard low limit: 0 1, 1 4, 2 8, 3 16 s."
    ),
  ]

  private static let delays: [Battery.Register] = [
    delay(0x3A, 8...15, "charge_ut_delay_s", "Delay of cold while charging."),
    delay(0x3A, 0...7, "charge_ot_delay_s", "Delay of heat while charging."),
    delay(0x3B, 8...15, "discharge_ut_delay_s", "Delay of cold while discharging."),
    delay(0x3B, 0...7, "discharge_ot_delay_s", "Delay of heat while discharging."),
    delay(0x3C, 8...15, "pack_uv_delay_s", "Delay of a low pack."),
    delay(0x3C, 0...7, "pack_ov_delay_s", "Delay of a high pack."),
    delay(0x3D, 8...15, "cell_uv_delay_s", "Delay of a low cell."),
    delay(0x3D, 0...7, "cell_ov_delay_s", "Delay of a high cell."),
    delay(0x3E, 8...15, "charge_oc_delay_s", "Delay of too high a charge current."),
    delay(0x3E, 0...7, "charge_oc_release_s", "Time after which it charges again."),
    delay(0x3F, 8...15, "discharge_oc_delay_s", "Delay of too high a discharge current."),
    delay(0x3F, 0...7, "discharge_oc_release_s", "Time after which it discharges again."),
  ]

  private static func function(
    _ bit: UInt8, _ name: StaticString, _ meaning: StaticString
  ) -> Battery.Register { field(0x2D, name, bit...bit, most: 1, meaning) }

  private static func field(
    _ address: UInt16, _ name: StaticString, _ bits: ClosedRange<UInt8>, most: Int64,
    _ meaning: StaticString
  ) -> Battery.Register {
    .init(
      address, name, .uint16, .settings, .write, bits: bits, range: 0...most, meaning)
  }

  private static func delay(
    _ address: UInt16, _ bits: ClosedRange<UInt8>, _ name: StaticString, _ meaning: StaticString
  ) -> Battery.Register {
    .init(address, name, .uint16, .settings, .write, unit: "s", bits: bits, meaning)
  }
}
