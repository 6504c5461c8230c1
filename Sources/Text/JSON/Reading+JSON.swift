// SPDX-License-Identifier: Apache-2.0

package import Battery
import Quantities

extension JSONWriter {
  /// Writes what a reading says as fields of the object that is open, under the names that all of
  /// Cellbus's JSON uses; what it does not say is not written.
  package mutating func fields(of reading: Reading) {
    for point in Point.allCases {
      guard let value = reading[point] else { continue }
      field(point, value)
    }
    if reading.cells.count > 0 {
      array("cell_voltages_v") { writer in
        for index in 0..<reading.cells.count { writer.value(reading.cells[index]) }
      }
    }
    if reading.cells.reportsBalancing {
      array("balancing_cells") { writer in
        for index in 0..<64 where reading.cells.balancing >> UInt64(index) & 1 == 1 {
          writer.value(index)
        }
      }
    }
    if reading.temperatures.count > 0 {
      array("temperatures_c") { writer in
        for index in 0..<reading.temperatures.count { writer.value(reading.temperatures[index]) }
      }
    }
    if reading.reportsAlarms {
      names("alarms", of: reading.alarms)
      names("warnings", of: reading.warnings)
    }
    fields(of: reading.identity)
  }

  /// Writes the value of a point under its name.
  package mutating func field(_ point: Point, _ value: Int64) {
    switch point.kind {
    case .flag: field(point.name, value != 0)
    default: field(point.name, value, decimals: point.kind.decimals)
    }
  }

  /// Writes a set of alarms as a list of their names.
  package mutating func names(_ key: StaticString, of alarms: AlarmSet) {
    array(key) { writer in
      for alarm in alarms.list { writer.value(alarm.name) }
    }
  }

  /// Writes who a battery is as fields of the object that is open.
  package mutating func fields(of identity: Identity) {
    if let serial = identity.serial { field("serial", serial.string) }
    if let model = identity.model { field("model", model.string) }
    if let manufacturer = identity.manufacturer { field("manufacturer", manufacturer.string) }
    if let firmware = identity.firmware { field("firmware", firmware.string) }
    if let hardware = identity.hardware { field("hardware", hardware.string) }
  }
}
