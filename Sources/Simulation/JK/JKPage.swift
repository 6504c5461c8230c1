// SPDX-License-Identifier: Apache-2.0

import Wire

/// A frame of 300 bytes as a board makes it.
struct JKPage: Sendable {
  static let length = 300

  private(set) var bytes: [UInt8]

  /// An empty frame of a kind.
  init(_ kind: UInt8) {
    bytes = .init(repeating: 0, count: Self.length)
    for (index, byte) in [0x55, 0xAA, 0xEB, 0x90, kind].enumerated() { bytes[index] = byte }
  }

  /// Puts the lowest bytes of a number at an offset, the lowest first.
  mutating func put(_ number: Int64, at offset: Int, _ count: Int) {
    for index in 0..<count {
      bytes[offset + index] = UInt8(truncatingIfNeeded: number >> (8 * Int64(index)))
    }
  }

  /// Puts a number of thousandths as an IEEE number.
  mutating func putFloat(_ number: Int64, over divisor: Int64, at offset: Int) {
    put(Int64((Float(number) / Float(divisor)).bitPattern), at: offset, 4)
  }

  mutating func put(_ text: String, at offset: Int) {
    for (index, byte) in text.utf8.enumerated() { bytes[offset + index] = byte }
  }

  /// Puts bytes as they are.
  mutating func put(_ other: some Sequence<UInt8>, at offset: Int) {
    for (index, byte) in other.enumerated() { bytes[offset + index] = byte }
  }

  /// The number at an offset.
  func number(_ offset: Int) -> UInt32 { bytes.span.littleUInt32(at: offset) }

  /// The bytes with their number and checksum.
  func sealed(_ counter: UInt8) -> [UInt8] {
    var frame = bytes
    frame[5] = counter
    var sum: UInt8 = 0
    for byte in frame.dropLast() { sum &+= byte }
    frame[Self.length - 1] = sum
    return frame
  }
}
