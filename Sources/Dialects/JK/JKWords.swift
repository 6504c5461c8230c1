// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

/// Double words written by function 16 of Modbus, as boards of the PB series take their settings: the same
/// for both languages of the pair.
///
/// A register has the number that its place in the frame of settings gives it, 0x1000 for the first.
enum JKWords {
  /// What is added to a place in the frame of settings.
  static let distance: UInt16 = 0x1000 - 6
  private static let function: UInt8 = 0x10
  private static let acknowledgement = 8

  /// The request that writes a double word as one block; what becomes of it is read back before it is
  /// sent again.
  static func writing(_ unit: UInt8, _ register: UInt16, _ number: UInt32) -> Request {
    var bytes: [UInt8] = [unit, function]
    bytes.appendBig(register)
    bytes += [0, 2, 4]
    bytes.appendBig(UInt16(truncatingIfNeeded: number >> 16))
    bytes.appendBig(UInt16(truncatingIfNeeded: number))
    ModbusRTU.seal(&bytes)
    return Request(
      tag: UInt32(register) << 8 | 1, bytes: bytes, timeout: 500, tries: 1, pauseAfter: 500)
  }

  /// Two words, the low one first, as a number.
  static func number(_ words: [UInt16]) -> UInt32 {
    guard words.count == 2 else { return UInt32(words.first ?? 0) }
    return UInt32(words[1]) << 16 | UInt32(words[0])
  }

  /// Whether a request is such a write.
  static func isWrite(_ request: Request?) -> Bool {
    guard let sent = request?.bytes else { return false }
    return sent.count == 13 && sent[1] == function
  }

  /// What stands at the head of the bytes received by a host that has sent such a write.
  static func scan(_ bytes: borrowing Span<UInt8>, _ sent: [UInt8]) -> Scan {
    guard bytes.count > 0 else { return .incomplete }
    guard bytes[0] == sent[0] else { return .skip(ModbusRTU.toNext(bytes, sent[0])) }
    guard bytes.count >= 2 else { return .incomplete }
    if bytes[1] == function | 0x80 { return .frame(length: 5) }
    let common = ModbusRTU.commonPrefix(bytes, sent)
    // The line may send back what was sent.
    if common == sent.count { return .skip(sent.count) }
    if common == bytes.count { return .incomplete }
    return common >= 6
      ? .frame(length: acknowledgement) : .skip(ModbusRTU.toNext(bytes, sent[0]))
  }

  /// Checks the acknowledgement of such a write.
  static func check(_ frame: borrowing Span<UInt8>, _ sent: [UInt8]) throws(WireError) {
    try ModbusRTU.check(frame)
    guard frame[0] == sent[0] else { throw .unexpected(byte: frame[0], at: 0) }
    if frame.count == 5, frame[1] == function | 0x80 {
      throw .refused(command: function, code: frame[2])
    }
    guard frame.count == acknowledgement, ModbusRTU.commonPrefix(frame, sent) >= 6 else {
      throw .unexpected(byte: frame[1], at: 1)
    }
  }
}
