// SPDX-License-Identifier: Apache-2.0
import Battery
import Quantities
import Testing

@testable import History

@Suite struct InventoryTests {
  private func rows(_ values: [(low: Int64, last: Int64)]) -> Answer {
    Answer(
      resolution: .hour,
      rows: values.map { value in
        .init(
          start: 0,
          rollup: Rollup(
            count: 1, low: value.low, high: max(value.low, value.last), sum: 0, last: value.last),
          followsGap: false)
      })
  }

  @Test func `a counter's rise is what it counted, also when it was set anew`() {
    #expect(rows([]).rise == nil)
    #expect(rows([(100, 130), (131, 150)]).rise == 50)
    #expect(rows([(100, 130), (135, 135)]).rise == 35)
    #expect(rows([(100, 130), (0, 20), (20, 25)]).rise == 55)
  }

  @Test func `there is of each battery what was stored`() throws {
    let folder = try Folder()
    let store = try HistoryStore(path: folder.path(), at: moment(0))
    let house = try store.battery(named: "house")
    let empty = try store.battery(named: "empty")
    let records = (0..<200).map { plain(Int64($0) * 60, battery: house) }
    try store.load(records.dropLast().map { [$0] }, at: moment(12_000_000))
    try store.append([records[199]], at: moment(11_945_000))
    let inventory = try store.reader.inventory()
    #expect(inventory.map(\.name) == ["house", "empty"] && inventory[1].battery == empty)
    #expect(inventory[1].shelves.isEmpty)
    let shelves = inventory[0].shelves
    #expect(shelves.map(\.resolution) == [.raw, .minute, .hour, .days(1)])
    #expect(shelves[0].records == 200)
    #expect(shelves[0].from == epoch && shelves[0].to == epoch + 199 * 60_000)
    #expect(shelves[2].from == epoch && shelves[2].to == epoch + 4 * 3_600_000)
    #expect(try store.reader.newest(battery: house) == epoch + 199 * 60_000)
    #expect(try store.reader.newest(battery: empty) == nil)
    // Where the records are gone, summaries tell.
    try store.connection.run("DELETE FROM block; DELETE FROM tail")
    #expect(try store.reader.newest(battery: house) == epoch + 199 * 60_000 - 1)
  }

  @Test func `whole minutes that are loaded are as if they had been lived`() throws {
    let folder = try Folder()
    let lived = try HistoryStore(path: folder.path("a.db"), at: moment(0), boot: 1)
    let loaded = try HistoryStore(path: folder.path("b.db"), at: moment(0), boot: 1)
    let records = house(seconds: 7200, seed: 3, interval: 1000)
    for start in stride(from: 0, to: 7200, by: 300) {
      try lived.append(
        Array(records[start..<start + 300]), at: records[start + 299].moment)
    }
    try lived.append([], at: moment(7_400_000))
    let minutes = Tail.runs(of: records)
    try loaded.load(Array(minutes[..<50]), at: moment(3_000_000))
    try loaded.load(Array(minutes[50...]), at: moment(7_400_000))
    #expect(try loaded.all() == lived.all())
    for span in Resolution.stored {
      let sql =
        "SELECT count(*), sum(sum), sum(count), sum(low), sum(last) FROM rollup WHERE span = ?"
      #expect(try numbers(lived, sql, span) == numbers(loaded, sql, span))
    }
    #expect(
      try lived.reader.last(.energyDischarged, battery: 1)?.value
        == loaded.reader.last(.energyDischarged, battery: 1)?.value)
  }

  private func numbers(_ store: HistoryStore, _ sql: String, _ span: Int64) throws -> [Int64] {
    var numbers: [Int64] = []
    try store.connection.rows(sql, [.integer(span)]) {
      (row: borrowing Statement) throws(HistoryError) in
      numbers = (0..<5).map { row.integer($0) }
      return false
    }
    return numbers
  }

  @Test func `cells are told from the records, finely or by minutes`() throws {
    let folder = try Folder()
    let store = try HistoryStore(path: folder.path(), at: moment(0))
    let records = house(seconds: 1000, seed: 5)
    for start in stride(from: 0, to: 1000, by: 100) {
      try store.append(Array(records[start..<start + 100]), at: records[start + 99].moment)
    }
    let raw = try store.reader.cells(
      battery: 1, from: epoch, to: epoch + 2_000_000, maxRows: 1000)
    #expect(raw.count == 16 && raw[0].resolution == .raw)
    for (cell, answer) in raw.enumerated() {
      #expect(answer.rows.map(\.rollup.last) == records.map { Int64($0.reading.cells[cell].raw) })
    }
    let coarse = try store.reader.cells(
      battery: 1, from: epoch, to: epoch + 2_000_000, maxRows: 100)
    #expect(coarse[3].resolution == .minute && coarse[3].rows.count == 17)
    let first = records.filter { $0.moment.wall < epoch + 60_000 }
    let values = first.map { Int64($0.reading.cells[3].raw) }
    #expect(coarse[3].rows[0].rollup.count == Int64(values.count))
    #expect(coarse[3].rows[0].rollup.low == values.min())
    #expect(coarse[3].rows[0].rollup.high == values.max())
    let total = coarse[15].rows.reduce(0) { $0 + $1.rollup.count }
    #expect(total == 1000)
    let none = try store.reader.cells(battery: 1, from: epoch - 9000, to: epoch, maxRows: 100)
    #expect(none.isEmpty)
  }

  @Test func `several points are told as each alone would be`() throws {
    let folder = try Folder()
    let store = try HistoryStore(path: folder.path(), at: moment(0))
    let records = house(seconds: 4000, seed: 6)
    for start in stride(from: 0, to: 4000, by: 400) {
      try store.append(Array(records[start..<start + 400]), at: records[start + 399].moment)
    }
    for rows in [5000, 100, 4] {
      let points: [Point] = [.soc, .current, .timeToFull, .voltage, .soc]
      let answers = try store.reader.query(
        points, battery: 1, from: epoch, to: epoch + 4_000_000, maxRows: rows)
      for (point, answer) in zip(points, answers) {
        let alone = try store.reader.query(
          point, battery: 1, from: epoch, to: epoch + 4_000_000, maxRows: rows)
        #expect(answer.resolution == alone.resolution)
        #expect(answer.rows.map(\.rollup) == alone.rows.map(\.rollup), "\(point), \(rows)")
        #expect(answer.rows.map(\.start) == alone.rows.map(\.start))
      }
    }
  }
}
