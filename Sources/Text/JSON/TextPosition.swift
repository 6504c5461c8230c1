// SPDX-License-Identifier: Apache-2.0

/// A place in a text, as editors count it: line and column from 1.
///
/// A column counts Unicode scalars; a line ends with LF, CR or CR LF.
package struct TextPosition: Hashable, Sendable, CustomStringConvertible {
  /// The line, from 1; 0 for what was not read from a text.
  package var line: Int
  /// The column, from 1; 0 for what was not read from a text.
  package var column: Int

  /// A place from its line and column.
  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// The place of what was made by a program.
  package static let none = TextPosition(line: 0, column: 0)

  /// The place in words, such as `line 7, column 12`.
  package var description: String { "line \(line), column \(column)" }
}
