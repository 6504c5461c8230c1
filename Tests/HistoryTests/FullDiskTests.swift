// SPDX-License-Identifier: Apache-2.0
import Battery
import Foundation
import Testing

@testable import History

@Suite struct FullDiskTests {
  @Test func `a full disk is said, harms nothing and heals`() throws {
    let folder = try Folder()
    let store = try HistoryStore(path: folder.path(), at: moment(0))
    let records = house(seconds: 2000, seed: 1)
    let pages = try store.connection.number("PRAGMA page_count") ?? 0
    try store.connection.run("PRAGMA max_page_count=\(pages + 40)")
    var stored = 0
    var failures = 0
    var next = 0
    while next < records.count {
      let batch = Array(records[next..<next + 20])
      do throws(HistoryError) {
        try store.append(batch, at: batch[19].moment)
        stored += 20
        next += 20
      } catch {
        #expect(error == .full(path: folder.path()))
        #expect(error.isTransient)
        #expect(try store.all() == Array(records[..<stored]), "what was stored is untouched")
        failures += 1
        guard failures == 3 else { continue }
        // Somebody made room.
        try store.connection.run("PRAGMA max_page_count=1073741823")
      }
    }
    #expect(failures == 3)
    #expect(stored == 2000)
    #expect(try store.all() == records)
  }

  @Test func `the quota lets the oldest records go before their summaries`() throws {
    let folder = try Folder()
    var settings = HistoryStore.Settings()
    settings.retention.maximumBytes = 400_000
    let store = try HistoryStore(path: folder.path(), at: moment(0), settings: settings)
    let battery = try store.battery(named: "house")
    let records = house(seconds: 4 * 3600, seed: 2, battery: battery)
    for start in stride(from: 0, to: records.count, by: 60) {
      try store.append(Array(records[start..<start + 60]), at: records[start + 59].moment)
    }
    let bytes = try store.statistics(at: moment(0)).fileBytes
    let kept = try store.all(battery: battery)
    print("quota: \(kept.count) of \(records.count) records kept, file \(bytes) bytes with its log")
    #expect(kept.count < records.count)
    #expect(kept == records.suffix(kept.count))
    let pages = try store.connection.number("PRAGMA page_count") ?? 0
    #expect(pages * 1024 < 480_000)
    let hours = try store.connection.number(
      "SELECT count(*) FROM rollup WHERE span = 3600 AND point = 0")
    #expect(hours == 4)
    #expect(try store.reader.last(.energyCharged, battery: battery)?.value == 2_345_678_901)
  }
}
