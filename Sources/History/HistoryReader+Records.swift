// SPDX-License-Identifier: Apache-2.0

extension HistoryReader {
  /// Hands each stored record of a battery to `body`, in the order of the log, until that answers
  /// false.
  ///
  /// Only those from the wall time `from` up to but not including `to`, in milliseconds since 1970.
  package func records(
    battery: Int, from: Int64 = .min, to: Int64 = .max,
    _ body: (Record) throws(HistoryError) -> Bool
  ) throws(HistoryError) {
    try unchanging { () throws(HistoryError) in
      for id in try blocks(battery: battery, from: from, to: to) {
        guard let records = try block(id).flatMap(unpack) else { continue }
        for record in records
        where record.moment.wall >= from && record.moment.wall < to && record.battery == battery {
          guard try body(record) else { return }
        }
      }
      for record in try tail(battery: battery)
      where record.moment.wall >= from && record.moment.wall < to {
        guard try body(record) else { return }
      }
    }
  }

  /// The records after a place in a battery's log, oldest first, at least one where there is any.
  ///
  /// There are about `limit` of them: the rest of a block is never left behind.
  package func records(
    battery: Int, after position: Position, limit: Int
  ) throws(HistoryError) -> [Record] {
    try unchanging { () throws(HistoryError) in
      var found: [Record] = []
      var boot = position.boot
      var first = try connection.number(
        "SELECT max(first) FROM block WHERE battery = ? AND boot = ? AND first <= ?",
        .integer(battery), .integer(boot), .integer(position.sequence))
      while found.count < limit {
        let sql = """
          SELECT payload FROM block WHERE battery = ? AND boot = ? AND first >= ? ORDER BY first
          """
        let values: [SQLValue] = [.integer(battery), .integer(boot), .integer(first ?? .min)]
        try connection.rows(sql, values) { (row: borrowing Statement) throws(HistoryError) in
          found.append(contentsOf: unpack(row.blob(0))?.filter { $0.position > position } ?? [])
          return found.count < limit
        }
        let next = try connection.number(
          "SELECT min(boot) FROM block WHERE battery = ? AND boot > ?",
          .integer(battery), .integer(boot))
        guard let next else { break }
        boot = next
        first = nil
      }
      if found.count < limit {
        found.append(contentsOf: try tail(battery: battery).filter { $0.position > position })
      }
      return found
    }
  }

  /// The committed records of the open minute, in the order of the log.
  func tail(battery: Int) throws(HistoryError) -> [Record] {
    var records: [Record] = []
    do throws(HistoryError) {
      try connection.rows("SELECT payload FROM tail WHERE battery = ?", [.integer(battery)]) {
        (row: borrowing Statement) throws(HistoryError) in
        records.append(contentsOf: unpack(row.blob(0)) ?? [])
        return true
      }
    } catch .corrupt {
      damaged += 1
    }
    return records.sorted { $0.position < $1.position }
  }

  /// The row numbers of the blocks that may hold records of these wall times, in the order of the
  /// log.
  func blocks(battery: Int, from: Int64, to: Int64) throws(HistoryError) -> [Int64] {
    // A block holds one minute at most.
    let sql = """
      SELECT id FROM block WHERE battery = ? AND start > ? AND start < ? ORDER BY boot, first
      """
    let earliest = from.addingSaturated(-60_000)
    var ids: [Int64] = []
    do throws(HistoryError) {
      try connection.rows(sql, [.integer(battery), .integer(earliest), .integer(to)]) {
        (row: borrowing Statement) throws(HistoryError) in
        ids.append(row.integer(0))
        return true
      }
    } catch .corrupt {
      // In a damaged file that was set aside, each block is tried.
      damaged += 1
      let last = try connection.number("SELECT max(id) FROM block") ?? 0
      ids = last > 0 ? Array(1...last) : []
    }
    return ids
  }

  /// The bytes of a block; `nil`, and one more damaged piece, where the file is damaged there.
  func block(_ id: Int64) throws(HistoryError) -> [UInt8]? {
    var bytes: [UInt8]?
    do throws(HistoryError) {
      try connection.rows("SELECT payload FROM block WHERE id = ?", [.integer(id)]) {
        (row: borrowing Statement) throws(HistoryError) in
        bytes = row.blob(0)
        return false
      }
    } catch .corrupt {
      damaged += 1
    }
    return bytes
  }

  /// The records of a block; `nil`, and one more damaged piece, where it cannot be read.
  func unpack(_ bytes: [UInt8]) -> [Record]? {
    do throws(BlockError) {
      return try Block(bytes).records()
    } catch {
      damaged += 1
      return nil
    }
  }
}
