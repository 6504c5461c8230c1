// SPDX-License-Identifier: Apache-2.0
import Battery
import Quantities

extension Block {
  /// The records in it, in their order.
  package func records() throws(BlockError) -> [Record] {
    let modes = try series(.mode)
    let stages = try whole(.freshness)
    let derived = try series(.derived)
    var records: [Record] = []
    records.reserveCapacity(count)
    for (place, entry) in try index().enumerated() {
      guard let freshness = UInt8(exactly: stages[place]).flatMap(Freshness.init) else {
        throw .malformed
      }
      // A mode that only a later version knows is unknown here, not a fault.
      let mode = modes?[place].flatMap { UInt8(exactly: $0) }.flatMap(ChargeMode.init)
      let mask = UInt64(bitPattern: derived?[place] ?? 0)
      records.append(
        Record(
          battery: battery, boot: boot, sequence: entry.sequence, at: entry.moment, derived: mask,
          mode: mode, freshness: freshness))
    }
    try fillAlarms(&records)
    try fillCells(&records)
    try fillTemperatures(&records)
    for point in Point.allCases {
      guard let values = try series(.point(point)) else { continue }
      for place in values.indices { records[place].reading[point] = values[place] }
    }
    return records
  }

  private func fillAlarms(_ records: inout [Record]) throws(BlockError) {
    guard let alarms = try series(.alarms), let warnings = try series(.warnings) else { return }
    for place in records.indices {
      guard let alarm = alarms[place], let warning = warnings[place] else { continue }
      records[place].reading.reportsAlarms = true
      records[place].reading.alarms = AlarmSet(rawValue: UInt64(bitPattern: alarm))
      records[place].reading.warnings = AlarmSet(rawValue: UInt64(bitPattern: warning))
    }
  }

  private func fillCells(_ records: inout [Record]) throws(BlockError) {
    if let balancing = try series(.balancing) {
      for place in records.indices {
        guard let mask = balancing[place] else { continue }
        records[place].reading.cells.reportsBalancing = true
        records[place].reading.cells.balancing = UInt64(bitPattern: mask)
      }
    }
    for cell in 0..<Cells.capacity {
      guard let values = try series(.cell(cell)) else { break }
      for place in records.indices {
        guard let value = values[place] else { continue }
        records[place].reading.cells.append(CellVoltage(clamping: value))
        guard records[place].reading.cells.count == cell + 1 else { throw .malformed }
      }
    }
  }

  private func fillTemperatures(_ records: inout [Record]) throws(BlockError) {
    guard let places = try series(.sensors) else { return }
    for sensor in 0..<Temperatures.capacity {
      let values = try series(.temperature(sensor))
      for place in records.indices where sensor < (places[place] ?? 0) {
        let value = values?[place]
        records[place].reading.temperatures.append(value.map { Temperature(clamping: $0) })
      }
    }
  }
}
