// SPDX-License-Identifier: Apache-2.0
import Battery
import Foundation
import Testing

@testable import History

private let day: Int64 = 86_400

@Suite struct RetentionTests {
  /// A store that forgets as told and does not wait for the disk.
  private func store(
    _ folder: Folder, _ name: String = "history.db", at second: Int64 = 0,
    _ choose: (inout Retention) -> Void
  ) throws -> HistoryStore {
    var settings = HistoryStore.Settings()
    choose(&settings.retention)
    let store = try HistoryStore(
      path: folder.path(name), at: moment(second * 1000), settings: settings, boot: 1)
    try store.connection.run("PRAGMA synchronous=OFF")
    if try store.reader.batteries().isEmpty { _ = try store.battery(named: "house") }
    return store
  }

  /// Lives through days with a record each two hours; `each` is called after each day.
  private func live(
    _ store: HistoryStore, days: Range<Int64>, each: (Int64) throws -> Void = { _ in }
  ) throws {
    for number in days {
      let records = (0..<12).map { plain(number * day + $0 * 7200, voltage: 50_000 + $0) }
      try store.append(records, at: moment(records[11].moment.wall - epoch))
      try each(number)
    }
  }

  /// Days from the first summary of a span to `end`, in seconds after the epoch; `nil` without any.
  private func reach(_ store: HistoryStore, _ span: Int64, end: Int64) throws -> Int64? {
    let first = try store.connection.number(
      "SELECT min(start) FROM rollup WHERE span = ?", .integer(span))
    return first.map { (end + epoch / 1000 - $0) / day }
  }

  private func count(_ store: HistoryStore, _ table: String) throws -> Int64 {
    try store.connection.number("SELECT count(*) FROM \(table)") ?? 0
  }

  @Test func `years pass, and each resolution keeps its age`() throws {
    let folder = try Folder()
    let store = try store(folder) {
      $0.recordDays = 10
      $0.minuteDays = 60
      $0.hourDays = 400
    }
    var pages: [Int64] = []
    try live(store, days: 0..<1100) { number in
      pages.append(try store.connection.number("PRAGMA page_count") ?? 0)
      guard number > 20 else { return }
      let oldest = try store.connection.number("SELECT min(start) FROM block") ?? 0
      #expect((oldest - epoch) / 1000 / day >= number - 10)
    }
    let end = 1100 * day
    #expect(try reach(store, 60, end: end) == 60)
    #expect(try reach(store, 3600, end: end) == 400)
    #expect(try reach(store, 86_400, end: end) == 1100)
    // No time is lost, only resolution: every record is still counted, on its own day.
    let all = try store.reader.query(
      .voltage, battery: 1, from: epoch, to: epoch + end * 1000, maxRows: 2000)
    #expect(all.resolution == .days(1))
    #expect(all.rows.map(\.rollup.count) == [Int64](repeating: 12, count: 1100))
    #expect(all.rows.allSatisfy { !$0.followsGap && $0.rollup.mean == 50_006 })
    // Freed pages are used again: the file of the second year holds the third, but for its days.
    let added = (1100 - 730) * 40 / 1024
    #expect(pages[1099] <= pages[729] + Int64(added) + 8, "\(pages[729]) then \(pages[1099])")
  }

  @Test func `no age is no limit, and room is left alone`() throws {
    let folder = try Folder()
    let store = try store(folder) { _ in }
    try live(store, days: 0..<500)
    #expect(try count(store, "block") == 500 * 12 - 1, "one minute is still open")
    #expect(try reach(store, 60, end: 500 * day) == 500)
  }

  @Test func `nothing fine outlives what sums it up`() throws {
    var retention = Retention()
    retention.minuteDays = 5
    retention.hourDays = 50
    #expect(retention.days(.records) == 5)
    retention.recordDays = 9
    #expect(Retention.Layer.allCases.map(retention.days) == [5, 5, 50])
    let folder = try Folder()
    let store = try store(folder) { $0 = retention }
    try live(store, days: 0..<30)
    let oldest = try store.connection.number("SELECT min(start) FROM block") ?? 0
    #expect((oldest - epoch) / 1000 >= 24 * day)
    #expect(try reach(store, 3600, end: 30 * day) == 30)
  }

