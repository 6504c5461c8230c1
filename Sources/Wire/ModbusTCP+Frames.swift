// SPDX-License-Identifier: Apache-2.0

// Frames of a serial line: the unit, the function, its data and a checksum.

extension ModbusTCP {
  /// Whether a frame, checksum included, asks for one of the functions that read and write data: 01
  /// to 06, 0F and 10.
  ///
  /// Its length must be that of the function: makers have given the same numbers to orders of their
  /// own, and no gateway would pass those on.
  public static func isRequest(_ frame: borrowing Span<UInt8>) -> Bool {
    guard frame.count >= 8 else { return false }
    let length: Int
    switch frame[1] {
    case 0x01...0x06: length = 8
    case 0x0F, 0x10: length = 9 + Int(frame[6])
    default: return false
    }
    return frame.count == length
      && frame.littleUInt16(at: length - 2) == Checksum.crc16Modbus(frame, count: length - 2)
  }

  /// Whether a whole message answers a request with this unit and function, by its form.
  public static func answers(
    _ message: borrowing Span<UInt8>, unit: UInt8, function: UInt8
  ) -> Bool {
    let frame = message.extracting(6..<message.count)
    guard frame[0] == unit else { return false }
    guard let length = answerLength(frame, to: function) else { return false }
    return frame.count == length
  }

  /// How many bytes the answer to a function has without its checksum, from its first three; `nil`
  /// when it is no answer to that function.
  public static func answerLength(
    _ frame: borrowing Span<UInt8>, to function: UInt8
  ) -> Int? {
    guard frame.count >= 3 else { return nil }
    if frame[1] == function | 0x80 { return 3 }
    guard frame[1] == function else { return nil }
    return switch function {
    case 0x01...0x04: 3 + Int(frame[2])
    case 0x05, 0x06, 0x0F, 0x10: 6
    default: nil
    }
  }
}
