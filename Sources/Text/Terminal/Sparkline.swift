// SPDX-License-Identifier: Apache-2.0

/// One line of blocks, each as high as its value.
package enum Sparkline {
  private static let heights: [String] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// One column for each value; a missing value is a space.
  ///
  /// - Parameters:
  ///   - values: what to show, in order.
  ///   - range: what the lowest and highest block stand for; `nil` takes the values' own.
  /// - Returns: the line.
  package static func text(_ values: [Int64?], in range: ClosedRange<Int64>? = nil) -> String {
    let present = values.compactMap { $0 }
    guard let lowest = present.min(), let highest = present.max() else {
      return String(repeating: " ", count: values.count)
    }
    let range = range ?? lowest...highest
    // Values that are all the same show neither as the lowest nor as the highest.
    guard range.lowerBound < range.upperBound else {
      return values.map { $0 == nil ? " " : heights[3] }.joined()
    }
    return values.map { value in
      value.map { heights[Bar.portion(of: heights.count - 1, $0, in: range)] } ?? " "
    }.joined()
  }
}
