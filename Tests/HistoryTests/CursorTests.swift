// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import History

@Suite struct CursorTests {
  @Test func `a cursor moves forward only and outlives the run`() throws {
    let folder = try Folder()
    var store: HistoryStore? = try HistoryStore(path: folder.path(), at: moment(0))
    #expect(try store?.reader.cursor("uplink", battery: 1) == .start)
    let place = Position(boot: 5, sequence: 100)
    #expect(try store?.advance("uplink", battery: 1, to: place) == true)
    #expect(try store?.advance("uplink", battery: 1, to: place) == false)
    #expect(try store?.advance("uplink", battery: 1, to: .init(boot: 4, sequence: 900)) == false)
    #expect(try store?.advance("uplink", battery: 1, to: .init(boot: 5, sequence: 99)) == false)
    store = nil
    let next = try HistoryStore(path: folder.path(), at: moment(1000))
    #expect(try next.reader.cursor("uplink", battery: 1) == place)
    #expect(try next.reader.cursor("uplink", battery: 2) == .start)
    #expect(try next.reader.cursor("archive", battery: 1) == .start)
    #expect(try next.advance("uplink", battery: 1, to: .init(boot: 6, sequence: 0)))
  }

  @Test(arguments: [1, 7, 60, 1000])
  func `following a cursor gives every record once, over runs and the open minute`(
    limit: Int
  ) throws {
    let folder = try Folder()
    var records: [Record] = []
    for boot in Int64(1)...3 {
      let run = house(seconds: 150, seed: UInt64(boot), boot: boot)
      let store = try HistoryStore(path: folder.path(), at: moment(0), boot: boot)
      try store.append(run, at: moment(150_000))
      records += run
    }
    let reader = try HistoryReader(path: folder.path())
    var position = Position.start
    var read: [Record] = []
    while true {
      let batch = try reader.records(battery: 1, after: position, limit: limit)
      guard let last = batch.last else { break }
      #expect(batch.count <= limit + 240)
      position = last.position
      read += batch
    }
    #expect(read == records)
  }
}
