// SPDX-License-Identifier: Apache-2.0

import Quantities

/// Where a value axis is marked: at round numbers that hold all values between them.
package struct ValueAxis: Sendable {
  /// The lowest value that has a place.
  package let low: Int64
  /// The highest value that has a place.
  package let high: Int64
  /// The distance from one mark to the next.
  package let step: Int64
  /// How many decimals one step of a value resolves.
  let decimals: Int

  /// An axis for values between two bounds, with about `count` marks.
  ///
  /// `bounds` is what the scale never passes, such as 0 and 100 % where the values keep within them.
  package init(
    _ values: ClosedRange<Int64>, decimals: Int, count: Int, bounds: ClosedRange<Int64>? = nil
  ) {
    self.decimals = decimals
    // Far beyond what any battery has; so that nothing below can overflow.
    let most = Int64.max / 16
    let lowest = min(most, max(-most, values.lowerBound))
    let highest = min(most, max(lowest, values.upperBound))
    // A line that never moves stands in the middle of a little room.
    let room = highest == lowest ? max(2, highest.magnitudeBounded / 50) : highest - lowest
    let step = ValueAxis.round(room / Int64(max(1, count)))
    self.step = step
    var low = (highest == lowest ? lowest - room / 2 : lowest).floored(step) * step
    var high = -((-(highest == lowest ? highest + room / 2 : highest)).floored(step)) * step
    if high == low { high += step }
    if let bounds {
      if lowest >= bounds.lowerBound { low = max(low, bounds.lowerBound) }
      if highest <= bounds.upperBound { high = min(high, bounds.upperBound) }
    }
    self.low = low
    self.high = max(low + 1, high)
  }

  /// 1, 2 or 5 with zeros, at least as large.
  private static func round(_ least: Int64) -> Int64 {
    var unit: Int64 = 1
    while true {
      for factor in [1, 2, 5] as [Int64] where unit * factor >= least { return unit * factor }
      unit *= 10
    }
  }

  /// The marked values in rising order.
  package var marks: [Int64] {
    let first = -((-low).floored(step)) * step
    return Array(stride(from: first, through: high, by: Int64.Stride(step)))
  }

  /// A marked value as text, with as many decimals as tell it from the next; the highest one with
  /// its unit.
  package func label(_ value: Int64, unit: String = "") -> String {
    var places = decimals
    var grain: Int64 = 1
    while places > 0, step.isMultiple(of: grain * 10) {
      grain *= 10
      places -= 1
    }
    let text = ValueAxis.minus(Decimal.string(value, decimals: decimals, places: places))
    return unit.isEmpty || value + step <= high ? text : "\(text) \(unit)"
  }

  /// A value as text, two places finer than the marks.
  package func text(_ value: Int64) -> String {
    var places = decimals
    var unit: Int64 = 1
    while places > 0, step / 100 >= unit * 10 {
      unit *= 10
      places -= 1
    }
    return ValueAxis.minus(Decimal.string(value, decimals: decimals, places: places))
  }

  private static func minus(_ text: String) -> String {
    text.hasPrefix("-") ? "−\(text.dropFirst())" : text
  }
}

extension Int64 {
  /// How far from zero, at most what `Int64` holds.
  fileprivate var magnitudeBounded: Int64 { self == .min ? .max : abs(self) }
}
