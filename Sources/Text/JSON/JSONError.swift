// SPDX-License-Identifier: Apache-2.0

/// Why a text is not the JSON that was asked for, and where.
package struct JSONError: Error, Hashable, CustomStringConvertible {
  /// The line of the fault, from 1.
  package var line: Int
  /// The column of the fault in Unicode scalars, from 1.
  package var column: Int
  /// What was found and what was expected, without the place.
  package var message: String

  /// A fault at a place.
  package init(at position: TextPosition, _ message: String) {
    line = position.line
    column = position.column
    self.message = message
  }

  /// The whole sentence, such as `line 7, column 12: found ',' where a value was expected`.
  package var description: String { "line \(line), column \(column): \(message)" }
}
