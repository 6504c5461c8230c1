// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

/// The classic language of Daly: 13 bytes each way, a command and eight bytes of data.
///
/// Sources: Daly "UART/485 communications protocol" V1.0 and V1.2; captures in the fixtures.
enum DalyA5 {
  static let start: UInt8 = 0xA5
  static let length = 13
  /// The host address of a PC, which answers with as many frames as there are cells.
  static let host: UInt8 = 0x40
  /// Board numbers; a higher second byte is the echo of a host's own request.
  static let boards: ClosedRange<UInt8> = 1...0x1F

  /// What is asked by number.
  enum Command {
    static let pack: UInt8 = 0x90
    static let cellExtremes: UInt8 = 0x91
    static let temperatureExtremes: UInt8 = 0x92
    static let switches: UInt8 = 0x93
    static let counts: UInt8 = 0x94
    static let cells: UInt8 = 0x95
    static let temperatures: UInt8 = 0x96
    static let balancing: UInt8 = 0x97
    static let faults: UInt8 = 0x98
    static let rated: UInt8 = 0x50
    static let boardCounts: UInt8 = 0x51
    static let totals: UInt8 = 0x52
    static let kind: UInt8 = 0x53
    static let index: UInt8 = 0x54
    static let manufacturer: UInt8 = 0x55
    static let model: UInt8 = 0x56
    static let serial: UInt8 = 0x57
    static let cellLimits: UInt8 = 0x59
    static let packLimits: UInt8 = 0x5A
    static let currentLimits: UInt8 = 0x5B
    static let temperatureLimits: UInt8 = 0x5C
    static let chargeLimits: UInt8 = 0x5D
    static let differenceLimits: UInt8 = 0x5E
    static let balanceStart: UInt8 = 0x5F
    static let shunt: UInt8 = 0x60
    static let clock: UInt8 = 0x61
    static let software: UInt8 = 0x62
    static let hardware: UInt8 = 0x63
    static let setClockAndCharge: UInt8 = 0x21
    static let restart: UInt8 = 0x00
    static let finish: UInt8 = 0xD8
    static let dischargeSwitch: UInt8 = 0xD9
    static let chargeSwitch: UInt8 = 0xDA
  }

  /// A request to a board, counted from 1.
  static func encode(
    _ command: UInt8, board: UInt8 = 1, _ data: [8 of UInt8] = .init(repeating: 0)
  ) -> [UInt8] {
    var bytes: [UInt8] = [start, host &+ (board &- 1), command, 8]
    for index in 0..<8 { bytes.append(data[index]) }
    bytes.append(sum(bytes.span, 12))
    return bytes
  }

  /// The sum of the first bytes, low eight bits.
  static func sum(_ bytes: borrowing Span<UInt8>, _ count: Int) -> UInt8 {
    var sum: UInt8 = 0
    for index in 0..<count { sum &+= bytes[index] }
    return sum
  }

  /// Whether the sum of a whole frame holds.
  static func check(_ frame: borrowing Span<UInt8>) throws(WireError) {
    guard frame.count >= length else { throw .truncated(got: frame.count, needed: length) }
    let computed = sum(frame, length - 1)
    guard frame[length - 1] == computed else {
      throw .badChecksum(found: UInt16(frame[length - 1]), computed: UInt16(computed))
    }
  }

  /// What stands at the head of the bytes received.
  ///
  /// A frame of another command or of the host's own making is passed over; so is a frame with a bad
  /// sum, byte by byte, because its data may hold the start of the next.
  static func scan(_ bytes: borrowing Span<UInt8>, _ request: Request?, board: UInt8) -> Scan {
    guard bytes.count > 0 else { return .incomplete }
    guard bytes[0] == start else { return .skip(toNextStart(bytes)) }
    guard bytes.count >= 2 else { return .incomplete }
    guard bytes[1] == board || isEcho(bytes, request) else { return .skip(toNextStart(bytes)) }
    guard bytes.count >= 4 else { return .incomplete }
    guard bytes[3] == 8 else { return .skip(toNextStart(bytes)) }
    guard bytes.count >= length else { return .incomplete }
    guard bytes[1] == board, let sent = request?.bytes, sent.count == length else {
      return .skip(bytes[1] == board ? length : toNextStart(bytes))
    }
    if bytes[2] == sent[2] { return .frame(length: length) }
    // A whole frame of an earlier answer; anything else may begin with a true one.
    return bytes[length - 1] == sum(bytes, length - 1) ? .skip(length) : .skip(1)
  }

  /// Whether the bytes so far are those of the request itself, as a sleeping board sends them back.
  private static func isEcho(_ bytes: borrowing Span<UInt8>, _ request: Request?) -> Bool {
    guard let sent = request?.bytes else { return false }
    for index in 0..<min(bytes.count, sent.count) where bytes[index] != sent[index] { return false }
    return true
  }

  private static func toNextStart(_ bytes: borrowing Span<UInt8>) -> Int {
    var index = 1
    while index < bytes.count, bytes[index] != start { index += 1 }
    return index
  }

  /// Checks one frame and takes its values over.
  static func read(
    _ frame: borrowing Span<UInt8>, _ request: Request?, _ facts: inout Facts,
    _ reading: inout Reading, inverts: Bool
  ) throws(WireError) {
    try check(frame)
    guard frame.count == length else { throw .truncated(got: frame.count, needed: length) }
    guard frame[0] == start else { throw .unexpected(byte: frame[0], at: 0) }
    guard frame[3] == 8 else { throw .unexpected(byte: frame[3], at: 3) }
    guard let sent = request?.bytes, sent.count == length, sent[2] == frame[2] else {
      throw .unexpected(byte: frame[2], at: 2)
    }
    try DalyPayload.place(
      frame[2], frame.extracting(4..<12), &facts, &reading, inverts: inverts)
  }
}