  @Test func `the quota takes records, then minutes, then hours, and never days`() throws {
    let folder = try Folder()
    let most: Int64 = 250_000
    let store = try store(folder) { $0.maximumBytes = most }
    var seen: [[Int64]] = []
    try live(store, days: 0..<1500) { number in
      if number > 600 { #expect(try store.bytesInUse < most + 20_000, "day \(number)") }
      guard number % 25 == 0 else { return }
      let end = (number + 1) * day
      let first = try store.connection.number("SELECT min(start) FROM block").map {
        (end - ($0 - epoch) / 1000) / day
      }
      seen.append(
        [first ?? 0] + (try Resolution.stored.map { try reach(store, $0, end: end) ?? 0 }))
    }
    for reaches in seen {
      #expect(reaches == reaches.sorted(), "finer never reaches back further: \(reaches)")
      #expect(reaches[0] >= 29 || reaches[1] <= 367, "\(reaches)")
    }
    let last = try #require(seen.last)
    #expect(last[0] < 60 && last[1] < 400 && last[3] == 1476, "\(last)")
    let all = try store.reader.query(
      .voltage, battery: 1, from: .min, to: .max, maxRows: 5000)
    #expect(all.rows.reduce(0) { $0 + $1.rollup.count } == 1500 * 12)
    let file = (try store.connection.number("PRAGMA page_count") ?? 0) * 1024
    #expect(file < most * 5 / 4, "the file itself keeps its size: \(file)")
  }

  @Test func `a clock that leaps ahead makes nothing old at once`() throws {
    let folder = try Folder()
    let store = try store(folder) { $0.recordDays = 5 }
    try live(store, days: 0..<5)
    let before = try count(store, "block")
    // Ten years ahead, for most of a day.
    let leap: Int64 = 3650
    for hour in Int64(0)..<22 {
      let record = plain(leap * day + hour * 3600)
      try store.append([record], at: record.moment)
    }
    #expect(try count(store, "block") == before + 22)
    // It stays so: by the next day what is ten years old is old.
    for hour in Int64(24)..<27 {
      let record = plain(leap * day + hour * 3600)
      try store.append([record], at: record.moment)
    }
    let oldest = try store.connection.number("SELECT min(start) FROM block") ?? 0
    #expect(oldest >= epoch + leap * day * 1000)
  }

  @Test func `what is far too old goes in bounded steps`() throws {
    let folder = try Folder()
    var first: HistoryStore? = try store(folder) { _ in }
    let minutes = (0..<4000).map { [plain(Int64($0) * 60)] }
    try first?.load(minutes, at: moment(240_000_000))
    first = nil
    let start = 40 * day
    let store = try store(folder, at: start) { $0.recordDays = 3 }
    var left = try count(store, "block")
    #expect(left == 4000)
    var steps = 0
    while left > 2000 + steps, steps < 100 {
      let record = plain(start + Int64(steps) * 7200)
      try store.append([record], at: record.moment)
      let now = try count(store, "block")
      #expect(left - now <= 8 * 64, "one commit removed \(left - now)")
      left = now
      steps += 1
    }
    #expect(steps > 12, "nothing goes until the clock has stood for a day")
    #expect(left <= 2000 + Int64(steps))
  }

  /// What a kill at any moment leaves is what the kernel was given until then.
  @Test(arguments: UInt64(1)...4)
  func `a kill while old records go leaves a whole history`(seed: UInt64) throws {
    var random = Seeded(seed)
    let folder = try Folder()
    let store = try store(folder) {
      $0.recordDays = 3
      $0.minuteDays = 6
    }
    // Pages go to the log long before the commit.
    try store.connection.run("PRAGMA cache_size=10; PRAGMA cache_spill=10")
    try live(store, days: 0..<12)
    for number in Int64(12)..<30 {
      let records = (0..<12).map { plain(number * day + $0 * 7200, voltage: 50_000 + $0) }
      let before = try store.all()
      var tails = store.tails
      try store.connection.run("BEGIN IMMEDIATE")
      _ = try store.extend(&tails, by: records)
      try store.packComplete(&tails, at: records[11].moment)
      let killed = try Folder()
      for ending in ["", "-wal"] {
        try FileManager.default.copyItem(
          atPath: folder.path("history.db" + ending), toPath: killed.path("history.db" + ending))
      }
      try store.connection.run("ROLLBACK")
      if Int.random(in: 0..<3, using: &random) == 0 {
        let survivor = try HistoryStore(path: killed.path(), at: records[11].moment, boot: 1)
        #expect(survivor.setAside == nil)
        #expect(try survivor.all() == before, "seed \(seed), day \(number)")
      }
      try store.append(records, at: records[11].moment)
      #expect(try store.all().last == records[11])
    }
    let days = try store.reader.query(.voltage, battery: 1, from: .min, to: .max, maxRows: 40)
    #expect(days.rows.map(\.rollup.count) == [Int64](repeating: 12, count: 30))
  }

  @Test func `events that flood do not push out the values`() throws {
    let folder = try Folder()
    let store = try store(folder) { $0.maximumBytes = 400_000 }
    for number in Int64(0)..<40 {
      let records = (0..<12).map { plain(number * day + $0 * 7200) }
      let events = (0..<300).map {
        Event(
          .alarmRaised, battery: 1, boot: 1, sequence: number * 300 + $0, at: records[11].moment)
      }
      try store.append(records, events: events, at: records[11].moment)
    }
    #expect(try count(store, "block") == 479)
    let events = try count(store, "event")
    #expect(events < 4000 && events > 300, "\(events)")
    #expect(try store.reader.events(limit: 1).first?.sequence == 11_999, "the newest stay")
  }
}
