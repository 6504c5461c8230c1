// SPDX-License-Identifier: Apache-2.0

import Battery

extension TinyBMS {
  /// What the fuller account of an exchange adds to a reading.
  static let keys: [ReadingKey] = [
    ReadingKey("lifetime_s", .number, unit: "s", "How long the unit has been on so far."),
    ReadingKey(
      "time_left_s", .number, unit: "s", "Time left at the present current; senseless at rest."),
    ReadingKey("distance_left_km", .number, unit: "km", "Distance left, for a vehicle."),
    ReadingKey(
      "balancing_wanted_registers", .numbers,
      "The registers of the cells that are to be balanced."),
    ReadingKey("speed_kmh", .number, decimals: 3, unit: "km/h", "Speed of a vehicle."),
    ReadingKey("total_distance_km", .number, decimals: 3, unit: "km", "Distance driven so far."),
    ReadingKey("high_power", .flag, "Whether the unit is of the high-power version."),
    ReadingKey(
      "current_sensor", .text, "The kind of current sensor: resistor, internal_hall or external."),
  ]
}
