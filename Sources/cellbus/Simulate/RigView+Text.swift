// SPDX-License-Identifier: Apache-2.0

import Quantities
import Simulation
import Text

extension RigView {
  /// The true state in one line for people.
  var line: String {
    let time = Elapsed.text(Int64(seconds) * 1000)
    let highest = cellVoltages.max() ?? 0
    let lowest = cellVoltages.min() ?? 0
    return
      "\(time)  \(Self.fixed(voltage, 2)) V  \(Self.fixed(current, 1)) A  SOC \(Self.fixed(soc * 100, 1)) %  "
      + "cells \(Self.fixed(lowest, 3))–\(Self.fixed(highest, 3)) V  GX \(gx.name)"
      + (balancing == 0 ? "" : "  balancing") + (isAsleep ? "  asleep" : "")
      + faults.map { "  fault: \($0.name)" }.joined()
  }

  /// The true state as one JSON object.
  var json: String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("seconds", Self.steps(seconds, 1), decimals: 1)
      writer.field("voltage_v", Self.steps(voltage, 3), decimals: 3)
      writer.field("current_a", Self.steps(current, 3), decimals: 3)
      writer.field("soc_pct", Self.steps(soc * 100, 4), decimals: 4)
      writer.array("cell_voltages_v") { writer in
        for cell in cellVoltages { writer.decimal(Self.steps(cell, 4), decimals: 4) }
      }
      writer.field("charger_current_a", Self.steps(chargerCurrent, 3), decimals: 3)
      writer.field("load_current_a", Self.steps(loadCurrent, 3), decimals: 3)
      writer.field("charge_enabled", isChargerOn)
      writer.field("discharge_enabled", isLoadOn)
      writer.field("status_code", status)
      writer.field("asleep", isAsleep)
      writer.field("gx", gx.name)
      writer.array("faults") { writer in for fault in faults { writer.value(fault.name) } }
    }
    return writer.text
  }

  private static func steps(_ value: Double, _ places: Int) -> Int64 {
    var factor = 1.0
    for _ in 0..<places { factor *= 10 }
    let scaled = (value * factor).rounded()
    return Int64(exactly: scaled) ?? 0
  }

  private static func fixed(_ value: Double, _ places: Int) -> String {
    Decimal.string(steps(value, places), decimals: places, places: places)
  }
}
