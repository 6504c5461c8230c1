// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import History

@Suite struct ReaderTests {
  @Test func `a reader sees whole commits while a gateway writes`() throws {
    let folder = try Folder()
    let store = try HistoryStore(path: folder.path(), at: moment(0))
    let reader = try HistoryReader(path: folder.path())
    let records = house(seconds: 300, seed: 1)
    for start in stride(from: 0, to: 300, by: 10) {
      try store.append(Array(records[start..<start + 10]), at: records[start + 9].moment)
      #expect(try reader.all() == Array(records[..<(start + 10)]))
    }
  }

  @Test func `minutes that are packed meanwhile appear once`() throws {
    let folder = try Folder()
    let store = try HistoryStore(path: folder.path(), at: moment(0))
    let records = house(seconds: 300, seed: 2)
    try store.append(Array(records[..<150]), at: records[149].moment)
    let reader = try HistoryReader(path: folder.path())
    var seen: [Record] = []
    try reader.records(battery: 1) { (record: Record) throws(HistoryError) in
      if seen.count == 10 { try store.append(Array(records[150...]), at: records[299].moment) }
      seen.append(record)
      return true
    }
    #expect(seen == Array(records[..<150]))
    #expect(try reader.all() == records)
  }

  @Test func `a range ends where it was asked to and can be ended early`() throws {
    let folder = try Folder()
    let store = try HistoryStore(path: folder.path(), at: moment(0))
    let records = house(seconds: 300, seed: 3)
    try store.append(records, at: records[299].moment)
    var seen: [Record] = []
    try store.reader.records(battery: 1, from: epoch + 100_000, to: epoch + 200_000) {
      (record: Record) throws(HistoryError) in
      seen.append(record)
      return true
    }
    #expect(
      seen
        == records.filter { $0.moment.wall >= epoch + 100_000 && $0.moment.wall < epoch + 200_000 })
    seen = []
    try store.reader.records(battery: 1) { (record: Record) throws(HistoryError) in
      seen.append(record)
      return seen.count < 5
    }
    #expect(seen.count == 5)
  }

  @Test func `a history that nobody writes can be read without leave to write`() throws {
    let folder = try Folder()
    let records = house(seconds: 100, seed: 4)
    var store: HistoryStore? = try HistoryStore(path: folder.path(), at: moment(0))
    try store?.append(records, at: records[99].moment)
    store = nil
    let connection = try Connection(folder.path(), .readUnchanging)
    #expect(try HistoryReader(connection).all() == records)
    #expect(try HistoryReader(path: folder.path()).all() == records)
  }

  @Test func `a history that is not there is named`() throws {
    let folder = try Folder()
    let path = folder.path("none.db")
    do {
      _ = try HistoryReader(path: path)
      Issue.record("opened")
    } catch {
      #expect("\(error)".hasPrefix(path))
      #expect("\(error)".contains("no such file"))
    }
    #expect(!folder.names.contains("none.db"))
  }

  @Test func `a path with signs of its own is only a path`() throws {
    let folder = try Folder()
    let path = folder.path("a?mode=memory#b%41 é.db")
    let store = try HistoryStore(path: path, at: moment(0))
    try store.append([plain(0)], at: moment(0))
    #expect(folder.names.contains("a?mode=memory#b%41 é.db"))
    #expect(try HistoryReader(path: path).all() == [plain(0)])
  }

  @Test func `statistics count what there is`() throws {
    let folder = try Folder()
    let store = try HistoryStore(path: folder.path(), at: moment(0))
    let records = house(seconds: 200, seed: 5)
    for record in records { try store.append([record], at: record.moment) }
    let statistics = try store.statistics(at: moment(200_000))
    #expect(statistics.records == 200)
    #expect(statistics.blocks == 3)
    #expect(statistics.oldest == records[0].moment.wall)
    // The open minute counts too.
    #expect(statistics.newest == records[199].moment.wall)
    #expect(statistics.packedBytes > 1000 && statistics.fileBytes > statistics.packedBytes)
    if let written = statistics.writtenToday { #expect(written > 200 * 1024) }
    let other = try HistoryReader(path: folder.path()).statistics(at: epoch + 200_000)
    #expect(other.records == 200)
    #expect(try HistoryReader(path: folder.path()).statistics(at: 0).writtenToday == nil)
  }
}
