// SPDX-License-Identifier: Apache-2.0

import Battery
import CSQLite
import Machine
import Text

/// The same questions in plain SQL, by the library itself.
@safe
final class RowYear {
  private let handle: OpaquePointer
  private let path: String

  /// Milliseconds for the summary by hours and days over the history's own tables, by round.
  static func summarise(
    _ path: String, days: Int, _ effort: Effort
  ) throws(CommandFailure) -> [Double] {
    let names = Year.points.map { "\($0.rawValue)" }.joined(separator: ",")
    var times: [Double] = []
    for _ in 0..<effort.rounds {
      let start = MonotonicClock.nanoseconds()
      let table = try RowYear(path)
      for span in [3600, 86_400] {
        let rows = try table.count(
          """
          SELECT start, point, min(low), sum(sum) / sum(count), max(high), sum(count) FROM rollup
          WHERE span = \(span) AND battery = 1 AND point IN (\(names)) GROUP BY start, point
          """)
        guard rows == days * 86_400 / span * Year.points.count else {
          throw CommandFailure("\(path): \(rows) rows", .failed)
        }
      }
      times.append(Double(MonotonicClock.nanoseconds() - start) / 1e6)
    }
    return times
  }

  /// Milliseconds for one value by hours over rows of one second, three times.
  static func rows(_ path: String, days: Int) throws(CommandFailure) -> [Double] {
    let table = try RowYear(path)
    try table.run(
      """
      PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;
      CREATE TABLE sample(wall INTEGER PRIMARY KEY, value INTEGER);
      WITH RECURSIVE second(s) AS (
        SELECT 0 UNION ALL SELECT s + 1 FROM second WHERE s < \(days * 86_400 - 1))
      INSERT INTO sample SELECT 1795219200 + s, 52000 + (s * 7919) % 1500 FROM second
      """)
    var times: [Double] = []
    for _ in 0..<3 {
      let start = MonotonicClock.nanoseconds()
      let rows = try table.count(
        "SELECT wall / 3600, min(value), avg(value), max(value), count(*) FROM sample GROUP BY 1")
      guard rows == days * 24 else { throw CommandFailure("\(path): \(rows) rows", .failed) }
      times.append(Double(MonotonicClock.nanoseconds() - start) / 1e6)
    }
    return times
  }

  private init(_ path: String) throws(CommandFailure) {
    self.path = path
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    guard unsafe sqlite3_open_v2(path, &opened, flags, nil) == SQLITE_OK,
      let handle = unsafe opened
    else { throw CommandFailure("\(path): SQLite cannot open it", .failed) }
    unsafe self.handle = handle
  }

  deinit { unsafe sqlite3_close_v2(handle) }

  private func run(_ sql: String) throws(CommandFailure) {
    guard unsafe sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure() }
  }

  /// Steps through the answer, takes every column, and tells how many rows it had.
  private func count(_ sql: String) throws(CommandFailure) -> Int {
    var prepared: OpaquePointer?
    guard unsafe sqlite3_prepare_v2(handle, sql, -1, &prepared, nil) == SQLITE_OK else {
      throw failure()
    }
    defer { unsafe sqlite3_finalize(prepared) }
    var count = 0
    while unsafe sqlite3_step(prepared) == SQLITE_ROW {
      let columns = unsafe sqlite3_column_count(prepared)
      for column in 0..<columns {
        _ = unsafe sqlite3_column_int64(prepared, column)
      }
      count += 1
    }
    return count
  }

  private func failure() -> CommandFailure {
    CommandFailure("\(path): \(unsafe String(cString: sqlite3_errmsg(handle)))", .failed)
  }
}
