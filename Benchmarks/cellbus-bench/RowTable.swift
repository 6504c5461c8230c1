// SPDX-License-Identifier: Apache-2.0

import CSQLite
import History
import Machine
import Text

/// The plain way: one value a row of an SQLite table, written by the library itself.
@safe
final class RowTable {
  private let handle: OpaquePointer
  private let path: String

  /// Stores records and commits them so many at a time.
  static func append(
    _ records: [Record], batch: Int, to path: String
  ) throws(CommandFailure) -> (nanoseconds: Int64, bytes: Int64) {
    let table = try RowTable(path)
    let insert = try unsafe table.prepare("INSERT INTO sample VALUES (1, ?, ?, ?)")
    defer { unsafe sqlite3_finalize(insert) }
    // Made before the clock starts: this is not what is measured.
    let rows = records.map { (wall: $0.moment.wall, values: Ledger.values(of: $0)) }
    let start = MonotonicClock.nanoseconds()
    for (index, row) in rows.enumerated() {
      if index % batch == 0 { try table.run("BEGIN IMMEDIATE") }
      for (column, value) in row.values {
        unsafe sqlite3_bind_int64(insert, 1, column)
        unsafe sqlite3_bind_int64(insert, 2, row.wall)
        unsafe sqlite3_bind_int64(insert, 3, value)
        guard unsafe sqlite3_step(insert) == SQLITE_DONE else { throw table.failure() }
        unsafe sqlite3_reset(insert)
      }
      if index % batch == batch - 1 || index == rows.count - 1 { try table.run("COMMIT") }
    }
    let spent = MonotonicClock.nanoseconds() - start
    return (spent, try table.number("PRAGMA page_count") * table.number("PRAGMA page_size"))
  }

  private init(_ path: String) throws(CommandFailure) {
    self.path = path
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    guard unsafe sqlite3_open_v2(path, &opened, flags, nil) == SQLITE_OK,
      let handle = unsafe opened
    else { throw CommandFailure("\(path): SQLite cannot open it", .failed) }
    unsafe self.handle = handle
    // As the history sets its own file.
    try run(
      """
      PRAGMA page_size=1024; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
      PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=-2000;
      CREATE TABLE sample(
        battery INTEGER, point INTEGER, wall INTEGER, value INTEGER,
        PRIMARY KEY(battery, point, wall)) WITHOUT ROWID
      """)
  }

  deinit { unsafe sqlite3_close_v2(handle) }

  private func run(_ sql: String) throws(CommandFailure) {
    guard unsafe sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure() }
  }

  private func prepare(_ sql: String) throws(CommandFailure) -> OpaquePointer {
    var prepared: OpaquePointer?
    guard unsafe sqlite3_prepare_v2(handle, sql, -1, &prepared, nil) == SQLITE_OK,
      let statement = unsafe prepared
    else { throw failure() }
    return unsafe statement
  }

  private func number(_ sql: String) throws(CommandFailure) -> Int64 {
    let statement = try unsafe prepare(sql)
    defer { unsafe sqlite3_finalize(statement) }
    guard unsafe sqlite3_step(statement) == SQLITE_ROW else { throw failure() }
    return unsafe sqlite3_column_int64(statement, 0)
  }

  private func failure() -> CommandFailure {
    CommandFailure("\(path): \(unsafe String(cString: sqlite3_errmsg(handle)))", .failed)
  }
}
