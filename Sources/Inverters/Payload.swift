// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

/// The up to 8 bytes of a frame while they are written, without an allocation.
struct Payload {
  /// What a field holds that is not supported, in the frames that have such a mark.
  static let unsupported: UInt16 = 0xFFFF
  /// The same in a signed field.
  static let signedUnsupported = Int16.min

  private var bytes: [8 of UInt8] = .init(repeating: 0)
  private var count = 0

  mutating func put(_ byte: UInt8) {
    guard count < 8 else { return }
    bytes[count] = byte
    count += 1
  }

  mutating func putLittle(_ word: UInt16) {
    put(UInt8(truncatingIfNeeded: word))
    put(UInt8(truncatingIfNeeded: word >> 8))
  }

  mutating func putLittle(_ word: Int16) { putLittle(UInt16(bitPattern: word)) }

  mutating func putLittle(_ word: UInt32) {
    putLittle(UInt16(truncatingIfNeeded: word))
    putLittle(UInt16(truncatingIfNeeded: word >> 16))
  }

  /// 8 characters of a text from the one at `start`, with NUL or another byte after its end.
  mutating func put(_ text: Label, from start: Int = 0, padding: UInt8 = 0) {
    for index in start..<start + 8 { put(index < Int(text.count) ? text[index] : padding) }
  }

  /// A letter and a number of at least `digits` digits, such as `C07`.
  mutating func put(_ letter: UInt8, _ number: UInt16, digits: Int) {
    put(letter)
    var divisor: UInt16 = 10_000
    for place in (1...5).reversed() {
      if number >= divisor || place <= digits {
        put(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
      }
      divisor /= 10
    }
  }

  /// Zeros up to 8 bytes.
  mutating func fill() { count = 8 }

  func frame(_ id: UInt32) -> CANFrame { CANFrame(id: id, bytes.span.extracting(0..<count)) }
}
