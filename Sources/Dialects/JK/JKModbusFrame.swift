// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

/// A frame that the board sends when it is triggered: a page of the registers with the low byte first,
/// with no address in it, and the acknowledgement of the trigger behind it.
enum JKModbusFrame {
  static let start: [UInt8] = [0x55, 0xAA, 0xEB, 0x90]
  static let length = 300
  /// Bytes of the acknowledgement.
  static let acknowledgement = 8

  /// A page of registers.
  enum Page: UInt8, CaseIterable {
    case settings = 1
    case status = 2
    case about = 3

    /// Its first register.
    var start: UInt16 {
      switch self {
      case .settings: 0x1000
      case .status: 0x1200
      case .about: 0x1400
      }
    }

    /// The register that makes the board send it.
    var trigger: UInt16 {
      switch self {
      case .settings: 0x161E
      case .status: 0x1620
      case .about: 0x161C
      }
    }
  }

  /// The write that makes a board send a page; it changes nothing there.
  static func trigger(_ page: Page, unit: UInt8) -> [UInt8] {
    var bytes: [UInt8] = [unit, 0x10]
    bytes.appendBig(page.trigger)
    bytes += [0, 1, 2, 0, 0]
    ModbusRTU.seal(&bytes)
    return bytes
  }

  /// The page that a request triggers; `nil` where it triggers none.
  static func page(_ request: [UInt8]) -> Page? {
    guard request.count == 11, request[1] == 0x10 else { return nil }
    let register = request.span.bigUInt16(at: 2)
    return Page.allCases.first { $0.trigger == register }
  }

  /// What stands at the head of the bytes received by a host that has sent a trigger.
  static func scan(_ bytes: borrowing Span<UInt8>, _ sent: [UInt8]) -> Scan {
    guard bytes.count > 0 else { return .incomplete }
    if bytes[0] == start[0] {
      let common = ModbusRTU.commonPrefix(bytes, start)
      guard common == min(bytes.count, start.count) else { return .skip(toNext(bytes, sent[0])) }
      guard bytes.count >= length + 2 else { return .incomplete }
      return .frame(length: length + gap(bytes, sent[0]) + acknowledgement)
    }
    guard bytes[0] == sent[0] else { return .skip(toNext(bytes, sent[0])) }
    guard bytes.count >= 2 else { return .incomplete }
    if bytes[1] == 0x90 { return .frame(length: 5) }
    let common = ModbusRTU.commonPrefix(bytes, sent)
    if common == sent.count { return .skip(sent.count) }
    if common == bytes.count { return .incomplete }
    return common >= 6 ? .frame(length: acknowledgement) : .skip(toNext(bytes, sent[0]))
  }

  /// A zero may stand between the frame and the acknowledgement.
  private static func gap(_ bytes: borrowing Span<UInt8>, _ unit: UInt8) -> Int {
    bytes[length] == unit && bytes[length + 1] == 0x10 ? 0 : 1
  }

  private static func toNext(_ bytes: borrowing Span<UInt8>, _ unit: UInt8) -> Int {
    var index = 1
    while index < bytes.count, bytes[index] != unit, bytes[index] != start[0] { index += 1 }
    return index
  }

  /// Checks the answer to a trigger and gives the registers in it; for an acknowledgement alone it
  /// throws.
  static func words(
    _ bytes: borrowing Span<UInt8>, _ sent: [UInt8]
  ) throws(WireError) -> ModbusWords {
    guard bytes.count >= length else {
      try ModbusRTU.check(bytes)
      guard bytes[0] == sent[0] else { throw .unexpected(byte: bytes[0], at: 0) }
      if bytes.count == 5, bytes[1] == 0x90 { throw .refused(command: 0x10, code: bytes[2]) }
      guard bytes.count == acknowledgement, ModbusRTU.commonPrefix(bytes, sent) >= 6 else {
        throw .unexpected(byte: bytes[1], at: 1)
      }
      throw .notAReading
    }
    let (words, page) = try words(bytes)
    guard let asked = Self.page(sent), asked == page else {
      throw .unexpected(byte: bytes[4], at: 4)
    }
    guard bytes.count >= length + acknowledgement else {
      throw .truncated(got: bytes.count, needed: length + acknowledgement)
    }
    // The frame tells no address: only its acknowledgement does.
    let place = length + gap(bytes, sent[0])
    guard bytes.count >= place + acknowledgement else {
      throw .truncated(got: bytes.count, needed: place + acknowledgement)
    }
    let tail = bytes.extracting(place..<place + acknowledgement)
    try ModbusRTU.check(tail)
    guard ModbusRTU.commonPrefix(tail, sent) >= 6 else {
      throw .unexpected(byte: tail[0], at: place)
    }
    return words
  }

  /// The registers in a frame whose checksum holds, and which page they are.
  static func words(
    _ frame: borrowing Span<UInt8>
  ) throws(WireError) -> (ModbusWords, Page) {
    guard frame.count >= length else { throw .truncated(got: frame.count, needed: length) }
    for index in 0..<start.count where frame[index] != start[index] {
      throw .unexpected(byte: frame[index], at: index)
    }
    var sum: UInt8 = 0
    for index in 0..<length - 1 { sum &+= frame[index] }
    guard sum == frame[length - 1] else {
      throw .badChecksum(found: UInt16(frame[length - 1]), computed: UInt16(sum))
    }
    guard let page = Page(rawValue: frame[4]) else { throw .unexpected(byte: frame[4], at: 4) }
    let words = ModbusWords(
      function: 3, start: page.start, step: 2, bytes: frame.copy(6, length - 2), isLittle: true)
    return (words, page)
  }
}
