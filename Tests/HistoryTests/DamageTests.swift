// SPDX-License-Identifier: Apache-2.0
import Battery
import Foundation
import Testing

@testable import History

@Suite struct DamageTests {
  private func filled(_ folder: Folder) throws -> [Record] {
    let store = try HistoryStore(path: folder.path(), at: moment(0))
    let battery = try store.battery(named: "house")
    let records = house(seconds: 600, seed: 1, battery: battery)
    try store.append(records, at: moment(700_000))
    try store.advance("uplink", battery: battery, to: .init(boot: 1, sequence: 9))
    return records
  }

  private func damage(_ folder: Folder, _ change: (inout Data) -> Void) throws {
    let url = URL(filePath: folder.path())
    var bytes = try Data(contentsOf: url)
    change(&bytes)
    try bytes.write(to: url)
  }

  @Test func `a file that is no database is set aside`() throws {
    let folder = try Folder()
    try Data("not a database, but somebody's text file, long enough to be read".utf8)
      .write(to: URL(filePath: folder.path()))
    let store = try HistoryStore(path: folder.path(), at: moment(0))
    #expect(store.setAside?.path == folder.path("history.db.corrupt-20261121T000000Z"))
    #expect(folder.names.contains("history.db.corrupt-20261121T000000Z"))
    #expect(try store.reader.events().contains { $0.kind == .setAside })
    #expect(try store.append([plain(1)], at: moment(1000)) == 1)
  }

  @Test func `a damaged file makes room, and the counters go on`() throws {
    let folder = try Folder()
    let records = try filled(folder)
    // The pages in the middle are lost, as on a worn card.
    try damage(folder) { bytes in
      let middle = bytes.count / 2
      for index in middle..<middle + 8192 { bytes[index] = 0xA5 }
    }
    let store = try HistoryStore(path: folder.path(), at: moment(800_000))
    let aside = try #require(store.setAside)
    print("damage: \(aside.reason)")
    #expect(try store.reader.battery(named: "house") == 1)
    let last = try store.reader.last(.energyDischarged, battery: 1)
    #expect(last?.value == records.last?[.energyDischarged])
    #expect(try store.reader.cursor("uplink", battery: 1) == .init(boot: 1, sequence: 9))
    #expect(try store.all().isEmpty)
    // What is readable stays readable.
    let reader = try HistoryReader(path: aside.path)
    let readable = try reader.all()
    print("damage: \(readable.count) of 600 records readable, \(reader.damaged) pieces lost")
    #expect(readable.count < 600 && readable.count > 0 && reader.damaged > 0)
    #expect(readable.allSatisfy { records.contains($0) })
  }

  @Test func `damage that shows later is met the same way`() throws {
    let folder = try Folder()
    _ = try filled(folder)
    let store = try HistoryStore(path: folder.path(), at: moment(800_000), isDamaged: true)
    #expect(store.setAside != nil)
    #expect(try store.reader.battery(named: "house") == 1)
  }

  @Test func `two damaged files in one second keep their own names`() throws {
    let folder = try Folder()
    for _ in 0..<3 {
      try Data(repeating: 7, count: 3000).write(to: URL(filePath: folder.path()))
      _ = try HistoryStore(path: folder.path(), at: moment(0))
    }
    #expect(folder.names.filter { $0.contains(".corrupt-") }.count == 3)
  }

  @Test func `a file cut short is noticed`() throws {
    let folder = try Folder()
    _ = try filled(folder)
    try damage(folder) { $0 = $0.prefix($0.count / 2) }
    let store = try HistoryStore(path: folder.path(), at: moment(800_000))
    #expect(store.setAside != nil)
  }

  @Test func `a damaged block costs no other`() throws {
    let folder = try Folder()
    let records = try filled(folder)
    let store = try HistoryStore(path: folder.path(), at: moment(800_000))
    try store.connection.run("UPDATE block SET payload = x'4342010203' WHERE id = 2")
    let rest = try store.all()
    #expect(rest.count < records.count)
    #expect(rest == records.filter { $0.moment.minute != records[60].moment.minute })
    #expect(store.reader.damaged == 1)
    let answer = try store.reader.query(
      .voltage, battery: 1, from: epoch, to: epoch + 600_000, maxRows: 700)
    #expect(answer.resolution == .raw && answer.rows.count == rest.count)
    #expect(answer.rows.filter(\.followsGap).count == 1)
  }

  @Test func `a damaged open minute is told and does not stop the next run`() throws {
    let folder = try Folder()
    var store: HistoryStore? = try HistoryStore(path: folder.path(), at: moment(0))
    try store?.append(house(seconds: 30, seed: 1), at: moment(30_000))
    try store?.connection.run("UPDATE tail SET payload = zeroblob(40) WHERE id = 1")
    store = nil
    let next = try HistoryStore(path: folder.path(), at: moment(40_000))
    let told = try next.reader.events().first { $0.kind == .damaged }
    #expect(told?.code == 1)
    #expect(try next.all().count < 30)
    #expect(next.setAside == nil)
  }

  @Test func `another program's database and a newer history are left alone`() throws {
    let folder = try Folder()
    let other = try Connection(folder.path("other.db"), .write)
    try other.run("CREATE TABLE notes(text)")
    #expect(throws: HistoryError.foreign(path: folder.path("other.db"))) {
      try HistoryStore(path: folder.path("other.db"), at: moment(0))
    }
    #expect(throws: HistoryError.foreign(path: folder.path("other.db"))) {
      try HistoryReader(path: folder.path("other.db"))
    }
    let newer = try Connection(folder.path("newer.db"), .write)
    try Schema.prepare(newer)
    try newer.run("PRAGMA user_version=99")
    #expect(throws: HistoryError.newer(path: folder.path("newer.db"), found: 99, known: 1)) {
      try HistoryStore(path: folder.path("newer.db"), at: moment(0))
    }
    #expect(!folder.names.contains { $0.contains("corrupt") })
  }

  @Test func `a folder that is not there is named`() throws {
    let folder = try Folder()
    let path = folder.path("missing/history.db")
    do {
      _ = try HistoryStore(path: path, at: moment(0))
      Issue.record("opened")
    } catch {
      #expect("\(error)" == "\(path): no such file or directory")
      #expect(error.isTransient)
    }
  }
}
