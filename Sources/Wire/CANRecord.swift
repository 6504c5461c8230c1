// SPDX-License-Identifier: Apache-2.0

/// The form in which CAN frames stand in a stream of bytes, so that a conversation on a bus is one of
/// bytes like any other: always 13 bytes.
///
/// Four bytes of identifier, high byte first, whose top bit tells an extended one; the length of the
/// payload; eight bytes of payload, zero beyond its length.
public enum CANRecord {
  /// Bytes of a record.
  public static let length = 13
  /// The bit of the first byte that tells an extended identifier.
  public static let extended: UInt8 = 0x80

  /// Appends the record of a frame.
  public static func append(_ frame: CANFrame, to bytes: inout [UInt8]) {
    bytes.append(UInt8(truncatingIfNeeded: frame.id >> 24) | (frame.isExtended ? extended : 0))
    bytes.append(UInt8(truncatingIfNeeded: frame.id >> 16))
    bytes.append(UInt8(truncatingIfNeeded: frame.id >> 8))
    bytes.append(UInt8(truncatingIfNeeded: frame.id))
    bytes.append(frame.count)
    for index in 0..<8 { bytes.append(frame.data[index]) }
  }

  /// The record of a frame.
  public static func bytes(_ frame: CANFrame) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(length)
    append(frame, to: &bytes)
    return bytes
  }

  /// The frame whose record begins at `offset`; `nil` where these bytes are none.
  public static func frame(_ bytes: borrowing Span<UInt8>, at offset: Int = 0) -> CANFrame? {
    guard offset >= 0, offset + length <= bytes.count, bytes[offset + 4] <= 8 else { return nil }
    let isExtended = bytes[offset] & extended != 0
    var id = UInt32(bytes[offset] & ~extended)
    for index in 1..<4 { id = id << 8 | UInt32(bytes[offset + index]) }
    guard id <= (isExtended ? 0x1FFF_FFFF : 0x7FF) else { return nil }
    let start = offset + 5
    return CANFrame(
      id: id, isExtended: isExtended, bytes.extracting(start..<start + Int(bytes[offset + 4])))
  }
}
