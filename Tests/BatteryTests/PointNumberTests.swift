// SPDX-License-Identifier: Apache-2.0
import Battery
import Testing

@Suite("The numbers of points")
struct PointNumberTests {
  /// Stored histories know points by these numbers: names are added at the end and never moved.
  private let names = [
    "voltage_v", "current_a", "power_w", "soc_pct", "soh_pct", "remaining_ah", "full_ah",
    "nominal_ah", "cycles", "cell_count", "cell_min_v", "cell_max_v", "cell_delta_v", "cell_avg_v",
    "cell_min_number", "cell_max_number", "temp_min_c", "temp_max_c", "temp_avg_c",
    "mosfet_temperature_c", "ambient_temperature_c", "charge_enabled", "discharge_enabled",
    "balancing", "charge_voltage_limit_v", "charge_current_limit_a", "discharge_current_limit_a",
    "discharge_voltage_limit_v", "energy_charged_wh", "energy_discharged_wh", "charge_charged_ah",
    "charge_discharged_ah", "time_to_empty_s", "time_to_full_s", "status_code", "consumed_ah",
    "consumed_margin_ah", "counted_soc_pct", "counted_remaining_ah", "soc_drift_pct",
    "counted_cycles", "full_charges", "full_discharges", "since_full_charge_s",
    "deepest_discharge_ah", "last_discharge_ah", "average_discharge_ah", "lowest_voltage_v",
    "highest_voltage_v",
  ]

  @Test("A point keeps its number for ever, and 64 bits hold them all")
  func numbers() {
    #expect(Point.allCases.map { "\($0.name)" } == names)
    #expect(Point.allCases.map { Int($0.rawValue) } == Array(0..<names.count))
    #expect(Point.count <= 64)
  }
}
