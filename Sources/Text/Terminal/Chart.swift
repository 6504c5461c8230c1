// SPDX-License-Identifier: Apache-2.0

import Quantities

/// A line through values over time, drawn with braille dots and labelled axes.
///
/// Each column has two dots side by side and each row four. Neighbouring values are joined; a missing
/// value leaves a gap. With more values than dots each value still marks its dot, so that no peak is
/// lost.
package struct Chart: Sendable {
  /// The columns of the whole chart with its labels.
  package var width: Int
  /// The rows of the whole chart with its labels.
  package var height: Int
  /// How many decimals one step of a value resolves.
  package var decimals: Int
  /// The unit written after the highest label; empty for none.
  package var unit: String
  /// What the lowest and highest dots stand for; `nil` takes the values' own.
  package var range: ClosedRange<Int64>?
  /// The label below the first value.
  package var start: String
  /// The label below the last value.
  package var end: String

  /// A chart of a size in columns and rows, labels included.
  package init(
    width: Int, height: Int, decimals: Int = 0, unit: String = "",
    range: ClosedRange<Int64>? = nil, start: String = "", end: String = ""
  ) {
    self.width = width
    self.height = height
    self.decimals = decimals
    self.unit = unit
    self.range = range
    self.start = start
    self.end = end
  }

  /// The chart of the values in order, without line ends; never wider or higher than asked for.
  ///
  /// When the place is too small for labels, only the line is drawn; when there is no value at all, the
  /// axes alone.
  package func lines(_ values: [Int64?]) -> [String] {
    guard width > 0, height > 0 else { return [] }
    let shown = shownRange(values)
    let labels = shown.map { label($0.upperBound, true) } ?? ""
    let low = shown.map { label($0.lowerBound, false) } ?? ""
    let margin = max(labels.columns, low.columns)
    guard width >= margin + 6, height >= 3 else {
      return plot(values, shown, width, height)
    }
    let rows = plot(values, shown, width - margin - 2, height - 1)
    var lines: [String] = []
    for (index, row) in rows.enumerated() {
      var name = ""
      if index == 0 { name = labels } else if index == rows.count - 1 { name = low }
      lines.append(name.padded(to: margin, right: true) + " ┤" + row)
    }
    lines.append(String(repeating: " ", count: margin + 2) + timeAxis(width - margin - 2))
    return lines
  }

  private func shownRange(_ values: [Int64?]) -> ClosedRange<Int64>? {
    if let range { return range }
    let present = values.compactMap { $0 }
    guard let lowest = present.min(), let highest = present.max() else { return nil }
    return lowest...highest
  }

  private func label(_ value: Int64, _ isHighest: Bool) -> String {
    let number = Decimal.string(value, decimals: decimals)
    return isHighest && !unit.isEmpty ? "\(number) \(unit)" : number
  }

  private func timeAxis(_ width: Int) -> String {
    let space = width - start.columns - end.columns
    guard space >= 1 else {
      return String(String.UnicodeScalarView(start.unicodeScalars.prefix(width)))
    }
    return start + String(repeating: " ", count: space) + end
  }

  private func plot(
    _ values: [Int64?], _ range: ClosedRange<Int64>?, _ columns: Int, _ rows: Int
  ) -> [String] {
    var dots = BrailleField(columns: columns, rows: rows)
    guard let range else { return dots.lines }
    var previous: (x: Int, y: Int)?
    for (index, value) in values.enumerated() {
      guard let value else {
        previous = nil
        continue
      }
      let x = values.count > 1 ? index * (dots.width - 1) / (values.count - 1) : 0
      // A line that never moves is drawn in the middle.
      let up =
        range.lowerBound < range.upperBound
        ? Bar.portion(of: dots.height - 1, value, in: range) : dots.height / 2
      let y = dots.height - 1 - up
      if let previous { dots.line(from: previous, to: (x, y)) } else { dots.mark(x, y) }
      previous = (x, y)
    }
    return dots.lines
  }
}
