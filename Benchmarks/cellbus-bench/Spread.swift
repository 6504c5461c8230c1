// SPDX-License-Identifier: Apache-2.0

/// Measured values of one thing, in order of size.
struct Spread: Sendable {
  /// The values, lowest first.
  let values: [Double]

  /// The spread of these values.
  init(_ values: [Double]) { self.values = values.sorted() }

  /// A value that was measured once.
  init(_ value: Double) { values = [value] }

  /// The middle value, or the mean of the two in the middle; 0 without values.
  var median: Double {
    guard !values.isEmpty else { return 0 }
    let middle = values.count / 2
    return values.count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
  }

  /// The smallest value that at least this share of all do not exceed (nearest rank).
  func percentile(_ share: Double) -> Double {
    guard !values.isEmpty else { return 0 }
    let rank = (share * Double(values.count)).rounded(.up)
    return values[min(values.count, max(1, Int(rank))) - 1]
  }

  /// The lowest value; 0 without values.
  var low: Double { values.first ?? 0 }
  /// The highest value; 0 without values.
  var high: Double { values.last ?? 0 }
}
