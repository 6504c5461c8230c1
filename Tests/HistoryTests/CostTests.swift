// SPDX-License-Identifier: Apache-2.0
import Battery
import Testing

@testable import History

/// What storing costs, printed; the budgets asserted are wide.
@Suite struct CostTests {
  @Test func `one record a second stays within the flash budget`() throws {
    let folder = try Folder()
    let store = try HistoryStore(path: folder.path(), at: moment(0))
    let records = house(seconds: 900, seed: 1)
    let before = try #require(Wear.now(), "the kernel does not count")
    let time = try ContinuousClock().measure {
      for record in records { try store.append([record], at: record.moment) }
    }
    // The log is copied into the file once in about an hour; here once in a quarter.
    try store.connection.run("PRAGMA wal_checkpoint(PASSIVE)")
    let wear = try #require(Wear.now()) - before
    let packed = try store.statistics(at: moment(900_000)).packedBytes
    let written = wear.written * 96 / 1_000_000
    let stored = wear.stored * 96 / 1_000_000
    print(
      """
      cost: 1 battery at 1 Hz writes \(written) MB a day (\(stored) MB in whole pages), \
      \(packed * 96 / 1000) kB of it packed records; \(time / 900) a commit
      """)
    #expect(written < 300)
    #expect(stored < 1000)
  }

  @Test func `many records in one commit go fast`() throws {
    let folder = try Folder()
    let store = try HistoryStore(path: folder.path(), at: moment(0))
    let records = house(seconds: 6000, seed: 2)
    let time = try ContinuousClock().measure {
      try store.append(records, at: records[records.count - 1].moment)
    }
    print("cost: \(records.count) records in one commit in \(time)")
    var count = 0
    let reading = try ContinuousClock().measure { count = try store.all().count }
    print("cost: \(count) records read in \(reading)")
    #expect(count == 6000)
  }
}
