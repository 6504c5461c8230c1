// SPDX-License-Identifier: Apache-2.0

import Text

/// Where a time axis is marked, and how: at whole minutes, hours, midnights or months of a clock.
package struct TimeAxis: Sendable {
  /// One mark.
  package struct Tick: Hashable, Sendable {
    /// Where, in milliseconds since 1970.
    package let time: Int64
    /// What stands there, such as `06:00`.
    package let label: String
    /// What stands below where it changes, such as the day.
    package let context: String?
  }

  /// The marks in rising order.
  package private(set) var ticks: [Tick] = []

  /// What lies between two marks.
  private enum Step {
    case seconds(Int64)
    case days(Int64)
    case months(Int64)

    /// About how many seconds it is.
    var length: Int64 {
      switch self {
      case .seconds(let count): count
      case .days(let count): count * 86_400
      case .months(let count): count * 2_629_746
      }
    }
  }

  private static let steps: [Step] =
    [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200]
    .map(Step.seconds) + [1, 2, 7, 14].map(Step.days)
    + [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200].map(Step.months)

  /// At most `most` marks between two moments in milliseconds since 1970.
  package init(from: Int64, to: Int64, zone: Zone, most: Int) {
    let first = from.floored(1000)
    let last = to.floored(1000)
    let wanted = -(first - last).floored(Int64(max(1, most)))
    let fitting = TimeAxis.steps.first { $0.length >= wanted }
    guard let step = fitting ?? TimeAxis.steps.last else { return }
    var context: String?
    for second in TimeAxis.marks(step, first, last, zone) where second * 1000 >= from {
      let (label, around) = TimeAxis.text(second, step, zone)
      ticks.append(
        Tick(time: second * 1000, label: label, context: around == context ? nil : around))
      context = around
    }
  }

  /// The moments in seconds that are marked.
  private static func marks(_ step: Step, _ first: Int64, _ last: Int64, _ zone: Zone) -> [Int64] {
    let wall = zone.wall(first)
    var marks: [Int64] = []
    func mark(_ wall: Int64) -> Bool {
      guard let second = zone.second(wall: wall) else { return true }
      if second >= first, second <= last, second > marks.last ?? .min { marks.append(second) }
      return second <= last
    }
    switch step {
    case .seconds(let length):
      var next = wall.floored(length) * length
      while mark(next) { next += length }
    case .days(let count):
      // Weeks begin on Monday; the first day of 1970 was a Thursday.
      let shift: Int64 = count.isMultiple(of: 7) ? 3 : 0
      var day = (wall.floored(86_400) + shift).floored(count) * count - shift
      while mark(day * 86_400) { day += count }
    case .months(let count):
      let date = CivilDate(daysSince1970: wall.floored(86_400))
      var month = (date.year * 12 + Int64(date.month) - 1).floored(count) * count
      while true {
        let year = month.floored(12)
        let first = CivilDate(year: year, month: Int(month - year * 12) + 1, day: 1)
        guard let first, mark(first.daysSince1970 * 86_400) else { break }
        month += count
      }
    }
    return marks
  }

  /// What stands at a moment and below it.
  private static func text(
    _ second: Int64, _ step: Step, _ zone: Zone
  ) -> (label: String, context: String?) {
    let (date, inDay) = zone.civil(second)
    switch step {
    case .seconds(let length):
      let minutes = "\(padded(inDay / 3600)):\(padded(inDay / 60 % 60))"
      let label = length < 60 ? "\(minutes):\(padded(inDay % 60))" : minutes
      return (label, "\(day(date)) \(date.year)")
    case .days: return (day(date), "\(date.year)")
    case .months(let count):
      guard count < 12 else { return ("\(date.year)", nil) }
      return (months[date.month - 1], "\(date.year)")
    }
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static func day(_ date: CivilDate) -> String { "\(date.day) \(months[date.month - 1])" }

  private static func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// A span of time as people write it, such as `21 Nov 2026 06:00 – 18:30 UTC`.
  package static func title(from: Int64, to: Int64, zone: Zone) -> String {
    // To the nearest minute, unless it is a matter of minutes.
    let unit: Int64 = to - from < 600_000 ? 1000 : 60_000
    let (first, start) = zone.civil((from + unit / 2).floored(unit) * unit / 1000)
    let (last, end) = zone.civil((to + unit / 2).floored(unit) * unit / 1000)
    func time(_ second: Int64) -> String {
      let minutes = "\(padded(second / 3600)):\(padded(second / 60 % 60))"
      return unit < 60_000 ? "\(minutes):\(padded(second % 60))" : minutes
    }
    let name = zone.name(from.floored(1000))
    if start == 0, end == 0, last.daysSince1970 - first.daysSince1970 == 1 {
      return "\(day(first)) \(first.year), \(name)"
    }
    let left = "\(day(first)) \(first.year) \(time(start))"
    let right = first == last ? time(end) : "\(day(last)) \(last.year) \(time(end))"
    return "\(left) – \(right) \(name)"
  }
}
