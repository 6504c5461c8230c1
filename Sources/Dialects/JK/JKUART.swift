// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// The language of the display and GPS port: `4E 57`, and in it one tag after the other with its value.
///
/// Source: the maker's description of the port; captures in the fixtures; docs/protocols/jk.md.
enum JKUART {
  static let head: [2 of UInt8] = [0x4E, 0x57]
  /// Bytes around the tags of a frame: 11 before, 9 after.
  static let before = 11
  static let after = 9
  /// The longest frame that is believed to be one.
  static let longest = 600

  /// The third word of a frame's head.
  enum Command {
    static let write: UInt8 = 0x02
    static let readAll: UInt8 = 0x06
  }

  /// The question for everything.
  static let question = Request(
    tag: 1 << 16, bytes: encode(Command.readAll, 0), timeout: 500, pauseAfter: 50)

  private static let host: UInt8 = 3
  private static let request: UInt8 = 0
  private static let reply: UInt8 = 1

  /// A frame from a host.
  static func encode(_ command: UInt8, _ tag: UInt8, _ value: [UInt8] = []) -> [UInt8] {
    var bytes: [UInt8] = [head[0], head[1]]
    bytes.appendBig(UInt16(0x13 + value.count))
    bytes += [0, 0, 0, 0, command, host, request, tag]
    bytes += value
    close(&bytes)
    return bytes
  }

  /// Appends what ends every frame: a record number, an end mark and the sum of all bytes so far.
  private static func close(_ bytes: inout [UInt8]) {
    bytes += [0, 0, 0, 0, 0x68, 0, 0]
    bytes.appendBig(sum(bytes.span, count: bytes.count))
  }

  /// The sum of the first `count` bytes, in sixteen bits.
  static func sum(_ bytes: borrowing Span<UInt8>, count: Int) -> UInt16 {
    var sum: UInt16 = 0
    for index in 0..<count { sum &+= UInt16(bytes[index]) }
    return sum
  }

  /// What stands at the head of the bytes received by a host that has sent `request`.
  static func scan(_ bytes: borrowing Span<UInt8>, _ request: Request?) -> Scan {
    guard bytes.count > 0 else { return .incomplete }
    guard bytes[0] == head[0] else { return .skip(nextHead(bytes)) }
    guard bytes.count >= 2 else { return .incomplete }
    guard bytes[1] == head[1] else { return .skip(nextHead(bytes)) }
    guard bytes.count >= before else { return .incomplete }
    let length = Int(bytes.bigUInt16(at: 2)) + 2
    guard (before + after...longest).contains(length), let sent = request?.bytes,
      sent.count >= before, bytes[8] == sent[8], bytes[10] == reply
    else { return .skip(nextHead(bytes)) }
    return .frame(length: length)
  }

  private static func nextHead(_ bytes: borrowing Span<UInt8>) -> Int {
    var index = 1
    while index < bytes.count, bytes[index] != head[0] { index += 1 }
    return index
  }

  /// The tags of a frame, once it is checked.
  static func body(
    _ frame: borrowing Span<UInt8>, _ request: Request?
  ) throws(WireError) -> [UInt8] {
    guard frame.count >= before + after else {
      throw .truncated(got: frame.count, needed: before + after)
    }
    guard frame[0] == head[0], frame[1] == head[1] else {
      throw .unexpected(byte: frame[0], at: 0)
    }
    let length = Int(frame.bigUInt16(at: 2)) + 2
    guard frame.count == length else { throw .truncated(got: frame.count, needed: length) }
    let found = frame.bigUInt16(at: length - 2)
    // Its own four bytes are no part of what is added up; the upper two are always zero.
    let computed = sum(frame, count: length - 4)
    guard found == computed, frame.bigUInt16(at: length - 4) == 0 else {
      throw .badChecksum(found: found, computed: computed)
    }
    if let sent = request?.bytes, sent.count >= before, frame[8] != sent[8] {
      throw .unexpected(byte: frame[8], at: 8)
    }
    guard frame[10] == reply else { throw .unexpected(byte: frame[10], at: 10) }
    return frame.copy(before, length - after)
  }

  /// Checks one frame and takes its values over.
  static func read(
    _ frame: borrowing Span<UInt8>, _ request: Request?, _ reading: inout Reading, inverts: Bool
  ) throws(WireError) {
    let body = try body(frame, request)
    guard frame[8] == Command.readAll else { throw .notAReading }
    try place(JKTags(body), &reading, inverts: inverts)
  }
}

extension Dialect {
  /// JK boards on their display and GPS port.
  public static func jkUART(_ options: DialectOptions) -> Dialect {
    let inverts = options.invertsCurrent
    return Dialect(
      name: "jk-uart", title: "JK, display port", maker: JK.maker,
      summary:
        "JK boards on their display or GPS port, up to 24 cells, also behind an RS485 adapter.",
      provenance: .captured, doors: [.uart(baud: JK.baud), .rs485(baud: JK.baud)],
      registers: JKUART.rows, keys: JKUART.keys,
      polls: [Poll(JKUART.question, .live)],
      tellsCutoffs: true, trust: Trust(.sum16), choices: DialectChoices(invertsCurrent: true),
      scan: JKUART.scan,
      read: { frame, request, _, reading throws(WireError) in
        try JKUART.read(frame, request, &reading, inverts: inverts)
      },
      explain: { request, chunks, _ in JKUART.explain(request, chunks, inverts: inverts) })
  }
}
