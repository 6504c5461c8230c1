// SPDX-License-Identifier: Apache-2.0
import Battery
import Quantities

/// Something that records hold one value of.
enum Track {
  case point(Point)
  /// A cell, counted from 0.
  case cell(Int)

  /// Where it lies in a block.
  var column: Block.Column {
    switch self {
    case .point(let point): .point(point)
    case .cell(let index): .cell(index)
    }
  }

  /// Its value in a record.
  func value(in record: borrowing Record) -> Int64? {
    switch self {
    case .point(let point): record.reading[point]
    case .cell(let index):
      index < record.reading.cells.count ? Int64(record.reading.cells[index].raw) : nil
    }
  }
}

extension HistoryReader {
  /// The voltage of each cell between two wall times, from the first cell, as fine as `maxRows` rows
  /// allow; none where no record of that time is left.
  ///
  /// Cells are only in the records, so the time of the answer grows with them: about a second for a
  /// month.
  package func cells(
    battery: Int, from: Int64, to: Int64, maxRows: Int = 1000, gapAfter: Int64 = 10_000
  ) throws(HistoryError) -> [Answer] {
    let tracks = (0..<Cells.capacity).map(Track.cell)
    return try unchanging { () throws(HistoryError) in
      let open = try tail(battery: battery)
      let limit = Int64(maxRows)
      let packed = try count(battery: battery, from: from, to: to, upTo: limit)
      var resolution = Resolution.raw
      var rows: [[Answer.Row]]
      if packed + Int64(open.count) <= limit {
        rows = try raw(tracks, battery, from, to, gapAfter)
      } else {
        let first = try connection.number(
          "SELECT min(start) FROM block WHERE battery = ? AND start > ?", .integer(battery),
          .integer(from.addingSaturated(-60_000)))
        let start = max(from, first ?? from)
        let length = (min(to, try newest(battery)) - start) / 1000
        resolution =
          length / 60 + 2 <= limit
          ? .minute
          : length / 3600 + 2 <= limit ? .hour : .days(max(1, length / 86_400 / limit + 1))
        rows = try spans(tracks, battery, start, to, span: resolution.seconds ?? 60)
      }
      while rows.last?.isEmpty == true { rows.removeLast() }
      return rows.map { Answer(resolution: resolution, rows: $0) }
    }
  }

  /// Each record's values, in the order of the clock on the wall.
  func raw(
    _ tracks: [Track], _ battery: Int, _ from: Int64, _ to: Int64, _ gapAfter: Int64
  ) throws(HistoryError) -> [[Answer.Row]] {
    var samples = tracks.map { _ in [Sample]() }
    for id in try blocks(battery: battery, from: from, to: to) {
      guard let bytes = try block(id) else { continue }
      do throws(BlockError) {
        let block = try Block(bytes)
        guard block.battery == battery else { continue }
        let index = try block.index()
        for place in tracks.indices {
          guard let values = try block.series(tracks[place].column) else { continue }
          for (entry, value) in zip(index, values) {
            guard let value, entry.moment.wall >= from, entry.moment.wall < to else { continue }
            samples[place].append(Sample(boot: block.boot, moment: entry.moment, value: value))
          }
        }
      } catch {
        damaged += 1
      }
    }
    for record in try tail(battery: battery)
    where record.moment.wall >= from && record.moment.wall < to {
      for place in tracks.indices {
        guard let value = tracks[place].value(in: record) else { continue }
        samples[place].append(Sample(boot: record.boot, moment: record.moment, value: value))
      }
    }
    return samples.map { rows($0, gapAfter) }
  }

  /// One value of one record.
  private struct Sample {
    let boot: Int64
    let moment: Moment
    let value: Int64
  }

  private func rows(_ samples: [Sample], _ gapAfter: Int64) -> [Answer.Row] {
    var rows: [Answer.Row] = []
    rows.reserveCapacity(samples.count)
    var last: Sample?
    for sample in samples.sorted(by: { $0.moment.wall < $1.moment.wall }) {
      // Within one boot the monotonic clock tells how far apart two records are, set clocks or not.
      let isGap = last.map { last in
        last.boot != sample.boot
          ? sample.moment.wall - last.moment.wall > gapAfter
          : sample.moment.monotonic - last.moment.monotonic > gapAfter
      }
      rows.append(
        .init(start: sample.moment.wall, rollup: Rollup(sample.value), followsGap: isGap ?? false))
      last = sample
    }
    return rows
  }

  /// What the records themselves give in spans of `span` seconds.
  private func spans(
    _ tracks: [Track], _ battery: Int, _ from: Int64, _ to: Int64, span: Int64
  ) throws(HistoryError) -> [[Answer.Row]] {
    let first = from.dividedDown(by: 1000).dividedDown(by: min(span, 86_400)) * min(span, 86_400)
    var found = tracks.map { _ in SpanRows(first: first, span: span) }
    for id in try blocks(battery: battery, from: from, to: to) {
      guard let bytes = try block(id) else { continue }
      do throws(BlockError) {
        let block = try Block(bytes)
        guard block.battery == battery, let moment = try block.index().first?.moment else {
          continue
        }
        // A block lies within one minute, and so within one span.
        let second = moment.wall.dividedDown(by: 1000)
        for place in tracks.indices {
          for case let value? in try block.series(tracks[place].column) ?? [] {
            found[place].add(second, Rollup(value))
          }
        }
      } catch {
        damaged += 1
      }
    }
    for record in try tail(battery: battery)
    where record.moment.wall >= from && record.moment.wall < to {
      let second = record.moment.wall.dividedDown(by: 1000)
      for place in tracks.indices {
        guard let value = tracks[place].value(in: record) else { continue }
        found[place].add(second, Rollup(value))
      }
    }
    return found.map(\.rows)
  }
}
