// SPDX-License-Identifier: Apache-2.0
package import Battery
import Quantities

/// A stretch of one point's history in a bounded number of rows.
package struct Answer: Sendable {
  /// One stored record, or the summary of a span.
  package struct Row: Sendable {
    /// Wall time of the record or of the start of the span, in milliseconds since 1970.
    package let start: Int64
    /// What it held.
    package let rollup: Rollup
    /// Whether nothing is known of the time since the row before.
    package let followsGap: Bool
  }

  /// How finely the rows tell it.
  package let resolution: Resolution
  /// The rows in rising order of their wall time; spans of which nothing is known have none.
  package let rows: [Row]

  /// By how much a counter rose from the first row on, such as the energy that went in; `nil` without
  /// rows.
  ///
  /// A counter that went back, because it was set anew, counts from there on.
  package var rise: Int64? {
    guard var last = rows.first?.rollup.low else { return nil }
    var total: Int64 = 0
    for row in rows {
      let from = row.rollup.low >= last ? last : row.rollup.low
      total = total.addingSaturated(row.rollup.last.addingSaturated(-from))
      last = row.rollup.last
    }
    return total
  }
}

extension HistoryReader {
  /// The history of one point between two wall times, as fine as `maxRows` rows allow.
  ///
  /// It reaches from `from` up to but not including `to`, in milliseconds since 1970; spans begin
  /// before that where needed. Two records more than `gapAfter` milliseconds apart have a gap
  /// between them.
  package func query(
    _ point: Point, battery: Int, from: Int64, to: Int64, maxRows: Int = 1000,
    gapAfter: Int64 = 10_000
  ) throws(HistoryError) -> Answer {
    try query(
      [point], battery: battery, from: from, to: to, maxRows: maxRows, gapAfter: gapAfter)[0]
  }

  /// The history of several points, all as fine as each other, in the order of the points.
  ///
  /// Reads what they share only once.
  package func query(
    _ points: [Point], battery: Int, from: Int64, to: Int64, maxRows: Int = 1000,
    gapAfter: Int64 = 10_000
  ) throws(HistoryError) -> [Answer] {
    try unchanging { () throws(HistoryError) in
      let (resolution, start) = try resolution(
        battery: battery, from: from, to: to, maxRows: maxRows)
      let rows =
        if let span = resolution.seconds {
          try spans(points, battery, start, to, span: span)
        } else {
          try raw(points.map(Track.point), battery, from, to, gapAfter)
        }
      return rows.map { Answer(resolution: resolution, rows: $0) }
    }
  }

  /// The finest resolution that is still kept for all of this time and fits into so many rows, and
  /// the wall time from which there is anything.
  func resolution(
    battery: Int, from: Int64, to: Int64, maxRows: Int
  ) throws(HistoryError) -> (resolution: Resolution, start: Int64) {
    let limit = Int64(max(1, maxRows))
    let records = try count(battery: battery, from: from, to: to, upTo: limit)
    let oldest = try connection.number(
      "SELECT min(start) FROM block WHERE battery = ?", .integer(battery))
    let open = try tail(battery: battery)
    let rawStart = oldest ?? open.first?.moment.wall ?? .max
    if records + Int64(open.count) <= limit {
      if try !isKept(span: 60, battery, from, before: rawStart) { return (.raw, from) }
    }
    // Nothing lies outside what is kept, however far apart the bounds are.
    let earliest = open.reduce(try edge("min", battery) ?? rawStart) { min($0, $1.moment.wall) }
    let start = max(from, earliest)
    let end = min(to, max(start, try newest(battery) + 1))
    let seconds = (end.addingSaturated(-start)) / 1000 + 1
    if seconds / 60 + 2 <= limit {
      let minuteStart = try edge("min", battery, span: 60) ?? .max
      if try !isKept(span: 3600, battery, from, before: minuteStart) { return (.minute, start) }
    }
    if seconds / 3600 + 2 <= limit {
      let hourStart = try edge("min", battery, span: 3600) ?? .max
      if try !isKept(span: 86_400, battery, from, before: hourStart) { return (.hour, start) }
    }
    return (.days(max(1, (seconds / 86_400 + 2 + limit - 1) / limit)), start)
  }

  /// How many packed records there may be between two wall times; counts no further than past a
  /// limit.
  func count(
    battery: Int, from: Int64, to: Int64, upTo limit: Int64
  ) throws(HistoryError) -> Int64 {
    var count: Int64 = 0
    let sql = "SELECT count FROM block WHERE battery = ? AND start > ? AND start < ?"
    let values: [SQLValue] = [
      .integer(battery), .integer(from.addingSaturated(-60_000)), .integer(to),
    ]
    try connection.rows(sql, values) { (row: borrowing Statement) throws(HistoryError) in
      count += row.integer(0)
      return count <= limit
    }
    return count
  }

  /// Whether a coarser span tells of times in the range that begin well before the finer one does.
  private func isKept(
    span: Int64, _ battery: Int, _ from: Int64, before finer: Int64
  ) throws(HistoryError) -> Bool {
    let sql = """
      SELECT 1 FROM rollup WHERE span = ? AND battery = ? AND start >= ? AND start < ? LIMIT 1
      """
    let low = from.dividedDown(by: 1000)
    let high = finer.dividedDown(by: 1000).dividedDown(by: span) * span
    return try connection.number(
      sql, .integer(span), .integer(battery), .integer(low), .integer(high)) != nil
  }

  /// The first or last start of a span, in milliseconds.
  func edge(
    _ function: String, _ battery: Int, span: Int64 = 86_400
  ) throws(HistoryError) -> Int64? {
    let sql = "SELECT \(function)(start) FROM rollup WHERE span = ? AND battery = ?"
    return try connection.number(sql, .integer(span), .integer(battery)).map { $0 * 1000 }
  }

  /// A wall time after which nothing is stored.
  func newest(_ battery: Int) throws(HistoryError) -> Int64 {
    let packed = try edge("max", battery, span: 60).map { $0 + 60_000 } ?? .min
    let coarse = try edge("max", battery).map { $0 + 86_400_000 } ?? .min
    let open = try tail(battery: battery).map(\.moment.wall).max() ?? .min
    return max(packed == .min ? coarse : packed, open)
  }
}
