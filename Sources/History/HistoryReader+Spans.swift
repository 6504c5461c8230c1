// SPDX-License-Identifier: Apache-2.0
import Battery

extension HistoryReader {
  /// The stored summaries of some points, and the open minute, in spans of `span` seconds.
  ///
  /// The rows of all points of a span lie side by side in the file, so they are read in one go.
  func spans(
    _ points: [Point], _ battery: Int, _ from: Int64, _ to: Int64, span: Int64
  ) throws(HistoryError) -> [[Answer.Row]] {
    let stored = Resolution.stored.last { span.isMultiple(of: $0) } ?? 60
    // Spans of several days count from the first day, so that there are no more than asked for.
    let first = from.dividedDown(by: 1000).dividedDown(by: stored) * stored
    let end = to.addingSaturated(999).dividedDown(by: 1000)
    var found = points.map { _ in SpanRows(first: first, span: span) }
    var places = [Int?](repeating: nil, count: Point.allCases.count)
    var mask: UInt64 = 0
    for (place, point) in points.enumerated() {
      places[Int(point.rawValue)] = place
      mask |= 1 << UInt64(point.rawValue)
    }
    let sql = """
      SELECT start, point, count, low, high, sum, last FROM rollup
      WHERE span = ? AND battery = ? AND start >= ? AND start < ? AND ((? >> point) & 1)
      ORDER BY start
      """
    let values: [SQLValue] = [
      .integer(stored), .integer(battery), .integer(first), .integer(end),
      .integer(Int64(bitPattern: mask)),
    ]
    try connection.rows(sql, values) { (row: borrowing Statement) throws(HistoryError) in
      guard let place = places[Int(row.integer(1))] else { return true }
      found[place].add(row.integer(0), Rollup(row, from: 2))
      return true
    }
    for record in try tail(battery: battery) {
      let second = record.moment.wall.dividedDown(by: 1000)
      guard second >= first, record.moment.wall < to else { continue }
      for (place, point) in points.enumerated() {
        if let value = record[point] { found[place].add(second, Rollup(value)) }
      }
    }
    return points.map { found[places[Int($0.rawValue)] ?? 0].rows }
  }
}

/// Rows of equal spans while they are put together, mostly in rising order.
struct SpanRows {
  let first: Int64
  let span: Int64
  private var found: [(start: Int64, rollup: Rollup)] = []
  private var isSorted = true

  /// No row; spans are counted in seconds from `first`.
  init(first: Int64, span: Int64) {
    self.first = first
    self.span = span
  }

  /// Adds what lies at a time in seconds, later than what was added for the same span before.
  mutating func add(_ second: Int64, _ rollup: Rollup) {
    let start = first + (second - first).dividedDown(by: span) * span
    if let last = found.last {
      if last.start == start {
        found[found.count - 1].rollup.merge(rollup)
        return
      }
      if last.start > start { isSorted = false }
    }
    found.append((start, rollup))
  }

  /// The rows in rising order, with a mark where spans are missing before one.
  var rows: [Answer.Row] {
    var parts = found
    if !isSorted {
      // What was added first comes first within a span.
      parts = found.enumerated().sorted { a, b in
        (a.element.start, a.offset) < (b.element.start, b.offset)
      }.map(\.element)
    }
    var rows: [Answer.Row] = []
    rows.reserveCapacity(parts.count)
    var index = 0
    while index < parts.count {
      var (start, rollup) = parts[index]
      index += 1
      while index < parts.count, parts[index].start == start {
        rollup.merge(parts[index].rollup)
        index += 1
      }
      let isGap = rows.last.map { $0.start != (start - span) * 1000 } ?? false
      rows.append(Answer.Row(start: start * 1000, rollup: rollup, followsGap: isGap))
    }
    return rows
  }
}

extension Rollup {
  /// The rollup in five columns of a row: count, low, high, sum, last.
  init(_ row: borrowing Statement, from column: Int32) {
    self.init(
      count: row.integer(column), low: row.integer(column + 1), high: row.integer(column + 2),
      sum: row.integer(column + 3), last: row.integer(column + 4))
  }
}
