// SPDX-License-Identifier: Apache-2.0

public import Quantities
import Wire

/// The 300 bytes of a frame, by the offsets at which every link of a JK board tells the same values.
///
/// Over Modbus the same values lie at the same distances, high byte first: a block of registers is read
/// by putting it where it belongs in an empty frame.
public struct JKFrame: Sendable {
  /// How long a frame is, checksum included.
  public static let length = 300

  /// The bytes; always `length` of them.
  public let bytes: [UInt8]
  /// Whether words have their high byte first, as over Modbus.
  public let isBigEndian: Bool

  /// A block of bytes in its place; what lies beyond the frame is dropped.
  public init(_ block: [UInt8], at offset: Int = 0, isBigEndian: Bool = false) {
    var bytes = [UInt8](repeating: 0, count: Self.length)
    for (index, byte) in block.enumerated() where bytes.indices.contains(offset + index) {
      bytes[offset + index] = byte
    }
    self.bytes = bytes
    self.isBigEndian = isBigEndian
  }

  /// The frame that stands in these bytes, once its head and checksum are found right.
  init(checked bytes: borrowing Span<UInt8>) throws(WireError) {
    guard bytes.count >= Self.length else {
      throw .truncated(got: bytes.count, needed: Self.length)
    }
    for index in 0..<4 where bytes[index] != JK.head[index] {
      throw .unexpected(byte: bytes[index], at: index)
    }
    let found = bytes[Self.length - 1]
    let computed = JK.sum(bytes, count: Self.length - 1)
    guard found == computed else {
      throw .badChecksum(found: UInt16(found), computed: UInt16(computed))
    }
    self.init(bytes.copy(0, Self.length))
  }

  /// What the frame is about.
  var kind: UInt8 { bytes[4] }
  /// The board's own number of the frame.
  var counter: UInt8 { bytes[5] }

  /// The byte at an offset.
  public func byte(_ offset: Int) -> UInt8 { bytes[offset] }

  /// The unsigned word at an offset.
  public func word(_ offset: Int) -> UInt16 {
    isBigEndian ? bytes.span.bigUInt16(at: offset) : bytes.span.littleUInt16(at: offset)
  }

  /// The signed word at an offset.
  public func signedWord(_ offset: Int) -> Int16 { Int16(bitPattern: word(offset)) }

  /// The unsigned double word at an offset.
  public func double(_ offset: Int) -> UInt32 {
    isBigEndian
      ? UInt32(word(offset)) << 16 | UInt32(word(offset + 2)) : bytes.span.littleUInt32(at: offset)
  }

  /// The signed double word at an offset.
  public func signedDouble(_ offset: Int) -> Int32 { Int32(bitPattern: double(offset)) }

  /// The IEEE number at an offset.
  public func float(_ offset: Int) -> Binary32 { Binary32(bits: double(offset)) }

  /// The bytes of a text at an offset, up to its first NUL.
  public func text(_ offset: Int, _ count: Int) -> ArraySlice<UInt8> {
    bytes[offset..<offset + count].prefix { $0 != 0 }
  }
}
