// SPDX-License-Identifier: Apache-2.0

import Battery
import History
import Quantities
import Text

/// Values over time as text: charts of the terminal, CSV and JSON.
enum HistoryText {
  /// Draws each value in the terminal.
  static func draw(_ tracks: [HistoryTrack], _ span: HistoryWish.Span) {
    let width = max(20, Console.size.columns - 12)
    // Cells are compared with each other, so they share one scale.
    let cells = tracks.filter(\.isCell).flatMap { $0.answer.rows.map(\.rollup.mean) }
    var range: ClosedRange<Int64>?
    if let low = cells.min(), let high = cells.max() { range = low...high }
    for track in tracks {
      draw(track, span, width, track.isCell ? 4 : 10, track.isCell ? range : nil)
    }
  }

  private static func draw(
    _ track: HistoryTrack, _ span: HistoryWish.Span, _ width: Int, _ height: Int,
    _ range: ClosedRange<Int64>?
  ) {
    let answer = track.answer
    let start = answer.rows.first.map { max(span.from, $0.start) } ?? span.from
    let length = max(1, span.to - start)
    // Two dots a column, and not more than there can be rows; a dot without one stays empty, so that
    // gaps are gaps.
    let step = (answer.resolution.seconds ?? 1) * 1000
    let dots = Int(max(2, min(Int64(width * 2), length / step)))
    var sums = [(total: Int64, count: Int64)](repeating: (0, 0), count: dots)
    for row in answer.rows where row.start >= start && row.start < span.to {
      let dot = Int((row.start - start) * Int64(dots) / length)
      sums[dot].total += row.rollup.mean
      sums[dot].count += 1
    }
    let values = sums.map { $0.count > 0 ? $0.total / $0.count : nil }
    let chart = Chart(
      width: width, height: height, decimals: track.kind.decimals, unit: "\(track.kind.unit)",
      range: range, start: ISO8601.string(start, fraction: false),
      end: ISO8601.string(span.to, fraction: false))
    Console.print(
      Console.style.bold(track.title)
        + Console.style.dim(
          "  \(answer.resolution == .raw ? "record by record" : "by \(answer.resolution)")"))
    for line in chart.lines(values) { Console.print(line) }
  }

  /// Prints a row for each value and span.
  static func printCSV(_ tracks: [HistoryTrack]) {
    Console.print("time,point,mean,min,max,count")
    for track in tracks {
      func text(_ value: Int64) -> String { Decimal.string(value, decimals: track.kind.decimals) }
      for row in track.answer.rows {
        let rollup = row.rollup
        Console.print(
          "\(ISO8601.string(row.start)),\(track.name),\(text(rollup.mean)),\(text(rollup.low)),\(text(rollup.high)),\(rollup.count)"
        )
      }
    }
  }

  /// Prints an array with an object for each value.
  static func printJSON(_ tracks: [HistoryTrack]) {
    var writer = JSONWriter()
    writer.array { writer in
      for track in tracks {
        let decimals = track.kind.decimals
        writer.object { writer in
          writer.field("point", track.name)
          writer.field("resolution", "\(track.answer.resolution)")
          writer.array("rows") { writer in
            for row in track.answer.rows {
              writer.object { writer in
                writer.field("time", ISO8601.string(row.start))
                writer.field("mean", row.rollup.mean, decimals: decimals)
                writer.field("min", row.rollup.low, decimals: decimals)
                writer.field("max", row.rollup.high, decimals: decimals)
                writer.field("count", row.rollup.count)
                if row.followsGap { writer.field("gap_before", true) }
              }
            }
          }
        }
      }
    }
    Console.print(writer.text)
  }
}
