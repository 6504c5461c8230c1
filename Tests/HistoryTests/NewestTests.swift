// SPDX-License-Identifier: Apache-2.0
import Battery
import Foundation
import Machine
import Quantities
import Testing

@testable import History

@Suite struct NewestTests {
  /// A record that was counted: with a value of `chargeCharged`.
  private func counted(_ second: Int64, consumed: Int64? = nil) -> Record {
    var record = plain(second)
    record.reading[.chargeCharged] = second
    record.reading[.consumed] = consumed
    return record
  }

  @Test(arguments: [3, 200]) func `the newest record with a value is found, packed or not`(
    after: Int64
  ) throws {
    let folder = try Folder()
    let store = try HistoryStore(path: folder.path(), at: moment(0))
    let records = (1...70).map { counted($0, consumed: 5) } + [counted(71)]
    try store.append(records, at: records[70].moment)
    // Later ones, of a stage in which nothing is measured; with many of them the first minutes are packed.
    let later = (72..<(72 + after)).map { plain($0) }
    try store.append(later, at: moment((72 + after) * 1000))
    let found = try #require(try store.reader.newest(with: .chargeCharged, battery: 1))
    #expect(found == records[70])
    // What it does not say was not known then, whatever an older record said.
    #expect(found[.consumed] == nil)
    #expect(try store.reader.last(.consumed, battery: 1)?.value == 5)
    #expect(try store.reader.newest(with: .soh, battery: 1) == nil)
    #expect(try store.reader.newest(with: .chargeCharged, battery: 2) == nil)
  }

  @Test func `a writer that starts tells the last counted record of each battery`() throws {
    let folder = try Folder()
    func writer() throws -> HistoryWriter {
      let writer = try HistoryWriter(.init(path: folder.path(), batteries: ["boat", "house"]))
      #expect(writer.waitUntilOpen(timeoutMilliseconds: 20_000))
      return writer
    }
    let first = try writer()
    #expect(first.lastCounted(battery: 1) == nil)
    var record = counted(5)
    record.battery = 1
    first.offer(record)
    #expect(first.stop(timeoutMilliseconds: 20_000))
    let second = try writer()
    #expect(second.lastCounted(battery: 0) == nil)
    #expect(second.lastCounted(battery: 1)?.moment == record.moment)
    #expect(second.lastCounted(battery: 2) == nil)
    #expect(second.stop(timeoutMilliseconds: 20_000))
  }
}
