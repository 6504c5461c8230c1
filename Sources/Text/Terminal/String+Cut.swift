// SPDX-License-Identifier: Apache-2.0

extension String {
  /// As much of this text as fits so many columns; marks of `Style` take none and are always closed.
  package func cut(toColumns width: Int) -> String {
    guard columns > width else { return self }
    var kept = String.UnicodeScalarView()
    var count = 0
    var isMark = false
    for scalar in unicodeScalars {
      if isMark {
        kept.append(scalar)
        if scalar != "[", (0x40...0x7E).contains(scalar.value) { isMark = false }
      } else if scalar == "\u{1B}" {
        kept.append(scalar)
        isMark = true
      } else if count < width - 1 {
        kept.append(scalar)
        count += 1
      } else if count == width - 1 {
        kept.append("…")
        count += 1
      }
    }
    return String(kept)
  }
}
