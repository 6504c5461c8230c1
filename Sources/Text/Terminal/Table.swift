// SPDX-License-Identifier: Apache-2.0

/// Rows of text in aligned columns.
package struct Table: Sendable {
  /// At which side of its column a text stands.
  package enum Alignment: Sendable {
    /// At the left.
    case left
    /// At the right.
    case right
    /// At the right when every text of the column is a number or a dash, otherwise at the left.
    case automatic
  }

  /// One column's heading.
  package struct Column: Sendable, ExpressibleByStringLiteral {
    /// The heading; empty for none.
    package var title: String
    /// At which side the texts and the heading stand.
    package var alignment: Alignment

    /// A column from its heading.
    package init(_ title: String, _ alignment: Alignment = .automatic) {
      self.title = title
      self.alignment = alignment
    }

    package init(stringLiteral title: String) { self.init(title) }
  }

  private let columns: [Column]
  private var rows: [[String]] = []
  /// How many spaces stand between two columns.
  package var gap = 2

  /// A table without rows so far; when no column has a heading, none is written.
  package init(_ columns: [Column]) { self.columns = columns }

  /// Whether there is no row.
  package var isEmpty: Bool { rows.isEmpty }

  /// Adds a row; one that is too short has empty texts at its end.
  package mutating func add(_ cells: [String]) { rows.append(cells) }

  /// The heading and the rows, without line ends and without spaces at the end of a line.
  ///
  /// - Parameter style: marks the heading.
  /// - Returns: the lines.
  package func lines(_ style: Style = .plain) -> [String] {
    let count = max(columns.count, rows.map(\.count).max() ?? 0)
    let titles = columns.map(\.title)
    let widths = (0..<count).map { index in
      ([titles] + rows).map { index < $0.count ? $0[index].columns : 0 }.max() ?? 0
    }
    let isRight = (0..<count).map(standsRight)
    func line(_ cells: [String]) -> String {
      let last = cells.lastIndex { !$0.isEmpty } ?? -1
      var line = ""
      for index in 0..<(last + 1) {
        if index > 0 { line += String(repeating: " ", count: gap) }
        let right = isRight[index]
        let width = index == last && !right ? 0 : widths[index]
        line += cells[index].padded(to: width, right: right)
      }
      return line
    }
    let heading = titles.allSatisfy(\.isEmpty) ? [] : [style.bold(line(titles))]
    return heading + rows.map(line)
  }

  /// The heading and the rows, each ended by a line feed.
  package func text(_ style: Style = .plain) -> String {
    lines(style).map { $0 + "\n" }.joined()
  }

  private func standsRight(_ index: Int) -> Bool {
    let alignment = index < columns.count ? columns[index].alignment : .automatic
    switch alignment {
    case .left: return false
    case .right: return true
    case .automatic:
      let cells = rows.compactMap { index < $0.count && !$0[index].isEmpty ? $0[index] : nil }
      return cells.contains { Self.isNumber($0) == true }
        && cells.allSatisfy { Self.isNumber($0) != false }
    }
  }

  /// Whether a text begins like a number; `nil` for a dash, which says that there is none.
  private static func isNumber(_ cell: String) -> Bool? {
    var bytes = cell.utf8[...]
    while bytes.first == 0x1B, let end = bytes.firstIndex(of: UInt8(ascii: "m")) {
      bytes = bytes[bytes.index(after: end)...]
    }
    let text = String(Substring(bytes.prefix { $0 != 0x1B }))
    if text == "-" || text == "–" || text == "—" { return nil }
    if let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      bytes = bytes.dropFirst()
    }
    return bytes.first?.isDigit == true
  }
}
