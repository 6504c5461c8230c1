// SPDX-License-Identifier: Apache-2.0
import Glibc

/// How much a history holds, and what it costs the disk.
package struct HistoryStatistics: Hashable, Sendable {
  /// Stored records that can still be read one by one.
  package var records: Int64 = 0
  /// Blocks that hold them, without the open minute.
  package var blocks: Int64 = 0
  /// About how many bytes the packed records in these blocks take, from a sample.
  package var packedBytes: Int64 = 0
  /// Bytes of the file and of the log beside it.
  package var fileBytes: Int64 = 0
  /// Wall time of the first record that can be read one by one; `nil` without any.
  package var oldest: Int64?
  /// Wall time of the last record; `nil` without any.
  package var newest: Int64?
  /// Bytes handed to the system today (UTC); `nil` where the kernel does not count.
  package var writtenToday: Int64?
  /// Bytes that the disk had to take for them today, whole pages; `nil` where the kernel does not
  /// count.
  package var storedToday: Int64?

  /// Nothing.
  package init() {}
}

extension HistoryReader {
  /// What there is, and the wear of the day in which `wall` lies.
  package func statistics(at wall: Int64) throws(HistoryError) -> HistoryStatistics {
    try unchanging { () throws(HistoryError) in
      var statistics = HistoryStatistics()
      // Answered by an index alone, which matters where there is a year of blocks.
      try connection.rows("SELECT count(*), sum(count), min(start) FROM block") {
        (row: borrowing Statement) throws(HistoryError) in
        statistics.blocks = row.integer(0)
        statistics.records = row.integer(1)
        statistics.oldest = row.optional(2)
        return true
      }
      statistics.packedBytes = statistics.blocks * (try packedBytesOfOne())
      statistics.newest = try connection.number(
        "SELECT max(end) FROM (SELECT end FROM block ORDER BY id DESC LIMIT 64)")
      try connection.rows("SELECT payload FROM tail") {
        (row: borrowing Statement) throws(HistoryError) in
        guard let records = try? Block(row.blob(0)).records() else { return true }
        statistics.records += Int64(records.count)
        for record in records {
          let wall = record.moment.wall
          statistics.oldest = min(statistics.oldest ?? wall, wall)
          statistics.newest = max(statistics.newest ?? wall, wall)
        }
        return true
      }
      let day = wall.dividedDown(by: 86_400_000)
      try connection.rows("SELECT written, stored FROM wear WHERE day = ?", [.integer(day)]) {
        (row: borrowing Statement) throws(HistoryError) in
        statistics.writtenToday = row.integer(0)
        statistics.storedToday = row.integer(1)
        return true
      }
      statistics.fileBytes = size(connection.path) + size(connection.path + "-wal")
      return statistics
    }
  }

  private func size(_ path: String) -> Int64 {
    var info = stat()
    return unsafe stat(path, &info) == 0 ? Int64(info.st_size) : 0
  }
}
