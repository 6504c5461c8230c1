// SPDX-License-Identifier: Apache-2.0

/// A horizontal bar of block characters, exact to an eighth of a column.
package enum Bar {
  private static let eighths: [String] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  /// The bar of a value, padded with spaces to `width` columns.
  ///
  /// - Parameters:
  ///   - value: what to show; beyond the range the bar is empty or full.
  ///   - range: what an empty and a full bar stand for; when both are the same, the bar is full from
  ///     there on.
  ///   - width: the columns of a full bar.
  /// - Returns: the bar.
  package static func text(_ value: Int64, in range: ClosedRange<Int64>, width: Int) -> String {
    guard width > 0 else { return "" }
    let filled = portion(of: width * 8, value, in: range)
    let text = String(repeating: "█", count: filled / 8) + eighths[filled % 8]
    return text.padded(to: width)
  }

  /// How many of `count` steps a value lies into a range, rounded to the nearest.
  static func portion(of count: Int, _ value: Int64, in range: ClosedRange<Int64>) -> Int {
    guard value < range.upperBound else { return count }
    guard value > range.lowerBound else { return 0 }
    let above = Int128(value) - Int128(range.lowerBound)
    let whole = Int128(range.upperBound) - Int128(range.lowerBound)
    return Int((above * Int128(count) * 2 + whole) / (whole * 2))
  }
}
