// SPDX-License-Identifier: Apache-2.0
import CSQLite

/// A value that a statement takes.
package enum SQLValue {
  case integer(Int64)
  case text(String)
  case blob([UInt8])
  case null

  /// A number of things, or a battery.
  static func integer(_ number: Int) -> SQLValue { .integer(Int64(number)) }

  /// A number, or NULL.
  static func optional(_ number: Int64?) -> SQLValue { number.map(SQLValue.integer) ?? .null }
}

/// A prepared statement and, after a step, the row that it stands on.
@safe
final class Statement {
  private let pointer: OpaquePointer
  // Not the owner: the connection lets go of its statements before it closes.
  private unowned let connection: Connection

  /// Takes over a prepared statement.
  init(_ pointer: OpaquePointer, _ connection: Connection) {
    unsafe self.pointer = pointer
    self.connection = connection
  }

  deinit { unsafe sqlite3_finalize(pointer) }

  /// Sets all parameters, from the first.
  func bind(_ values: [SQLValue]) throws(HistoryError) {
    for (index, value) in values.enumerated() {
      let place = Int32(index + 1)
      let code =
        switch value {
        case .integer(let number): unsafe sqlite3_bind_int64(pointer, place, number)
        case .text(let text):
          unsafe csqlite_bind_text(pointer, place, text, Int32(clamping: text.utf8.count))
        case .blob(let bytes):
          unsafe csqlite_bind_blob(pointer, place, bytes, Int32(clamping: bytes.count))
        case .null: unsafe sqlite3_bind_null(pointer, place)
        }
      guard code == SQLITE_OK else { throw connection.error(code) }
    }
  }

  /// Goes on to the next row; false after the last.
  func step() throws(HistoryError) -> Bool {
    switch unsafe sqlite3_step(pointer) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw connection.error(code)
    }
  }

  /// Makes it ready for the next use.
  func reset() {
    unsafe sqlite3_reset(pointer)
    unsafe sqlite3_clear_bindings(pointer)
  }

  /// The number in a column of this row; 0 for NULL.
  func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(pointer, column) }

  /// The number in a column of this row; `nil` for NULL.
  func optional(_ column: Int32) -> Int64? {
    unsafe sqlite3_column_type(pointer, column) == SQLITE_NULL ? nil : integer(column)
  }

  /// The text in a column of this row; empty for NULL.
  func text(_ column: Int32) -> String {
    guard let text = unsafe sqlite3_column_text(pointer, column) else { return "" }
    return unsafe String(cString: text)
  }

  /// The bytes in a column of this row; none for NULL.
  func blob(_ column: Int32) -> [UInt8] {
    guard let start = unsafe sqlite3_column_blob(pointer, column) else { return [] }
    let count = Int(unsafe sqlite3_column_bytes(pointer, column))
    return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
  }
}
