// SPDX-License-Identifier: Apache-2.0
import Glibc
import Machine

extension HistoryStore {
  /// Opens the file, or begins one; a damaged one is set aside first.
  static func open(
    _ path: String, at now: Moment, isDamaged: Bool
  ) throws(HistoryError) -> (connection: Connection, setAside: SetAside?) {
    var reason = "damaged while in use"
    if !isDamaged || access(path) == nil {
      do throws(HistoryError) {
        let connection = try Connection(path, .write)
        try Schema.prepare(connection)
        try verify(connection)
        return (connection, nil)
      } catch .corrupt(_, let detail) {
        reason = detail
      }
    }
    let aside = try moveAway(path, at: now)
    let connection = try Connection(path, .write)
    try Schema.prepare(connection)
    salvage(from: aside, into: connection)
    return (connection, SetAside(path: aside, reason: reason))
  }

  /// Looks for damage.
  ///
  /// In all of a small file; in a large one only in the tables without which nothing can be stored.
  /// The rest is guarded by the checksum of each block.
  private static func verify(_ connection: Connection) throws(HistoryError) {
    let pages = try connection.number("PRAGMA page_count") ?? 0
    let size = pages * (try connection.number("PRAGMA page_size") ?? 0)
    var checks = ["PRAGMA quick_check(1)"]
    if size > 64 << 20 {
      let tables = ["tail", "boot", "battery", "latest", "cursor", "wear"]
      checks = tables.map { "PRAGMA quick_check('\($0)')" }
    }
    for check in checks {
      try connection.rows(check) { (row: borrowing Statement) throws(HistoryError) in
        let answer = row.text(0)
        guard answer == "ok" else {
          let detail = answer.split(separator: "\n").last.map { String($0) } ?? answer
          throw .corrupt(path: connection.path, detail: detail)
        }
        return false
      }
    }
  }

  /// Renames the file and its log to a name that tells when that was (UTC).
  private static func moveAway(_ path: String, at now: Moment) throws(HistoryError) -> String {
    let base = path + ".corrupt-" + stamp(now.wall)
    var aside = base
    var count = 1
    while access(aside) != nil {
      count += 1
      aside = "\(base)-\(count)"
    }
    // The log first: a log without its file is lost, a file without its log is only older.
    for (ending, isNeeded) in [("-wal", false), ("", true)] {
      if unsafe rename(path + ending, aside + ending) != 0 && isNeeded {
        throw .unavailable(path: path, detail: SystemError.last.message)
      }
    }
    _ = unsafe unlink(path + "-shm")
    return aside
  }

  /// Takes over what little must not be lost, where it can still be read: names, newest values (and
  /// so the counters), runs and cursors.
  private static func salvage(from path: String, into connection: Connection) {
    guard let old = try? Connection(path, .read) else { return }
    let tables = ["battery": 2, "latest": 6, "boot": 3, "cursor": 4]
    for (table, columns) in tables {
      let marks = (0..<columns).map { _ in "?" }.joined(separator: ", ")
      let insert = "INSERT OR IGNORE INTO \(table) VALUES (\(marks))"
      let isText = table == "battery" ? 1 : table == "cursor" ? 0 : -1
      try? old.rows("SELECT * FROM \(table)") { (row: borrowing Statement) throws(HistoryError) in
        let values = (0..<columns).map { column -> SQLValue in
          let column = Int32(column)
          return column == isText ? .text(row.text(column)) : .integer(row.integer(column))
        }
        try connection.rows(insert, values) { (_: borrowing Statement) throws(HistoryError) in
          true
        }
        return true
      }
    }
  }

  private static func access(_ path: String) -> Int32? {
    unsafe Glibc.access(path, F_OK) == 0 ? 0 : nil
  }

  /// A wall time as `20261121T134500Z`.
  private static func stamp(_ wall: Int64) -> String {
    var seconds = time_t(wall / 1000)
    var parts = unsafe tm()
    _ = unsafe gmtime_r(&seconds, &parts)
    func padded(_ number: Int32, _ width: Int = 2) -> String {
      let digits = "\(number)"
      return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
    let date =
      unsafe padded(parts.tm_year + 1900, 4) + padded(parts.tm_mon + 1) + padded(parts.tm_mday)
    let time = unsafe padded(parts.tm_hour) + padded(parts.tm_min) + padded(parts.tm_sec)
    return "\(date)T\(time)Z"
  }
}
