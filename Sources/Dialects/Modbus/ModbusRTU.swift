// SPDX-License-Identifier: Apache-2.0

public import Wire

/// Reading registers by Modbus on a serial line, the part of it that batteries need.
///
/// Source: MODBUS over Serial Line V1.02, 2.5.1; MODBUS Application Protocol V1.1b3, 6.3, 6.4 and 7.
public enum ModbusRTU {
  /// How many registers one question may ask for.
  public static let counts = 1...125

  /// A question for registers.
  ///
  /// - Parameters:
  ///   - unit: number of the device on its line.
  ///   - function: 3 for holding registers, 4 for input registers.
  ///   - start: address of the first.
  ///   - count: how many.
  /// - Returns: the frame, checksum included.
  public static func reading(
    _ unit: UInt8, _ function: UInt8, _ start: UInt16, _ count: UInt16
  ) -> [UInt8] {
    var bytes = [unit, function]
    bytes.appendBig(start)
    bytes.appendBig(count)
    seal(&bytes)
    return bytes
  }

  /// Appends the checksum of all bytes so far.
  public static func seal(_ bytes: inout [UInt8]) {
    bytes.appendLittle(Checksum.crc16Modbus(bytes.span))
  }

  /// Whether the checksum of a whole frame holds.
  public static func check(_ frame: borrowing Span<UInt8>) throws(WireError) {
    guard frame.count >= 5 else { throw .truncated(got: frame.count, needed: 5) }
    let found = frame.littleUInt16(at: frame.count - 2)
    let computed = Checksum.crc16Modbus(frame, count: frame.count - 2)
    guard found == computed else { throw .badChecksum(found: found, computed: computed) }
  }

  /// Whether these bytes are a question for registers, by their form.
  static func isReading(_ bytes: borrowing Span<UInt8>) -> Bool {
    bytes.count == 8 && (bytes[1] == 3 || bytes[1] == 4)
      && counts.contains(Int(bytes.bigUInt16(at: 4)))
  }

  /// What stands at the head of the bytes received by a host that has asked for registers.
  static func scan(_ bytes: borrowing Span<UInt8>, _ request: Request?) -> Scan {
    guard bytes.count > 0 else { return .incomplete }
    guard let sent = request?.bytes, isReading(sent.span) else { return .skip(bytes.count) }
    guard bytes[0] == sent[0] else { return .skip(toNext(bytes, sent[0])) }
    guard bytes.count >= 2 else { return .incomplete }
    if bytes[1] == sent[1] | 0x80 { return .frame(length: 5) }
    guard bytes[1] == sent[1] else { return .skip(toNext(bytes, sent[0])) }
    // An RS485 line may send back what was sent.
    let common = commonPrefix(bytes, sent)
    if common == sent.count { return .skip(sent.count) }
    guard bytes.count >= 3 else { return .incomplete }
    guard Int(bytes[2]) == 2 * Int(sent[5]) else {
      return common == bytes.count ? .incomplete : .skip(toNext(bytes, sent[0]))
    }
    return .frame(length: 5 + Int(bytes[2]))
  }

  /// Checks an answer and gives its data.
  ///
  /// An exception of the device is thrown as its refusal, one of a gateway that does not reach it as an
  /// exception: that is no sign of the battery.
  static func data(
    _ frame: borrowing Span<UInt8>, _ request: Request?
  ) throws(WireError) -> [UInt8] {
    guard let sent = request?.bytes, isReading(sent.span) else { throw .notAReading }
    try check(frame)
    guard frame[0] == sent[0] else { throw .unexpected(byte: frame[0], at: 0) }
    if frame[1] == sent[1] | 0x80, frame.count == 5 {
      guard frame[2] != 10, frame[2] != 11 else {
        throw .exception(function: sent[1], code: frame[2])
      }
      throw .refused(command: sent[1], code: frame[2])
    }
    guard frame[1] == sent[1] else { throw .unexpected(byte: frame[1], at: 1) }
    let length = 2 * Int(sent[5])
    guard Int(frame[2]) == length else { throw .unexpected(byte: frame[2], at: 2) }
    guard frame.count == 5 + length else {
      throw .truncated(got: frame.count, needed: 5 + length)
    }
    return frame.copy(3, 3 + length)
  }

  /// How many bytes at the head are those that were sent.
  static func commonPrefix(_ bytes: borrowing Span<UInt8>, _ sent: [UInt8]) -> Int {
    var count = 0
    while count < bytes.count, count < sent.count, bytes[count] == sent[count] { count += 1 }
    return count
  }

  /// How many bytes to pass over up to the next that may begin an answer of this device.
  static func toNext(_ bytes: borrowing Span<UInt8>, _ unit: UInt8) -> Int {
    var index = 1
    while index < bytes.count, bytes[index] != unit { index += 1 }
    return index
  }
}
