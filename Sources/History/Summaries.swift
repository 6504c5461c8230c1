// SPDX-License-Identifier: Apache-2.0
import Battery

/// What some minutes add to the summaries, put together before the file is touched.
struct Summaries {
  /// A row of the summaries.
  struct Place: Hashable, Comparable {
    let span: Int64
    let battery: Int
    /// In seconds since 1970.
    let start: Int64
    let point: UInt8

    static func < (a: Self, b: Self) -> Bool {
      (a.span, a.battery, a.start, a.point) < (b.span, b.battery, b.start, b.point)
    }
  }

  /// A value of one battery.
  struct Value: Hashable {
    let battery: Int
    let point: UInt8
  }

  /// What is added to each row.
  private(set) var rollups: [Place: Rollup] = [:]
  /// The value of each point that came last.
  private(set) var latest: [Value: (value: Int64, position: Position, wall: Int64)] = [:]

  /// Nothing.
  init() {}

  /// Takes the records of one minute, which began at the wall time `start`.
  mutating func take(_ records: [Record], from start: Int64) {
    guard let battery = records.first?.battery else { return }
    let second = start.dividedDown(by: 1000)
    // A span lends its elements; an array would copy each record, which is large.
    let records = records.span
    for point in Point.allCases {
      var rollup: Rollup?
      var last = 0
      for index in records.indices {
        guard let value = records[index].reading[point] else { continue }
        if rollup?.merge(Rollup(value)) == nil { rollup = Rollup(value) }
        last = index
      }
      guard let rollup else { continue }
      for span in Resolution.stored {
        let place = Place(
          span: span, battery: battery, start: second.dividedDown(by: span) * span,
          point: point.rawValue)
        if rollups[place]?.merge(rollup) == nil { rollups[place] = rollup }
      }
      latest[Value(battery: battery, point: point.rawValue)] = (
        rollup.last, records[last].position, records[last].moment.wall
      )
    }
  }
}
