// SPDX-License-Identifier: Apache-2.0

import Wire

extension TinyBMS {
  /// What stands at the head of the bytes that a unit has received.
  public enum RequestScan: Equatable, Sendable {
    /// It may become a request; more bytes are needed.
    case incomplete
    /// So many bytes belong to no request.
    case skip(Int)
    /// A whole request.
    case command(Command, length: Int)
    /// A frame that the unit answers with a refusal: its command, and the code to refuse it with.
    case refused(command: UInt8, code: UInt8, length: Int)
  }

  /// Finds the request at the head of `bytes`, as the unit sees it.
  public static func parseRequest(_ bytes: borrowing Span<UInt8>) -> RequestScan {
    let count = bytes.count
    guard count > 0 else { return .incomplete }
    guard bytes[0] == start else {
      var skipped = 1
      while skipped < count, bytes[skipped] != start { skipped += 1 }
      return .skip(skipped)
    }
    guard count >= 3 else { return .incomplete }
    let code = bytes[1]
    guard let length = requestLength(bytes) else {
      // Function 10 tells its length in the seventh byte; nothing else needs to wait.
      return code == 0x10 && count < 7 ? .incomplete : .skip(1)
    }
    // The length byte of a block write may count the address too.
    if code == 0x0B, length > 7, count >= length - 2, isSealed(bytes, length - 2) {
      return command(bytes, length - 2)
    }
    guard count >= length else { return .incomplete }
    guard isSealed(bytes, length) else {
      return .refused(command: code, code: checksumError, length: length)
    }
    return command(bytes, length)
  }

  /// The whole length of the request at the head by its own account; `nil` when it cannot be told.
  private static func requestLength(_ bytes: borrowing Span<UInt8>) -> Int? {
    switch bytes[1] {
    case 0x02: 5
    case 0x03: 8
    case 0x07: 7
    case 0x09: 5 + Int(bytes[2])
    case 0x0B: 7 + Int(bytes[2] & 0x3F)
    case 0x0D: 5 + Int(bytes[2] & 0x3F)
    case 0x10: bytes.count >= 7 ? 9 + Int(bytes[6]) : nil
    case 0x11, 0x12, 0x14...0x1C, 0x1E...0x20: 4
    case 0x1D: 7
    // Unknown commands are taken for bare ones, so that they can be refused.
    default: 4
    }
  }

  private static func isSealed(_ bytes: borrowing Span<UInt8>, _ length: Int) -> Bool {
    bytes.littleUInt16(at: length - 2) == Checksum.crc16Modbus(bytes, count: length - 2)
  }

  /// The request in a frame whose checksum holds.
  private static func command(_ bytes: borrowing Span<UInt8>, _ length: Int) -> RequestScan {
    guard let command = parameters(bytes, length) else {
      return .refused(command: bytes[1], code: commandError, length: length)
    }
    return .command(command, length: length)
  }

  private static func parameters(_ bytes: borrowing Span<UInt8>, _ length: Int) -> Command? {
    switch bytes[1] {
    case 0x02: return Reset(rawValue: bytes[2]).map(Command.reset)
    case 0x03:
      let count = bytes.bigUInt16(at: 4)
      guard (1...127).contains(count) else { return nil }
      return .readModbus(address: bytes.bigUInt16(at: 2), count: UInt8(count))
    case 0x07:
      guard (1...127).contains(bytes[2]) else { return nil }
      return .readBlock(address: bytes.littleUInt16(at: 3), count: bytes[2])
    case 0x09:
      guard bytes[2] > 0, bytes[2] % 2 == 0 else { return nil }
      return .readIndividual(littleWords(bytes, from: 3, count: Int(bytes[2]) / 2))
    case 0x0B:
      let count = (length - 7) / 2
      guard count > 0, (length - 7) % 2 == 0 else { return nil }
      return .writeBlock(
        address: bytes.littleUInt16(at: 3), littleWords(bytes, from: 5, count: count))
    case 0x0D:
      let size = Int(bytes[2] & 0x3F)
      guard size > 0, size % 4 == 0 else { return nil }
      return .writeIndividual(wordPairs(bytes, from: 3, count: size / 4))
    case 0x10:
      let count = bytes.bigUInt16(at: 4)
      guard (1...100).contains(count), Int(bytes[6]) == 2 * Int(count) else { return nil }
      return .writeModbus(
        address: bytes.bigUInt16(at: 2), bigWords(bytes, from: 7, count: Int(count)))
    case 0x1D:
      guard let which = Settings(rawValue: bytes[2]), (1...100).contains(bytes[4]) else {
        return nil
      }
      return .settings(which, count: bytes[4])
    case let code: return bare(code)
    }
  }

  /// The command of a request without parameters.
  static func bare(_ code: UInt8) -> Command? {
    switch code {
    case 0x11: .newestEvents
    case 0x12: .allEvents
    case 0x14: .packVoltage
    case 0x15: .packCurrent
    case 0x16: .highestCell
    case 0x17: .lowestCell
    case 0x18: .status
    case 0x19: .lifetime
    case 0x1A: .soc
    case 0x1B: .temperatures
    case 0x1C: .cells
    case 0x1E: .version
    case 0x1F: .extendedVersion
    case 0x20: .trip
    default: nil
    }
  }

  static func littleWords(_ bytes: borrowing Span<UInt8>, from: Int, count: Int) -> [UInt16] {
    var words: [UInt16] = []
    words.reserveCapacity(count)
    for index in 0..<count { words.append(bytes.littleUInt16(at: from + 2 * index)) }
    return words
  }

  static func bigWords(_ bytes: borrowing Span<UInt8>, from: Int, count: Int) -> [UInt16] {
    var words: [UInt16] = []
    words.reserveCapacity(count)
    for index in 0..<count { words.append(bytes.bigUInt16(at: from + 2 * index)) }
    return words
  }

  static func wordPairs(_ bytes: borrowing Span<UInt8>, from: Int, count: Int) -> [Word] {
    var words: [Word] = []
    words.reserveCapacity(count)
    for index in 0..<count {
      let place = from + 4 * index
      words.append(Word(bytes.littleUInt16(at: place), bytes.littleUInt16(at: place + 2)))
    }
    return words
  }
}
