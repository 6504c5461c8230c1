// SPDX-License-Identifier: Apache-2.0

extension String {
  /// How many columns a terminal needs for this: one for each scalar, none for the marks of `Style`.
  package var columns: Int {
    var count = 0
    var isMark = false
    for scalar in unicodeScalars {
      if isMark {
        // A mark is ESC, '[', parameters and a letter that ends it.
        if scalar != "[", (0x40...0x7E).contains(scalar.value) { isMark = false }
      } else if scalar == "\u{1B}" {
        isMark = true
      } else {
        count += 1
      }
    }
    return count
  }

  /// This text with spaces before or after it, to at least `width` columns.
  package func padded(to width: Int, right: Bool = false) -> String {
    let spaces = String(repeating: " ", count: max(0, width - columns))
    return right ? spaces + self : self + spaces
  }

  /// This text with a visible sign for each control character.
  ///
  /// What a device sent must pass through here on its way to a terminal, which would obey it.
  package var printable: String {
    var view = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      switch scalar.value {
      case 0..<0x20: view.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
      case 0x7F: view.append("\u{2421}")
      case 0x80..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: view.append("\u{FFFD}")
      default: view.append(scalar)
      }
    }
    return String(view)
  }
}
