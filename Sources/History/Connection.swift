// SPDX-License-Identifier: Apache-2.0
import CSQLite
import Machine

/// One connection to one SQLite file, for one thread at a time.
///
/// This file and `Statement.swift` are the only ones that see SQLite's pointers.
@safe
package final class Connection {
  /// What the connection may do.
  enum Mode {
    case write
    case read
    /// Reads a file that nobody writes, in a folder that may be read-only.
    case readUnchanging
  }

  /// The file.
  package let path: String
  private let handle: OpaquePointer
  private var cache: [String: Statement] = [:]

  /// Opens a file; with `.write` it is created where there is none.
  init(_ path: String, _ mode: Mode) throws(HistoryError) {
    self.path = path
    let access =
      switch mode {
      case .write: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      case .read, .readUnchanging: SQLITE_OPEN_READONLY
      }
    let flags = access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI
    let name = Connection.address(path) + (mode == .readUnchanging ? "?immutable=1" : "")
    var opened: OpaquePointer?
    let code = unsafe sqlite3_open_v2(name, &opened, flags, nil)
    guard let handle = unsafe opened else {
      throw .unavailable(path: path, detail: "out of memory")
    }
    guard code == SQLITE_OK else {
      let error = unsafe Connection.error(code, handle, path)
      unsafe sqlite3_close_v2(handle)
      throw error
    }
    unsafe self.handle = handle
    unsafe sqlite3_busy_timeout(handle, 2000)
    unsafe sqlite3_extended_result_codes(handle, 1)
  }

  /// A path as a URI, with all escaped that has a meaning of its own there.
  private static func address(_ path: String) -> String {
    var name = Array("file:".utf8)
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "%"): name += "%25".utf8
      case UInt8(ascii: "?"): name += "%3f".utf8
      case UInt8(ascii: "#"): name += "%23".utf8
      default: name.append(byte)
      }
    }
    return String(decoding: name, as: UTF8.self)
  }

  deinit {
    cache.removeAll()
    unsafe sqlite3_close_v2(handle)
  }

  /// Runs statements that answer nothing and take no values, separated by semicolons.
  package func run(_ sql: String) throws(HistoryError) {
    let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw unsafe Connection.error(code, handle, path) }
  }

  /// Runs one statement to its end.
  package func run(_ sql: String, _ values: SQLValue...) throws(HistoryError) {
    try rows(sql, values) { (_: borrowing Statement) throws(HistoryError) in true }
  }

  /// Hands each row of the answer to `body`, until that answers false.
  func rows(
    _ sql: String, _ values: [SQLValue] = [],
    _ body: (borrowing Statement) throws(HistoryError) -> Bool
  ) throws(HistoryError) {
    // A statement in use is not in the cache, so the same text may be used inside `body`.
    let statement: Statement
    if let cached = cache.removeValue(forKey: sql) {
      statement = cached
    } else {
      statement = try prepare(sql)
    }
    do throws(HistoryError) {
      try statement.bind(values)
      while try statement.step(), try body(statement) {}
    } catch {
      statement.reset()
      throw error
    }
    statement.reset()
    cache[sql] = statement
  }

  /// The first column of the first row; `nil` without rows and for NULL.
  package func number(_ sql: String, _ values: SQLValue...) throws(HistoryError) -> Int64? {
    var number: Int64?
    try rows(sql, values) { (row: borrowing Statement) throws(HistoryError) in
      number = row.optional(0)
      return false
    }
    return number
  }

  /// Runs `body` in one transaction, which is undone when `body` throws.
  func transaction<Result>(
    _ body: () throws(HistoryError) -> Result
  ) throws(HistoryError) -> Result {
    try run("BEGIN IMMEDIATE")
    do throws(HistoryError) {
      let result = try body()
      try run("COMMIT")
      return result
    } catch {
      // Some errors have undone it already; a rollback that fails leaves nothing to be done.
      if isInTransaction { try? run("ROLLBACK") }
      throw error
    }
  }

  /// Whether a transaction is open.
  var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

  /// The row number that the last INSERT gave.
  var lastRow: Int64 { unsafe sqlite3_last_insert_rowid(handle) }

  /// How many rows the last statement changed.
  var changes: Int { Int(unsafe sqlite3_changes(handle)) }

  private func prepare(_ sql: String) throws(HistoryError) -> Statement {
    var prepared: OpaquePointer?
    let persistent = UInt32(SQLITE_PREPARE_PERSISTENT)
    let code = unsafe sqlite3_prepare_v3(handle, sql, -1, persistent, &prepared, nil)
    guard code == SQLITE_OK, let pointer = unsafe prepared else {
      throw unsafe Connection.error(code, handle, path)
    }
    return unsafe Statement(pointer, self)
  }

  /// The error that the last call on this connection ended with.
  func error(_ code: Int32) -> HistoryError { unsafe Connection.error(code, handle, path) }

  private static func error(
    _ code: Int32, _ handle: OpaquePointer, _ path: String
  ) -> HistoryError {
    let detail = unsafe String(cString: sqlite3_errmsg(handle))
    switch code & 0xFF {
    case SQLITE_FULL: return .full(path: path)
    case SQLITE_BUSY, SQLITE_LOCKED: return .busy(path: path)
    case SQLITE_CORRUPT, SQLITE_NOTADB: return .corrupt(path: path, detail: detail)
    case SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH, SQLITE_NOMEM,
      SQLITE_PROTOCOL:
      let system = unsafe sqlite3_system_errno(handle)
      // ENOSPC reaches us as an I/O error where SQLite does not expect it.
      if system == 28 { return .full(path: path) }
      let reason = system == 0 ? "" : ": \(SystemError(system).message)"
      return .unavailable(path: path, detail: detail + reason)
    default: return .failed(path: path, detail: "\(detail) (\(code))")
    }
  }
}
