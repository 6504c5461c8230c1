// SPDX-License-Identifier: Apache-2.0

import Text

/// One table of the reference: the same rows for a terminal and for a document.
struct ReferenceTable {
  /// What it lists; empty on a page with one table.
  let title: String
  /// The headings of its columns.
  let columns: [String]
  /// Its rows, each with a text for each column.
  let rows: [[String]]

  init(_ title: String = "", _ columns: [String], _ rows: [[String]]) {
    self.title = title
    self.columns = columns
    self.rows = rows
  }

  /// For a terminal, without columns that are empty throughout.
  func text(_ style: Style) -> String {
    let used = columns.indices.filter { index in rows.contains { !$0[index].isEmpty } }
    var table = Table(used.map { Table.Column(columns[$0]) })
    for row in rows { table.add(used.map { row[$0] }) }
    return (title.isEmpty ? "" : style.bold(title) + "\n") + table.text(style)
  }

  /// For a document.
  var markdown: String {
    var text = title.isEmpty ? "" : "## \(title)\n\n"
    text += Self.line(columns) + Self.line(columns.map { _ in "---" })
    for row in rows { text += Self.line(row) }
    return text
  }

  private static func line(_ cells: [String]) -> String {
    let texts = cells.map { cell in
      cell.replacing("|", with: "\\|").replacing("<", with: "&lt;")
    }
    // An empty cell is one blank, so that no line has two in a row at its end.
    return "|" + texts.map { $0.isEmpty ? " |" : " \($0) |" }.joined() + "\n"
  }
}
