// SPDX-License-Identifier: Apache-2.0

import Quantities

/// A field of braille dots, two by four in each character.
struct BrailleField {
  let width: Int
  let height: Int
  private let columns: Int
  private var cells: [UInt8]

  init(columns: Int, rows: Int) {
    self.columns = columns
    width = columns * 2
    height = rows * 4
    cells = Array(repeating: 0, count: columns * rows)
  }

  /// The bit of each dot in a braille character, by row and column (Unicode Standard, Braille Patterns).
  private static let bits: [UInt8] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]

  mutating func mark(_ x: Int, _ y: Int) {
    guard x >= 0, x < width, y >= 0, y < height else { return }
    cells[y / 4 * columns + x / 2] |= Self.bits[y % 4 * 2 + x % 2]
  }

  /// Marks a line with one dot in each column or, when it is steep, in each row.
  mutating func line(from a: (x: Int, y: Int), to b: (x: Int, y: Int)) {
    let steps = max(1, max(abs(b.x - a.x), abs(b.y - a.y)))
    for step in 0...steps {
      mark(
        Self.between(a.x, b.x, step, steps),
        Self.between(a.y, b.y, step, steps))
    }
  }

  /// The point `step` of `steps` on the way from `a` to `b`, rounded to the nearest.
  private static func between(_ a: Int, _ b: Int, _ step: Int, _ steps: Int) -> Int {
    a + Int((Int64(b - a) * Int64(step)).dividedRounding(by: Int64(steps)))
  }

  /// The rows of characters; one without dots is a space.
  var lines: [String] {
    stride(from: 0, to: cells.count, by: max(1, columns)).map { first in
      var line = String.UnicodeScalarView()
      for cell in cells[first..<first + columns] {
        line.append(cell == 0 ? " " : Unicode.Scalar(0x2800 + UInt32(cell)) ?? " ")
      }
      return String(line)
    }
  }
}
