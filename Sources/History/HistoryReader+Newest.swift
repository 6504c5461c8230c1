// SPDX-License-Identifier: Apache-2.0
package import Battery

extension HistoryReader {
  /// The newest record of a battery that has a value of a point; `nil` without any.
  package func newest(with point: Point, battery: Int) throws(HistoryError) -> Record? {
    for record in try tail(battery: battery).reversed() where record[point] != nil {
      return record
    }
    var place: Position?
    var sql = "SELECT boot, sequence FROM latest WHERE battery = ? AND point = ?"
    try connection.rows(sql, [.integer(battery), .integer(Int(point.rawValue))]) {
      (row: borrowing Statement) throws(HistoryError) in
      place = Position(boot: row.integer(0), sequence: row.integer(1))
      return false
    }
    guard let place else { return nil }
    sql = """
      SELECT payload FROM block WHERE battery = ? AND boot = ? AND first <= ?
      ORDER BY first DESC LIMIT 1
      """
    let values: [SQLValue] = [
      .integer(battery), .integer(place.boot), .integer(place.sequence),
    ]
    var found: Record?
    try connection.rows(sql, values) { (row: borrowing Statement) throws(HistoryError) in
      found = unpack(row.blob(0))?.first { $0.position == place }
      return false
    }
    return found
  }
}
