// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

/// What a field holds that is not supported, in the frames that have such a mark.
enum Mark {
  static let word: UInt16 = 0xFFFF
  /// The same in a signed field.
  static let signed = Int16.min
}

extension UInt64 {
  /// 8 characters of a text from the one at `start`, with another byte after its end.
  init(_ text: Label, from start: Int = 0, padding: UInt8 = 0) {
    self = 0
    for place in 0..<8 {
      let byte = start + place < Int(text.count) ? text[start + place] : padding
      self |= UInt64(byte) << UInt64(place * 8)
    }
  }

  /// A pack of a bank and one of its cells, such as `P02C07`.
  init(module: UInt16, cell: UInt16) {
    let pack = UInt64(UInt8(ascii: "P"), module < 99 ? module : 99, digits: 2)
    self = pack | UInt64(UInt8(ascii: "C"), cell, digits: 2) << 24
  }

  /// A letter and a number of at least `digits` digits, such as `C07`.
  init(_ letter: UInt8, _ number: UInt16, digits: Int) {
    self = UInt64(letter)
    var shift: UInt64 = 8
    var divisor: UInt16 = 10_000
    for place in (1...5).reversed() {
      if number >= divisor || place <= digits {
        self |= UInt64(UInt8(ascii: "0") + UInt8(number / divisor % 10)) << shift
        shift += 8
      }
      divisor /= 10
    }
  }
}

extension Label {
  /// The last characters of a longer text, in which numbers differ most.
  func end(of most: Int) -> Label {
    guard Int(count) > most else { return self }
    var end: [UInt8] = []
    for index in Int(count) - most..<Int(count) { end.append(self[index]) }
    return Label(end)
  }
}

extension CANFrame {
  /// A frame from its bytes, lowest first.
  init(id: UInt32, bytes: UInt64, count: Int) {
    var data: [8 of UInt8] = .init(repeating: 0)
    for index in 0..<8 { data[index] = UInt8(truncatingIfNeeded: bytes >> UInt64(index * 8)) }
    self.init(id: id, data.span.extracting(0..<count))
  }
}
