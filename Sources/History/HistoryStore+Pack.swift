// SPDX-License-Identifier: Apache-2.0
import Battery

extension HistoryStore {
  /// Makes a block, and its share of the rollups, of records in the order of the log.
  func pack(_ records: [Record]) throws(HistoryError) {
    guard let first = records.first, let last = records.last else { return }
    let start = records.reduce(first.moment.wall) { min($0, $1.moment.wall) }
    let end = records.reduce(first.moment.wall) { max($0, $1.moment.wall) }
    try connection.run(
      """
      INSERT INTO block(battery, boot, first, last, start, end, count, payload)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """, .integer(first.battery), .integer(first.boot), .integer(first.sequence),
      .integer(last.sequence), .integer(start), .integer(end), .integer(records.count),
      .blob(try encode(records)))
    let second = start.dividedDown(by: 1000)
    for point in Point.allCases {
      guard let rollup = rollup(point, records) else { continue }
      for span in Resolution.stored {
        try merge(rollup, point, first.battery, span: span, at: second)
      }
      try noteLatest(point, records)
    }
  }

  private func rollup(_ point: Point, _ records: [Record]) -> Rollup? {
    var rollup: Rollup?
    for index in records.indices {
      guard let value = records[index].reading[point] else { continue }
      if rollup?.merge(Rollup(value)) == nil { rollup = Rollup(value) }
    }
    return rollup
  }

  private func merge(
    _ rollup: Rollup, _ point: Point, _ battery: Int, span: Int64, at second: Int64
  ) throws(HistoryError) {
    let key: [SQLValue] = [
      .integer(span), .integer(battery), .integer(second.dividedDown(by: span) * span),
      .integer(Int(point.rawValue)),
    ]
    var merged = rollup
    let sql = """
      SELECT count, low, high, sum, last FROM rollup
      WHERE span = ? AND battery = ? AND start = ? AND point = ?
      """
    try connection.rows(sql, key) { (row: borrowing Statement) throws(HistoryError) in
      merged = Rollup(row, from: 0)
      merged.merge(rollup)
      return false
    }
    try connection.run(
      "INSERT OR REPLACE INTO rollup VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", key[0], key[1], key[2],
      key[3], .integer(merged.count), .integer(merged.low), .integer(merged.high),
      .integer(merged.sum), .integer(merged.last))
  }

  private func noteLatest(_ point: Point, _ records: [Record]) throws(HistoryError) {
    guard let record = records.last(where: { $0.reading[point] != nil }),
      let value = record[point]
    else { return }
    try connection.run(
      """
      INSERT INTO latest VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
      SET value = excluded.value, boot = excluded.boot, sequence = excluded.sequence,
        wall = excluded.wall
      WHERE (excluded.boot, excluded.sequence) >= (boot, sequence)
      """, .integer(record.battery), .integer(Int(point.rawValue)), .integer(value),
      .integer(record.boot), .integer(record.sequence), .integer(record.moment.wall))
  }

  /// Makes room when more is in use than allowed.
  ///
  /// What is finest and oldest goes first; the last month of records, the last year of minutes and
  /// the last ten years of hours only when nothing else is left. Days are kept for ever.
  func keepWithinQuota(at now: Moment) throws(HistoryError) {
    let day: Int64 = 86_400
    let second = now.wall.dividedDown(by: 1000)
    let ways: [(span: Int64?, before: Int64)] = [
      (nil, second - 30 * day), (60, second - 365 * day), (3600, second - 3650 * day),
      (nil, .max), (60, .max), (3600, .max),
    ]
    for way in ways {
      // A bounded share of the work each minute.
      for _ in 0..<4 {
        guard try bytesInUse > settings.maximumBytes else { return }
        guard try drop(way.span, before: way.before) else { break }
      }
    }
  }

  private var bytesInUse: Int64 {
    get throws(HistoryError) {
      let pages = try connection.number("PRAGMA page_count") ?? 0
      let free = try connection.number("PRAGMA freelist_count") ?? 0
      return (pages - free) * (try connection.number("PRAGMA page_size") ?? 0)
    }
  }

  /// Removes some of the oldest blocks, or a day of the oldest summaries; false where there are
  /// none.
  private func drop(_ span: Int64?, before second: Int64) throws(HistoryError) -> Bool {
    guard let span else {
      let wall = second == .max ? second : second * 1000
      try connection.run(
        "DELETE FROM block WHERE id IN (SELECT id FROM block ORDER BY id LIMIT 64) AND start < ?",
        .integer(wall))
      return connection.changes > 0
    }
    var isAny = false
    for battery in try reader.batteries() {
      try connection.run(
        """
        DELETE FROM rollup WHERE span = ?1 AND battery = ?2 AND start < ?3 AND start <
          (SELECT min(start) FROM rollup WHERE span = ?1 AND battery = ?2) + 86400
        """, .integer(span), .integer(battery.number), .integer(second))
      isAny = isAny || connection.changes > 0
    }
    return isAny
  }
}
