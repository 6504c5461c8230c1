// SPDX-License-Identifier: Apache-2.0
package import Battery
import Glibc
import Quantities

/// Answers questions about a history, also while a gateway writes it.
///
/// For one thread at a time. Stored pieces that are damaged are passed over and counted.
package final class HistoryReader {
  /// The connection that it reads by.
  package let connection: Connection
  /// How many stored pieces could not be read so far.
  package var damaged = 0

  /// Opens a history only to read it; it must exist.
  package init(path: String) throws(HistoryError) { connection = try HistoryReader.open(path) }

  /// Reads by the writer's own connection.
  init(_ connection: Connection) { self.connection = connection }

  private static func open(_ path: String) throws(HistoryError) -> Connection {
    do throws(HistoryError) {
      let connection = try Connection(path, .read)
      try Schema.check(connection)
      return connection
    } catch .unavailable(let path, let detail) {
      // In a folder that may not be written, SQLite cannot make the file by which readers and
      // writers agree. Without a log beside it nobody writes the history, and none is needed.
      guard unsafe access(path, R_OK) == 0, unsafe access(path + "-wal", F_OK) != 0 else {
        throw .unavailable(path: path, detail: detail)
      }
      let connection = try Connection(path, .readUnchanging)
      try Schema.check(connection)
      return connection
    }
  }

  /// One moment of the file for all that `body` reads, whatever is written meanwhile.
  func unchanging<Result>(
    _ body: () throws(HistoryError) -> Result
  ) throws(HistoryError) -> Result {
    guard !connection.isInTransaction else { return try body() }
    try connection.run("BEGIN")
    // Nothing was written; and the commit of a damaged file fails even then.
    defer { try? connection.run("ROLLBACK") }
    return try body()
  }

  /// The batteries that the history knows, by number.
  package func batteries() throws(HistoryError) -> [(number: Int, name: String)] {
    var batteries: [(number: Int, name: String)] = []
    try connection.rows("SELECT id, name FROM battery ORDER BY id") {
      (row: borrowing Statement) throws(HistoryError) in
      batteries.append((Int(row.integer(0)), row.text(1)))
      return true
    }
    return batteries
  }

  /// The number of a battery; `nil` for a name that the history does not know.
  package func battery(named name: String) throws(HistoryError) -> Int? {
    try connection.number("SELECT id FROM battery WHERE name = ?", .text(name)).map(Int.init)
  }

  /// The newest value of a point with the wall time of its record; `nil` where it was never stored.
  ///
  /// Answers for counters at start-up, also when the records themselves are long gone.
  package func last(
    _ point: Point, battery: Int
  ) throws(HistoryError) -> (value: Int64, wall: Int64)? {
    for record in try tail(battery: battery).reversed() {
      if let value = record[point] { return (value, record.moment.wall) }
    }
    var last: (Int64, Int64)?
    let sql = "SELECT value, wall FROM latest WHERE battery = ? AND point = ?"
    try connection.rows(sql, [.integer(battery), .integer(Int(point.rawValue))]) {
      (row: borrowing Statement) throws(HistoryError) in
      last = (row.integer(0), row.integer(1))
      return false
    }
    return last
  }

  /// The latest events before a wall time, newest first; of all batteries where none is named.
  package func events(
    battery: Int? = nil, from: Int64 = .min, to: Int64 = .max, limit: Int = 100
  ) throws(HistoryError) -> [Event] {
    let sql = """
      SELECT kind, battery, boot, sequence, monotonic, wall, code, previous, note FROM event
      WHERE wall >= ?1 AND wall < ?2 AND (?3 IS NULL OR battery = ?3 OR battery = 0)
      ORDER BY wall DESC, id DESC LIMIT ?4
      """
    var events: [Event] = []
    let values: [SQLValue] = [
      .integer(from), .integer(to), .optional(battery.map { Int64($0) }), .integer(limit),
    ]
    try connection.rows(sql, values) { (row: borrowing Statement) throws(HistoryError) in
      // A kind that only a later version knows is passed over.
      guard let kind = Event.Kind(rawValue: row.text(0)) else { return true }
      events.append(
        Event(
          kind, battery: Int(row.integer(1)), boot: row.integer(2), sequence: row.integer(3),
          at: Moment(.init(row.integer(4)), wall: row.integer(5)), code: row.integer(6),
          previous: row.optional(7), note: row.text(8)))
      return true
    }
    return events
  }

  /// How far a sink has taken over a battery's records; the very start where it never did.
  package func cursor(_ sink: String, battery: Int) throws(HistoryError) -> Position {
    var position = Position.start
    let sql = "SELECT boot, sequence FROM cursor WHERE sink = ? AND battery = ?"
    try connection.rows(sql, [.text(sink), .integer(battery)]) {
      (row: borrowing Statement) throws(HistoryError) in
      position = Position(boot: row.integer(0), sequence: row.integer(1))
      return false
    }
    return position
  }
}
