// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Testing

@testable import Simulation

/// How finely a language tells what a unit knows: steps of each amount's own scale; `nil` where it does
/// not tell it.
struct Truth {
  var cells: Int64? = 10
  var temperatures: Int64? = 10
  var voltage: Int64? = 100
  var current: Int64? = 100
  var soc: Int64? = 100_000
  var remaining: Int64? = 1
  var full: Int64?
  var tellsSwitches = true
  var tellsBalancing = true
  var tellsAlarms = true

  /// Each value that a reading tells otherwise than the state, in words.
  func differences(_ reading: Reading, _ state: UnitState) -> [String] {
    var wrong: [String] = []
    func compare(_ name: String, _ step: Int64?, _ truth: Int64, _ told: Int64?) {
      let expected = step.map { truth.dividedRounding(by: $0) * $0 }
      if told != expected { wrong.append("\(name): \(told ?? -1) for \(expected ?? -1)") }
    }
    if let cells {
      if reading.cells.count != state.cells.count { wrong.append("\(reading.cells.count) cells") }
      for index in 0..<state.cells.count {
        compare(
          "cell \(index)", cells, Int64(state.cells[index].raw), Int64(reading.cells[index].raw))
      }
    }
    if let temperatures {
      if reading.temperatures.count != state.temperatures.count {
        wrong.append("\(reading.temperatures.count) sensors")
      }
      for index in 0..<state.temperatures.count {
        compare(
          "sensor \(index)", temperatures, Int64(state.temperatures[index]?.raw ?? 0),
          reading.temperatures[index].map { Int64($0.raw) })
      }
    }
    compare("voltage", voltage, Int64(state.voltage.raw), reading[.voltage])
    compare("current", current, Int64(state.current.raw), reading[.current])
    compare("soc", soc, Int64(state.soc.raw), reading[.soc])
    compare("remaining", remaining, state.remaining.raw, reading[.remaining])
    compare("full", full, state.full.raw, reading[.full])
    compare("cycles", 1, state.cycles, reading[.cycles])
    let switches: Int64? = tellsSwitches ? 1 : nil
    compare("charge", switches, state.isChargeOn ? 1 : 0, reading[.chargeEnabled])
    compare("discharge", switches, state.isDischargeOn ? 1 : 0, reading[.dischargeEnabled])
    if tellsBalancing, reading.cells.balancing != state.cells.balancing {
      wrong.append("balancing: \(reading.cells.balancing) for \(state.cells.balancing)")
    }
    if tellsAlarms, reading.alarms != state.alarms {
      wrong.append("alarms: \(reading.alarms.list) for \(state.alarms.list)")
    }
    return wrong
  }
}
