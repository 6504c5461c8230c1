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
    try unchanging { () throws(HistoryError) in
      let (resolution, start) = try resolution(
        battery: battery, from: from, to: to, maxRows: maxRows)
      guard let span = resolution.seconds else {
        let rows = try raw(point, battery, from, to, gapAfter)
        return Answer(resolution: .raw, rows: rows)
      }
      let rows = try spans(point, battery, start, to, span: span)
      return Answer(resolution: resolution, rows: rows)
    }
  }

  /// The finest resolution that is still kept for all of this time and fits into so many rows, and
  /// the wall time from which there is anything.
  func resolution(
    battery: Int, from: Int64, to: Int64, maxRows: Int
  ) throws(HistoryError) -> (resolution: Resolution, start: Int64) {
    let limit = Int64(max(1, maxRows))
    let records = try connection.number(
      "SELECT sum(count) FROM block WHERE battery = ? AND start > ? AND start < ?",
      .integer(battery), .integer(from.addingSaturated(-60_000)), .integer(to))
    let oldest = try connection.number(
      "SELECT min(start) FROM block WHERE battery = ?", .integer(battery))
    let open = try tail(battery: battery)
    let rawStart = oldest ?? open.first?.moment.wall ?? .max
    if (records ?? 0) + Int64(open.count) <= limit {
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
  private func edge(
    _ function: String, _ battery: Int, span: Int64 = 86_400
  ) throws(HistoryError) -> Int64? {
    let sql = "SELECT \(function)(start) FROM rollup WHERE span = ? AND battery = ?"
    return try connection.number(sql, .integer(span), .integer(battery)).map { $0 * 1000 }
  }

  /// A wall time after which nothing is stored.
  private func newest(_ battery: Int) throws(HistoryError) -> Int64 {
    let packed = try edge("max", battery, span: 60).map { $0 + 60_000 } ?? .min
    let coarse = try edge("max", battery).map { $0 + 86_400_000 } ?? .min
    let open = try tail(battery: battery).map(\.moment.wall).max() ?? .min
    return max(packed == .min ? coarse : packed, open)
  }

  private func raw(
    _ point: Point, _ battery: Int, _ from: Int64, _ to: Int64, _ gapAfter: Int64
  ) throws(HistoryError) -> [Answer.Row] {
    var samples: [(position: Position, moment: Moment, value: Int64)] = []
    for id in try blocks(battery: battery, from: from, to: to) {
      guard let bytes = try block(id) else { continue }
      do throws(BlockError) {
        let block = try Block(bytes)
        guard block.battery == battery else { continue }
        for (entry, value) in zip(try block.index(), try block.values(of: point)) {
          guard let value else { continue }
          let position = Position(boot: block.boot, sequence: entry.sequence)
          samples.append((position, entry.moment, value))
        }
      } catch {
        damaged += 1
      }
    }
    for record in try tail(battery: battery) {
      if let value = record[point] { samples.append((record.position, record.moment, value)) }
    }
    var rows: [Answer.Row] = []
    var last: (position: Position, moment: Moment, value: Int64)?
    samples.removeAll { $0.moment.wall < from || $0.moment.wall >= to }
    for sample in samples.sorted(by: { $0.moment.wall < $1.moment.wall }) {
      // Within one boot the monotonic clock tells how far apart two records are, set clocks or not.
      let isGap = last.map { last in
        last.position.boot != sample.position.boot
          ? sample.moment.wall - last.moment.wall > gapAfter
          : sample.moment.monotonic - last.moment.monotonic > gapAfter
      }
      rows.append(
        .init(start: sample.moment.wall, rollup: Rollup(sample.value), followsGap: isGap ?? false))
      last = sample
    }
    return rows
  }

  private func spans(
    _ point: Point, _ battery: Int, _ from: Int64, _ to: Int64, span: Int64
  ) throws(HistoryError) -> [Answer.Row] {
    let stored = Resolution.stored.last { span.isMultiple(of: $0) } ?? 60
    // Spans of several days count from the first day, so that there are no more than asked for.
    let first = from.dividedDown(by: 1000).dividedDown(by: stored) * stored
    let end = to.addingSaturated(999).dividedDown(by: 1000)
    var found: [Int64: Rollup] = [:]
    func add(_ second: Int64, _ rollup: Rollup) {
      let start = first + (second - first).dividedDown(by: span) * span
      if found[start]?.merge(rollup) == nil { found[start] = rollup }
    }
    let sql = """
      SELECT start, count, low, high, sum, last FROM rollup
      WHERE span = ? AND battery = ? AND start >= ? AND start < ? AND point = ? ORDER BY start
      """
    let values: [SQLValue] = [
      .integer(stored), .integer(battery), .integer(first), .integer(end),
      .integer(Int(point.rawValue)),
    ]
    try connection.rows(sql, values) { (row: borrowing Statement) throws(HistoryError) in
      add(row.integer(0), Rollup(row, from: 1))
      return true
    }
    for record in try tail(battery: battery) {
      let second = record.moment.wall.dividedDown(by: 1000)
      guard let value = record[point], second >= first, record.moment.wall < to else { continue }
      add(second, Rollup(value))
    }
    var rows: [Answer.Row] = []
    var expected: Int64?
    for start in found.keys.sorted() {
      guard let rollup = found[start] else { continue }
      let isGap = expected.map { $0 != start } ?? false
      rows.append(.init(start: start * 1000, rollup: rollup, followsGap: isGap))
      expected = start + span
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
