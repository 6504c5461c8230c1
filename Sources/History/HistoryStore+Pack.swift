// SPDX-License-Identifier: Apache-2.0
import Battery

extension HistoryStore {
  /// Makes a block of each run of records in the order of the log, and their shares of the
  /// summaries.
  func pack(_ runs: [[Record]]) throws(HistoryError) {
    var summaries = Summaries()
    for records in runs {
      guard let first = records.first, let last = records.last else { continue }
      // By index: a record is large, and a closure would be handed a copy of each.
      var (start, end) = (first.moment.wall, first.moment.wall)
      for index in records.indices {
        start = min(start, records[index].moment.wall)
        end = max(end, records[index].moment.wall)
      }
      try connection.run(
        """
        INSERT INTO block(battery, boot, first, last, start, end, count, payload)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """, .integer(first.battery), .integer(first.boot), .integer(first.sequence),
        .integer(last.sequence), .integer(start), .integer(end), .integer(records.count),
        .blob(try encode(records)))
      summaries.take(records, from: start)
    }
    try write(summaries)
  }

  private func write(_ summaries: Summaries) throws(HistoryError) {
    for (place, rollup) in summaries.rollups.sorted(by: { $0.key < $1.key }) {
      try merge(rollup, at: place)
    }
    for (place, newest) in summaries.latest {
      try connection.run(
        """
        INSERT INTO latest VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
        SET value = excluded.value, boot = excluded.boot, sequence = excluded.sequence,
          wall = excluded.wall
        WHERE (excluded.boot, excluded.sequence) >= (boot, sequence)
        """, .integer(place.battery), .integer(Int(place.point)), .integer(newest.value),
        .integer(newest.position.boot), .integer(newest.position.sequence), .integer(newest.wall))
    }
  }

  private func merge(_ rollup: Rollup, at place: Summaries.Place) throws(HistoryError) {
    let key: [SQLValue] = [
      .integer(place.span), .integer(place.battery), .integer(place.start),
      .integer(Int(place.point)),
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

  /// Stores minutes that are complete and, as a whole, not stored yet, such as those of another
  /// history.
  ///
  /// Each run holds the records of one battery and one boot within one minute, in the order of the
  /// log, and comes after all that is stored of both. Far quicker than `append`, which must be ready
  /// for anything. All of them are stored or, when it throws, none; give an hour or a day at a time.
  package func load(_ runs: [[Record]], at now: Moment) throws(HistoryError) {
    try metered { () throws(HistoryError) in
      try connection.transaction { () throws(HistoryError) in
        try pack(runs)
        try thin(at: now, after: runs.count)
      }
    }
  }
}
