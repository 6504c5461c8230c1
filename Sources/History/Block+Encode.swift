// SPDX-License-Identifier: Apache-2.0
import Battery
import Quantities

extension Block {
  /// The bytes of these records, which must be of one battery and one boot and at most
  /// ``capacity``.
  package static func encode(_ records: [Record]) throws(BlockError) -> [UInt8] {
    guard let first = records.first, records.count <= capacity, first.battery >= 0 else {
      throw .unpackable
    }
    for index in records.indices {
      guard records[index].battery == first.battery, records[index].boot == first.boot else {
        throw .unpackable
      }
    }
    var bytes: [UInt8] = [0x43, 0x42, version]
    bytes.appendVarint(UInt64(first.battery))
    bytes.appendZigzag(first.boot)
    bytes.appendVarint(UInt64(records.count))
    let writer = ColumnWriter(records: records)
    writer.appendFrame(to: &bytes)
    writer.appendLists(to: &bytes)
    for point in Point.allCases {
      writer.append(.point(point), to: &bytes) { $0.reading[point] }
    }
    let crc = CRC32.of(bytes, count: bytes.count)
    for index in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: crc >> UInt32(index * 8))) }
    return bytes
  }
}

/// Writes the columns of some records.
private struct ColumnWriter {
  let records: [Record]

  /// Appends one column, unless no record has a value for it.
  func append(
    _ column: Block.Column, to bytes: inout [UInt8], _ value: (borrowing Record) -> Int64?
  ) {
    var isEmpty = true
    var values: [Int64?] = []
    values.reserveCapacity(records.count)
    // A span lends its elements; an array would copy each record, which is large.
    let records = records.span
    for index in records.indices {
      let value = value(records[index])
      if value != nil { isEmpty = false }
      values.append(value)
    }
    guard !isEmpty else { return }
    var content: [UInt8] = []
    Series.append(values, to: &content)
    bytes.appendVarint(UInt64(column.number))
    bytes.appendVarint(UInt64(content.count))
    bytes.append(contentsOf: content)
  }

  func appendFrame(to bytes: inout [UInt8]) {
    append(.sequence, to: &bytes) { $0.sequence }
    append(.monotonic, to: &bytes) { $0.moment.monotonic.milliseconds }
    append(.offset, to: &bytes) { $0.moment.wall &- $0.moment.monotonic.milliseconds }
    append(.derived, to: &bytes) { $0.derived == 0 ? nil : Int64(bitPattern: $0.derived) }
    append(.alarms, to: &bytes) { $0.alarms.map { Int64(bitPattern: $0.rawValue) } }
    append(.warnings, to: &bytes) { $0.warnings.map { Int64(bitPattern: $0.rawValue) } }
    append(.mode, to: &bytes) { $0.mode.map { Int64($0.rawValue) } }
    append(.freshness, to: &bytes) { Int64($0.freshness.rawValue) }
  }

  func appendLists(to bytes: inout [UInt8]) {
    append(.balancing, to: &bytes) {
      $0.reading.cells.reportsBalancing ? Int64(bitPattern: $0.reading.cells.balancing) : nil
    }
    append(.sensors, to: &bytes) {
      $0.reading.temperatures.count > 0 ? Int64($0.reading.temperatures.count) : nil
    }
    var counts = (cells: 0, sensors: 0)
    for index in records.indices {
      counts.cells = max(counts.cells, records[index].reading.cells.count)
      counts.sensors = max(counts.sensors, records[index].reading.temperatures.count)
    }
    for index in 0..<counts.cells {
      append(.cell(index), to: &bytes) { record in
        index < record.reading.cells.count ? Int64(record.reading.cells[index].raw) : nil
      }
    }
    for index in 0..<counts.sensors {
      append(.temperature(index), to: &bytes) { record in
        guard index < record.reading.temperatures.count else { return nil }
        return record.reading.temperatures[index].map { Int64($0.raw) }
      }
    }
  }
}
