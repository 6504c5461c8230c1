// SPDX-License-Identifier: Apache-2.0

import Battery
import Text

// What is known of a battery, or of a bank, and what an inverter may do with it.

extension JSONWriter {
  /// Writes what is known, and which of it was computed.
  mutating func fields(of snapshot: Snapshot, status: String? = nil) {
    object("reading") { writer in
      writer.fields(of: snapshot.reading)
      if let status { writer.field("status", status) }
    }
    array("derived") { writer in
      for point in Point.allCases where snapshot[point]?.isDerived == true {
        writer.value(point.name)
      }
    }
  }

  /// Writes limits with their reasons.
  mutating func fields(of limits: Limits) {
    field("mode", limits.mode.name)
    field("charge_voltage_limit_v", limits.chargeVoltage.value)
    field("charge_voltage_reason", limits.chargeVoltage.reason.description)
    field("charge_current_limit_a", limits.chargeCurrent.value)
    field("charge_current_reason", limits.chargeCurrent.reason.description)
    field("discharge_current_limit_a", limits.dischargeCurrent.value)
    field("discharge_current_reason", limits.dischargeCurrent.reason.description)
    field("discharge_voltage_limit_v", limits.dischargeVoltage)
  }
}
