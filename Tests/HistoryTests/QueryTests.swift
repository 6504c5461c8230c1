// SPDX-License-Identifier: Apache-2.0
import Battery
import Quantities
import Testing

@testable import History

@Suite struct QueryTests {
  private func store(_ folder: Folder, _ records: [Record]) throws -> HistoryStore {
    let store = try HistoryStore(path: folder.path(), at: moment(0))
    for start in stride(from: 0, to: records.count, by: 600) {
      let batch = records[start..<min(start + 600, records.count)]
      try store.append(Array(batch), at: records[min(start + 600, records.count) - 1].moment)
    }
    return store
  }

  /// What a span holds, computed without the store.
  private func expected(
    _ records: [Record], _ point: Point, span: Int64
  ) -> [Int64: (count: Int64, low: Int64, high: Int64, sum: Int64, last: Int64)] {
    var spans: [Int64: [Int64]] = [:]
    for record in records {
      guard let value = record[point] else { continue }
      spans[record.moment.wall / (span * 1000) * span * 1000, default: []].append(value)
    }
    return spans.mapValues { values in
      (
        Int64(values.count), values.min() ?? 0, values.max() ?? 0, values.reduce(0, +),
        values.last ?? 0
      )
    }
  }

  @Test(arguments: [
    (Int64(60), 200, Resolution.minute), (3600, 12, .hour), (86_400, 2, .days(1)),
  ])
  func `rollups are what the records give`(
    span: Int64, maxRows: Int, resolution: Resolution
  ) throws {
    let folder = try Folder()
    // Two and a half hours with half an hour missing, over restarts, the last minute open.
    let all = house(seconds: 9030, seed: 9)
    var records = all.filter { !(3000..<4800).contains($0.sequence) }
    for index in records.indices where records[index].sequence > 5000 { records[index].boot = 2 }
    let store = try store(folder, records)
    #expect(try store.reader.tail(battery: 1).count > 0)
    for point in [Point.current, .voltage, .soc, .cellDelta, .status, .chargeVoltageLimit] {
      let answer = try store.reader.query(
        point, battery: 1, from: epoch, to: epoch + 9_100_000, maxRows: maxRows)
      #expect(answer.resolution == resolution)
      let expected = expected(records, point, span: span)
      #expect(answer.rows.count == expected.count)
      for row in answer.rows {
        let (count, low, high, sum, last) = try #require(expected[row.start])
        let rollup = Rollup(count: count, low: low, high: high, sum: sum, last: last)
        #expect(row.rollup == rollup, "\(point) at \(row.start)")
        #expect(row.rollup.mean == sum.dividedRounding(by: count))
      }
      if resolution == .minute {
        let gaps = answer.rows.filter(\.followsGap).map(\.start)
        #expect(gaps == [epoch + 4_800_000])
      }
    }
  }

  @Test func `records are told one by one where they fit, with their gaps`() throws {
    let folder = try Folder()
    let all = house(seconds: 300, seed: 4)
    let records = all.filter { !(100..<112).contains($0.sequence) }
    let store = try store(folder, records)
    let answer = try store.reader.query(
      .current, battery: 1, from: epoch + 50_000, to: epoch + 250_000, maxRows: 600)
    let range = records.filter {
      $0.moment.wall >= epoch + 50_000 && $0.moment.wall < epoch + 250_000
    }
    #expect(answer.resolution == .raw)
    #expect(answer.rows.map(\.rollup.last) == range.map { $0[.current] })
    #expect(answer.rows.filter(\.followsGap).map(\.start) == [all[112].moment.wall])
    let narrow = try store.reader.query(
      .current, battery: 1, from: epoch, to: epoch + 300_000, maxRows: 20)
    #expect(narrow.resolution == .minute && narrow.rows.count == 5)
  }

  @Test func `a set clock is no gap`() throws {
    let folder = try Folder()
    var records = house(seconds: 60, seed: 4)
    for index in 30..<60 { records[index].moment.wall += 25_000 }
    let store = try store(folder, records)
    let answer = try store.reader.query(.current, battery: 1, from: epoch, to: epoch + 100_000)
    #expect(answer.rows.count == 60)
    #expect(answer.rows.filter(\.followsGap).isEmpty)
  }

  @Test(arguments: [1, 2, 3, 5, 10, 60, 1000])
  func `an answer is never longer than asked for`(maxRows: Int) throws {
    let folder = try Folder()
    // One record every 50 minutes over 40 days.
    let records = (0..<1152).map { plain(Int64($0) * 3000, voltage: 50_000 + Int64($0)) }
    let store = try store(folder, records)
    for (from, to) in [
      (Int64.min, Int64.max), (epoch, epoch + 40 * 86_400_000),
      (epoch + 86_400_000 - 1, epoch + 3 * 86_400_000 + 1), (epoch, epoch + 3_600_000),
    ] {
      let answer = try store.reader.query(
        .voltage, battery: 1, from: from, to: to, maxRows: maxRows)
      #expect(answer.rows.count <= maxRows)
      #expect(!answer.rows.isEmpty)
    }
    let all = try store.reader.query(
      .voltage, battery: 1, from: .min, to: .max, maxRows: maxRows)
    let total = all.rows.reduce(0) { $0 + $1.rollup.count }
    #expect(total == 1152, "no record is left out")
  }

  @Test func `where records are gone, their summaries answer`() throws {
    let folder = try Folder()
    let store = try store(folder, house(seconds: 1200, seed: 4))
    try store.connection.run("DELETE FROM block WHERE id <= 10")
    let old = try store.reader.query(
      .current, battery: 1, from: epoch, to: epoch + 1_200_000, maxRows: 5000)
    #expect(old.resolution == .minute && old.rows.count == 20)
    let new = try store.reader.query(
      .current, battery: 1, from: epoch + 660_000, to: epoch + 1_200_000, maxRows: 5000)
    #expect(new.resolution == .raw)
  }

  @Test func `nothing stored is no rows`() throws {
    let folder = try Folder()
    let store = try HistoryStore(path: folder.path(), at: moment(0))
    let answer = try store.reader.query(.current, battery: 3, from: .min, to: .max)
    #expect(answer.rows.isEmpty)
  }

  @Test func `sums beyond 64 bits stay at the bound`() throws {
    let folder = try Folder()
    let store = try store(folder, (0..<200).map { plain(Int64($0), voltage: .max / 2) })
    let answer = try store.reader.query(
      .voltage, battery: 1, from: epoch, to: epoch + 200_000, maxRows: 10)
    #expect(answer.rows.first?.rollup.sum == .max)
    #expect(answer.rows.first?.rollup.high == .max / 2)
  }
}
