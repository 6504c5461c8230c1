// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// What all batteries together say in an answer to 61, which newer versions of the language have.
///
/// Source: the layout that dalathegreat/Battery-Emulator builds for inverters (its test of
/// PYLON-LV-RS485); nkinnan/esphome-pace-bms issue 35. No capture with a known origin was found.
enum PylontechSystem {
  private static let rest: [15 of StaticString] = [
    "temp_avg_c", "temp_max_c", "temp_max_module", "temp_min_c", "temp_min_module",
    "mosfet_temp_avg_c", "mosfet_temp_max_c", "mosfet_temp_max_module", "mosfet_temp_min_c",
    "mosfet_temp_min_module", "board_temp_avg_c", "board_temp_max_c", "board_temp_max_module",
    "board_temp_min_c", "board_temp_min_module",
  ]

  /// Puts its values into an account; it is no reading of one battery.
  static func account(_ info: [UInt8], _ exchange: inout Exchange) throws(WireError) {
    var fields = TildeFields(info)
    let voltage = try fields.word()
    let current = try fields.signed()
    let soc = try fields.byte()
    let cycles = try fields.word()
    let mostCycles = try fields.word()
    let health = try fields.byte()
    let lowestHealth = try fields.byte()
    guard soc <= 100, health <= 100, lowestHealth <= health else {
      throw .implausible("a state of charge or health is above 100 %")
    }
    func number(_ name: StaticString, _ value: Int64, _ decimals: Int = 0) {
      exchange.whole.details.append(.init(name, .number(value, decimals: decimals)))
    }
    exchange.whole.reading.set(.voltage, Voltage.millivolts(voltage))
    // One manual counts in 0.1 A in its table and in 0.001 A in its example: it is told as it stands.
    number("current_raw", Int64(current))
    exchange.whole.reading.set(.soc, Percent.percent(soc))
    exchange.whole.reading.set(.soh, Percent.percent(health))
    exchange.whole.reading[.cycles] = Int64(cycles)
    number("cycles_max", Int64(mostCycles))
    number("soh_min_pct", Int64(lowestHealth))
    exchange.whole.reading.set(.cellMax, CellVoltage.millivolts(try fields.word()))
    number("cell_max_module", Int64(try fields.word()))
    exchange.whole.reading.set(.cellMin, CellVoltage.millivolts(try fields.word()))
    number("cell_min_module", Int64(try fields.word()))
    for index in 0..<15 {
      let word = try fields.word()
      // In each five an average, then the highest with its battery and the lowest with its own.
      let isPlace = index % 5 == 2 || index % 5 == 4
      number(rest[index], isPlace ? Int64(word) : Int64(word) - 2731, isPlace ? 0 : 1)
    }
  }
}
