// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

/// The two newer languages of Daly boards: Modbus RTU but for two things.
///
/// `daly-d2` has one address, 0xD2, both ways; `daly-81` is asked at 0x80 and its board number and
/// answers from 0x50 and its board number, which no Modbus master takes. In both, a write of many
/// registers carries no count of bytes.
///
/// Source: Daly "Modbus protocol" (both tables in syssi/esphome-daly-bms), captures in the fixtures.
enum DalyModbus {
  /// The address that an answer to a request comes from.
  static func answering(_ address: UInt8) -> UInt8 {
    (0x81...0x9F).contains(address) ? address - 0x30 : address
  }

  /// A request to read registers.
  static func reading(_ address: UInt8, _ start: UInt16, _ count: UInt16) -> [UInt8] {
    sealed([address, 0x03], start, count)
  }

  /// A request to write one register.
  static func writing(_ address: UInt8, _ register: UInt16, _ value: UInt16) -> [UInt8] {
    sealed([address, 0x06], register, value)
  }

  /// A request to write many registers, which carries no count of bytes.
  static func writing(_ address: UInt8, from start: UInt16, _ words: [UInt16]) -> [UInt8] {
    var bytes: [UInt8] = [address, 0x10]
    bytes.appendBig(start)
    bytes.appendBig(UInt16(truncatingIfNeeded: words.count))
    for word in words { bytes.appendBig(word) }
    return sealed(bytes)
  }

  private static func sealed(_ head: [UInt8], _ first: UInt16, _ second: UInt16) -> [UInt8] {
    var bytes = head
    bytes.appendBig(first)
    bytes.appendBig(second)
    return sealed(bytes)
  }

  /// Bytes with their checksum.
  static func sealed(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    bytes.appendLittle(Checksum.crc16Modbus(bytes.span))
    return bytes
  }

  /// Whether the checksum of a whole frame holds.
  static func check(_ frame: borrowing Span<UInt8>) throws(WireError) {
    guard frame.count >= 5 else { throw .truncated(got: frame.count, needed: 5) }
    let found = frame.littleUInt16(at: frame.count - 2)
    let computed = Checksum.crc16Modbus(frame, count: frame.count - 2)
    guard found == computed else { throw .badChecksum(found: found, computed: computed) }
  }

  /// What stands at the head of the bytes received by a host that has sent `request`.
  static func scan(_ bytes: borrowing Span<UInt8>, _ request: Request?) -> Scan {
    guard bytes.count > 0 else { return .incomplete }
    guard let sent = request?.bytes, sent.count >= 8 else { return .skip(bytes.count) }
    let address = answering(sent[0])
    guard bytes[0] == address else { return .skip(toNext(bytes, address)) }
    guard bytes.count >= 2 else { return .incomplete }
    guard bytes[1] == sent[1] else { return .skip(toNext(bytes, address)) }
    // A write is answered by its head, and a line may send back what was sent: both are eight bytes.
    guard sent[1] == 0x03 else { return .frame(length: 8) }
    guard bytes.count >= 3 else { return .incomplete }
    guard Int(bytes[2]) == 2 * Int(sent[5]), sent[4] == 0 else {
      return isEcho(bytes, sent) ?? .skip(toNext(bytes, address))
    }
    return .frame(length: 5 + Int(bytes[2]))
  }

  /// What to do about our own request at the head; `nil` when it is not there.
  private static func isEcho(_ bytes: borrowing Span<UInt8>, _ sent: [UInt8]) -> Scan? {
    for index in 0..<min(bytes.count, sent.count) where bytes[index] != sent[index] { return nil }
    return bytes.count >= sent.count ? .skip(sent.count) : .incomplete
  }

  private static func toNext(_ bytes: borrowing Span<UInt8>, _ address: UInt8) -> Int {
    var index = 1
    while index < bytes.count, bytes[index] != address { index += 1 }
    return index
  }

  /// Checks an answer and gives its registers; for anything but an answer to a read it throws.
  static func block(
    _ frame: borrowing Span<UInt8>, _ request: Request?
  ) throws(WireError) -> DalyBlock {
    guard let sent = request?.bytes, sent.count >= 8 else { throw .notAReading }
    try check(frame)
    guard frame.count >= 8 || frame[1] == 0x03 else {
      throw .truncated(got: frame.count, needed: 8)
    }
    guard frame[0] == answering(sent[0]) else { throw .unexpected(byte: frame[0], at: 0) }
    guard frame[1] == sent[1] else { throw .unexpected(byte: frame[1], at: 1) }
    guard frame[1] == 0x03 else {
      // The acknowledgement of a write repeats what it wrote, or where it wrote how much.
      for index in 2..<6 where frame[index] != sent[index] {
        throw .unexpected(byte: frame[index], at: index)
      }
      throw .notAReading
    }
    let count = Int(sent[5])
    guard Int(frame[2]) == 2 * count, frame.count == 5 + 2 * count else {
      throw .truncated(got: frame.count, needed: 5 + 2 * count)
    }
    return DalyBlock(
      start: UInt16(sent[2]) << 8 | UInt16(sent[3]), bytes: frame.copy(3, 3 + 2 * count))
  }
}

/// Registers that an answer holds.
struct DalyBlock {
  /// The first register.
  let start: UInt16
  /// Their words, high byte first.
  let bytes: [UInt8]

  /// How many registers there are.
  var count: Int { bytes.count / 2 }

  /// The word of a register; `nil` where the answer does not hold it.
  subscript(register: UInt16) -> UInt16? {
    guard register >= start, Int(register - start) < count else { return nil }
    return bytes.span.bigUInt16(at: 2 * Int(register - start))
  }

  /// Whether the answer holds all of these registers.
  func has(_ first: UInt16, through last: UInt16) -> Bool {
    self[first] != nil && self[last] != nil
  }

  /// A double word, high word first; `nil` where the answer does not hold it.
  func double(_ register: UInt16) -> UInt32? {
    guard let high = self[register], let low = self[register + 1] else { return nil }
    return UInt32(high) << 16 | UInt32(low)
  }

  /// The printable text in a field of so many bytes; `nil` where the answer does not hold it.
  func text(_ register: UInt16, bytes length: Int) -> String? {
    guard has(register, through: register + UInt16(length / 2) - 1) else { return nil }
    return Daly.text(bytes.span, 2 * Int(register - start), length)
  }
}
