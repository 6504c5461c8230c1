// SPDX-License-Identifier: Apache-2.0

import Battery
import Glibc
import History
import Machine
import Text

extension Benchmark {
  /// A year of one battery at one record a second, summarised.
  static let year = Benchmark(
    name: "year", summary: "a year of history, 31 million readings, summarised; takes minutes",
    isLong: true
  ) { effort throws(CommandFailure) in
    let scratch = try Scratch()
    let path = scratch.path("year.db")
    let days = effort.isQuick ? 30 : 365
    let made = try Year.make(days: days, at: path)
    let ours = try Year.summarise(path, days: days, effort)
    let plain = try RowYear.summarise(path, days: days, effort)
    let rows = try RowYear.rows(scratch.path("rows.db"), days: 30)
    var result = Result()
    result.findings = [
      Finding(
        "\(days) days summarised, by hours and by days", ours.both, "ms",
        aim: effort.isQuick ? nil : .under(300)
      ).against("SQL over the same tables", plain, ours.both),
      Finding("only by days", ours.days, "ms"),
      Finding("the command's overview of it", ours.overview, "ms"),
      Finding("one value of 30 days by hours, SQL over plain rows", rows, "ms"),
      Finding("made, in readings a second", [Double(made.records) / made.seconds], "/s"),
      Finding("bytes a reading, summaries included", [made.bytesEach], "bytes"),
    ]
    result.notes = [
      "\(made.records) records of \(made.values) values, one simulated day again and again with rising "
        + "counters, packed by the store itself; the file has \(made.bytes >> 20) MiB.",
      "Summarised: lowest, mean, highest and count of \(Year.points.count) values for each hour and "
        + "each day, and the energy that went in and out. The file is in the cache of the system.",
    ]
    return result
  }
}

/// A year's history and what is asked of it.
enum Year {
  /// The values that are summarised.
  static let points: [Point] = [
    .voltage, .current, .soc, .cellMin, .cellMax, .temperatureMax, .energyCharged,
    .energyDischarged,
  ]

  /// What was made.
  struct Made {
    var records = 0
    var values = 0
    var bytes: Int64 = 0
    var seconds = 0.0
    var bytesEach: Double { Double(bytes) / Double(max(1, records)) }
  }

  private static let day = 86_400

  /// Stores so many days; each has the same readings, but counters rise on.
  static func make(days: Int, at path: String) throws(CommandFailure) -> Made {
    var records = try Ledger.records(seconds: day)
    do throws(HistoryError) {
      var settings = HistoryStore.Settings()
      settings.retention.maximumBytes = 1 << 40
      let store = try HistoryStore(path: path, at: Ledger.moment(0), settings: settings)
      // What is only measured need not survive a loss of power.
      try store.reader.connection.run("PRAGMA synchronous=OFF; PRAGMA cache_size=-65536")
      let battery = try store.battery(named: "bench")
      var made = Made()
      made.values = records.first.map { Ledger.values(of: $0).count } ?? 0
      let rise = [Point.energyCharged, .energyDischarged].map { point in
        (point, (records.last?[point] ?? 0) - (records.first?[point] ?? 0))
      }
      let start = MonotonicClock.nanoseconds()
      for number in 0..<days {
        for index in records.indices {
          let second = number * day + index
          records[index].battery = battery
          records[index].boot = store.boot
          records[index].sequence = Int64(second)
          records[index].moment = Ledger.moment(second)
          guard number > 0 else { continue }
          for (point, rise) in rise {
            records[index].reading[point] = (records[index].reading[point] ?? 0) + rise
          }
        }
        let runs = stride(from: 0, to: records.count, by: 60).map { Array(records[$0..<$0 + 60]) }
        try store.load(runs, at: Ledger.moment((number + 1) * day))
        made.records += records.count
      }
      made.seconds = Double(MonotonicClock.nanoseconds() - start) / 1e9
      let connection = store.reader.connection
      try connection.run("PRAGMA wal_checkpoint(TRUNCATE)")
      made.bytes =
        try (connection.number("PRAGMA page_count") ?? 0)
        * (connection.number("PRAGMA page_size") ?? 0)
      return made
    } catch {
      throw CommandFailure("\(path): \(error)", .failed)
    }
  }

  /// Milliseconds for the summary by hours and days, by days alone, and for the overview, by round.
  static func summarise(
    _ path: String, days: Int, _ effort: Effort
  ) throws(CommandFailure) -> (both: [Double], days: [Double], overview: [Double]) {
    var times = (both: [Double](), days: [Double](), overview: [Double]())
    let end = Ledger.moment(days * day).wall
    do throws(HistoryError) {
      for _ in 0..<effort.rounds {
        let start = MonotonicClock.nanoseconds()
        let reader = try HistoryReader(path: path)
        guard let battery = try reader.battery(named: "bench") else { break }
        let byDay = try reader.query(
          points, battery: battery, from: Ledger.moment(0).wall, to: end, maxRows: 400)
        let middle = MonotonicClock.nanoseconds()
        let byHour = try reader.query(
          points, battery: battery, from: Ledger.moment(0).wall, to: end, maxRows: 9000)
        let done = MonotonicClock.nanoseconds()
        _ = try reader.statistics(at: end)
        _ = try reader.inventory()
        times.overview.append(Double(MonotonicClock.nanoseconds() - done) / 1e6)
        times.days.append(Double(middle - start) / 1e6)
        times.both.append(Double(done - start) / 1e6)
        let counts = byHour.map { $0.rows.reduce(0) { $0 + $1.rollup.count } }
        let isWhole =
          counts.allSatisfy { $0 == Int64(days * day) } && byDay[6].rise != nil
          && byHour[6].rise == byDay[6].rise && byHour[0].rows.count == days * 24
        guard isWhole else {
          throw .failed(path: path, detail: "the summary does not hold every record: \(counts)")
        }
      }
    } catch {
      throw CommandFailure("\(path): \(error)", .failed)
    }
    return times
  }
}
