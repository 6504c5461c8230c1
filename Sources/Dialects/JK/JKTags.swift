// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

/// The tags of a frame with their values; firmware leaves some of the last out.
struct JKTags: Sendable {
  /// The bytes of all tags.
  let body: [UInt8]
  /// Where the value of a tag begins; 0 where it is missing.
  private var places: [256 of UInt16] = .init(repeating: 0)
  /// How many bytes were understood: all of them, or those before a tag that nobody knows.
  private(set) var length = 0

  /// The tags in these bytes, up to the first that nobody knows.
  init(_ body: [UInt8]) {
    self.body = body
    while length < min(body.count, 0xFF00) {
      let tag = body[length]
      guard let size = Self.size(tag, body.span, at: length + 1),
        length + 1 + size <= body.count
      else { return }
      places[Int(tag)] = UInt16(length + 1)
      length += 1 + size
    }
  }

  /// Bytes of a tag's value; `nil` for a tag that nobody knows.
  private static func size(
    _ tag: UInt8, _ body: borrowing Span<UInt8>, at place: Int
  ) -> Int? {
    switch tag {
    case 0x79: place < body.count ? 1 + Int(body[place]) : nil
    case 0x80...0x84, 0x87, 0x8A...0x8C, 0x8E...0x9C, 0x9E...0xA8, 0xAD, 0xB0: 2
    case 0x85, 0x86, 0x9D, 0xA9, 0xAB, 0xAC, 0xAE, 0xAF, 0xB1, 0xB3, 0xB8, 0xC0: 1
    case 0x89, 0xAA, 0xB5, 0xB6, 0xB9: 4
    case 0xB2: 10
    case 0xB4: 8
    case 0xB7: 15
    case 0xBA: 24
    default: nil
    }
  }

  /// Whether a tag is there.
  func has(_ tag: UInt8) -> Bool { places[Int(tag)] > 0 }

  /// The number of a tag, high byte first; `nil` where it is missing or no number.
  subscript(tag: UInt8) -> Int64? {
    let place = Int(places[Int(tag)])
    guard place > 0, let size = Self.size(tag, body.span, at: place), size <= 4 else { return nil }
    var number: Int64 = 0
    for index in place..<place + size { number = number << 8 | Int64(body[index]) }
    return number
  }

  /// The same of a signed word.
  func signed(_ tag: UInt8) -> Int64? { self[tag].map { Int64(Int16(truncatingIfNeeded: $0)) } }

  /// The bytes of a text.
  func text(_ tag: UInt8) -> ArraySlice<UInt8>? {
    let place = Int(places[Int(tag)])
    guard place > 0, let size = Self.size(tag, body.span, at: place) else { return nil }
    return body[place..<place + size]
  }

  /// The raw value of a row; `nil` where its tag is missing.
  func raw(_ row: Register) -> Int64? {
    let tag = UInt8(truncatingIfNeeded: row.address >> 8)
    return row.form == .int16 ? signed(tag) : self[tag]
  }
}
