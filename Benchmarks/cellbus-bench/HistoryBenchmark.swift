// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Glibc
import History
import Machine
import Quantities
import Text

extension Benchmark {
  /// The durable log, against the same values as rows of a plain SQLite table.
  static let history = Benchmark(
    name: "history", summary: "append and query, against plain SQLite rows"
  ) { effort throws(CommandFailure) in
    let scratch = try Scratch()
    let day = try Ledger.records(seconds: effort.isQuick ? 4 * 3600 : 24 * 3600)
    let values = day.reduce(0) { $0 + Ledger.values(of: $1).count }
    let hour = Array(day.prefix(3600))
    let hourValues = hour.reduce(0) { $0 + Ledger.values(of: $1).count }
    var log = (rate: [Double](), single: [Double]())
    var rows = (rate: [Double](), single: [Double]())
    var bytes = (log: 0.0, rows: 0.0)
    let singles = Array(day.prefix(effort.isQuick ? 50 : 200))
    for round in 0..<(effort.isQuick ? 2 : 5) {
      let path = scratch.path("history-\(round).db")
      let ours = try Ledger.append(hour, batch: 60, to: path)
      log.rate.append(3600e9 / Double(ours.nanoseconds))
      bytes.log = Double(ours.bytes) / Double(hourValues)
      log.single.append(
        try Double(singles.count) * 1e9
          / Double(Ledger.append(singles, batch: 1, to: path + "-1").nanoseconds))
      let plain = try RowTable.append(hour, batch: 60, to: scratch.path("rows-\(round).db"))
      rows.rate.append(3600e9 / Double(plain.nanoseconds))
      bytes.rows = Double(plain.bytes) / Double(hourValues)
      rows.single.append(
        try Double(singles.count) * 1e9
          / Double(RowTable.append(singles, batch: 1, to: path + "-2").nanoseconds))
    }
    let path = scratch.path("day.db")
    let whole = try Ledger.append(day, batch: 60, to: path)
    let query = try Ledger.query(path, day, effort)
    var result = Result()
    result.findings = [
      Finding("append, 60 records a commit", log.rate, "records/s")
        .against("SQLite rows", rows.rate, log.rate),
      Finding("append, 1 record a commit", log.single, "records/s")
        .against("SQLite rows", rows.single, log.single),
      Finding("bytes a value, 1 h of 1 Hz", [bytes.log], "bytes")
        .against("SQLite rows", [bytes.rows], [bytes.log]),
      Finding("bytes a value, the whole time", [Double(whole.bytes) / Double(values)], "bytes"),
      Finding("one point's whole time by minutes", query, "ms"),
    ]
    result.notes = [
      "Wall time, commits synced to the disk under \(scratch.directory). \(day.count) records of "
        + "\(values / max(1, day.count)) values; bytes include summaries by minute, hour and day.",
      "SQLite rows: one value a row, keyed by battery, point and time, the same commits and settings.",
    ]
    return result
  }
}

/// The history's own side.
enum Ledger {
  /// One record a second of a battery in use.
  static func records(seconds: Int) throws(CommandFailure) -> [Record] {
    var specimen = try Specimen()
    var control = ChargeControl(.lfp)
    var records: [Record] = []
    records.reserveCapacity(seconds)
    for second in 0..<seconds {
      try specimen.live()
      let limits = control.decide(specimen.snapshot, freshness: .fresh, at: specimen.now)
      records.append(
        Record(
          battery: 1, sequence: Int64(second), snapshot: specimen.snapshot, limits: limits,
          freshness: .fresh, at: moment(second)))
    }
    return records
  }

  /// What a record holds: where it belongs, and how much.
  static func values(of record: Record) -> [(column: Int64, value: Int64)] {
    var values: [(column: Int64, value: Int64)] = []
    for point in Point.allCases {
      if let value = record[point] { values.append((Int64(point.rawValue), value)) }
    }
    for index in 0..<record.reading.cells.count {
      values.append((Int64(1000 + index), Int64(record.reading.cells[index].raw)))
    }
    for index in 0..<record.reading.temperatures.count {
      guard let temperature = record.reading.temperatures[index] else { continue }
      values.append((Int64(2000 + index), Int64(temperature.raw)))
    }
    return values
  }

  /// Second by second from a Saturday's midnight on.
  static func moment(_ second: Int) -> Moment {
    Moment(Tick(Int64(second) * 1000 + 5), wall: 1_795_219_200_000 + Int64(second) * 1000 + 5)
  }

  /// Stores records and commits them so many at a time.
  static func append(
    _ records: [Record], batch: Int, to path: String
  ) throws(CommandFailure) -> (nanoseconds: Int64, bytes: Int64) {
    do throws(HistoryError) {
      let store = try HistoryStore(path: path, at: moment(0))
      let battery = try store.battery(named: "bench")
      var stamped = records
      for index in stamped.indices {
        stamped[index].battery = battery
        stamped[index].boot = store.boot
      }
      let start = MonotonicClock.nanoseconds()
      var next = 0
      while next < stamped.count {
        let end = min(stamped.count, next + batch)
        try store.append(Array(stamped[next..<end]), at: moment(end))
        next = end
      }
      let spent = MonotonicClock.nanoseconds() - start
      // An hour later nothing is open any more.
      try store.append([], at: moment(records.count + 3600))
      let connection = store.reader.connection
      let pages = try connection.number("PRAGMA page_count") ?? 0
      return (spent, pages * (try connection.number("PRAGMA page_size") ?? 0))
    } catch {
      throw CommandFailure("\(path): \(error)", .failed)
    }
  }

  /// Milliseconds for the whole time of one point by minutes, one for each round.
  static func query(
    _ path: String, _ records: [Record], _ effort: Effort
  ) throws(CommandFailure) -> [Double] {
    do throws(HistoryError) {
      let reader = try HistoryReader(path: path)
      guard let battery = try reader.battery(named: "bench") else { return [] }
      var times: [Double] = []
      for _ in 0..<(2 * effort.rounds) {
        let start = MonotonicClock.nanoseconds()
        let answer = try reader.query(
          .voltage, battery: battery, from: moment(0).wall, to: moment(records.count).wall,
          maxRows: 1500)
        times.append(Double(MonotonicClock.nanoseconds() - start) / 1e6)
        guard answer.rows.count >= records.count / 60 else {
          throw .failed(path: path, detail: "\(answer.rows.count) rows of a query are too few")
        }
      }
      return times
    } catch {
      throw CommandFailure("\(path): \(error)", .failed)
    }
  }
}
