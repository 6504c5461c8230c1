// SPDX-License-Identifier: Apache-2.0
import Quantities

/// What a span of time held of one point.
package struct Rollup: Hashable, Sendable {
  /// How many values.
  package private(set) var count: Int64
  /// The lowest value, in steps of the point's scale.
  package private(set) var low: Int64
  /// The highest value.
  package private(set) var high: Int64
  /// The sum of all values; at its bound when it would pass it.
  package private(set) var sum: Int64
  /// The value that came last.
  package private(set) var last: Int64

  /// A rollup as it was stored.
  package init(count: Int64, low: Int64, high: Int64, sum: Int64, last: Int64) {
    self.count = count
    self.low = low
    self.high = high
    self.sum = sum
    self.last = last
  }

  /// The rollup of one value.
  package init(_ value: Int64) {
    self.init(count: 1, low: value, high: value, sum: value, last: value)
  }

  /// Takes over what came later.
  package mutating func merge(_ later: Rollup) {
    count += later.count
    low = min(low, later.low)
    high = max(high, later.high)
    sum = sum.addingSaturated(later.sum)
    last = later.last
  }

  /// The mean, rounded half away from zero.
  package var mean: Int64 { sum.dividedRounding(by: max(1, count)) }
}

/// How finely history is told.
package enum Resolution: Hashable, Sendable {
  /// Every stored record.
  case raw
  /// Spans of one minute.
  case minute
  /// Spans of one hour.
  case hour
  /// Spans of this many days (UTC).
  case days(Int64)

  /// How long a span is, in seconds; `nil` for single records.
  package var seconds: Int64? {
    switch self {
    case .raw: nil
    case .minute: 60
    case .hour: 3600
    case .days(let count): count * 86_400
    }
  }

  /// The spans that are stored, in seconds.
  static let stored: [Int64] = [60, 3600, 86_400]
}

extension Resolution: CustomStringConvertible {
  /// `raw`, `minute`, `hour`, `day` or `7 days`.
  package var description: String {
    switch self {
    case .raw: "raw"
    case .minute: "minute"
    case .hour: "hour"
    case .days(let count): count == 1 ? "day" : "\(count) days"
    }
  }
}
