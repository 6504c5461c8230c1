// SPDX-License-Identifier: Apache-2.0

import Battery

extension Victron {
  /// The first two numbers of a firmware version as two bytes, such as 2 and 1 of `2.1.242`.
  ///
  /// `nil` where there are not two with a dot between, or where one does not fit a byte.
  static func version(_ label: Label) -> UInt64? {
    var place = 0
    while place < Int(label.count), digit(label[place]) == nil { place += 1 }
    guard let major = number(label, &place), label[place] == UInt8(ascii: ".") else { return nil }
    place += 1
    guard let minor = number(label, &place) else { return nil }
    return UInt64(major) | UInt64(minor) << 8
  }

  private static func number(_ label: Label, _ place: inout Int) -> UInt8? {
    guard var value = digit(label[place]) else { return nil }
    place += 1
    while let next = digit(label[place]) {
      guard value <= 255 / 10, let sum = UInt8(exactly: Int(value) * 10 + Int(next)) else {
        return nil
      }
      value = sum
      place += 1
    }
    return value
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? byte - UInt8(ascii: "0") : nil
  }
}
