// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// The language of JBD boards, which are also sold as Xiaoxiang, LLT and Overkill: `DD … 77`.
///
/// Source: JBD "software board protocol" V8 to V11; captures in the fixtures; docs/protocols/jbd.md.
enum JBD {
  static let start: UInt8 = 0xDD
  static let end: UInt8 = 0x77
  static let baud = 9600

  /// Registers that are read without leave.
  enum Register {
    static let basic: UInt8 = 0x03
    static let cells: UInt8 = 0x04
    static let model: UInt8 = 0x05
    static let counters: UInt8 = 0xAA
    static let openFactory: UInt8 = 0x00
    static let closeFactory: UInt8 = 0x01
    static let usePassword: UInt8 = 0x06
    static let switches: UInt8 = 0xE1
    static let remaining: UInt8 = 0xE0
    static let manufacturer: UInt8 = 0xA0
    static let device: UInt8 = 0xA1
    static let barcode: UInt8 = 0xA2
  }

  /// Where the conversation remembers what.
  enum Slot {
    /// 1 where charges are counted in steps ten times as coarse.
    static let isCoarse = 0
  }

  /// What the second byte of a request says.
  static let read: UInt8 = 0xA5
  static let write: UInt8 = 0x5A
  /// What a board says that could not read a request: the same may succeed when asked again.
  static let checksumError: UInt8 = 0x82

  /// A request.
  static func encode(_ action: UInt8, _ register: UInt8, _ data: [UInt8] = []) -> [UInt8] {
    var bytes: [UInt8] = [start, action, register, UInt8(truncatingIfNeeded: data.count)]
    bytes += data
    bytes.appendBig(sum(bytes.span, from: 2, to: bytes.count))
    bytes.append(end)
    return bytes
  }

  /// The checksum: what makes the bytes' sum zero in sixteen bits.
  static func sum(_ bytes: borrowing Span<UInt8>, from start: Int, to end: Int) -> UInt16 {
    var sum: UInt16 = 0
    for index in start..<end { sum &-= UInt16(bytes[index]) }
    return sum
  }

  /// What stands at the head of the bytes received by a host that has sent `request`.
  ///
  /// An answer carries register, status, length and data; 0x77 may stand in its data, so only the length
  /// tells where it ends.
  static func scan(_ bytes: borrowing Span<UInt8>, _ request: Request?) -> Scan {
    guard bytes.count > 0 else { return .incomplete }
    guard bytes[0] == start, let sent = request?.bytes, sent.count >= 7 else {
      return .skip(toNextStart(bytes))
    }
    guard bytes.count >= 2 else { return .incomplete }
    guard bytes[1] == sent[2] else { return .skip(echo(bytes, sent) ?? toNextStart(bytes)) }
    guard bytes.count >= 3 else { return .incomplete }
    guard bytes[2] == 0 || (0x80...0x83).contains(bytes[2]) else {
      return .skip(toNextStart(bytes))
    }
    guard bytes.count >= 4 else { return .incomplete }
    guard isLength(bytes[3], sent, bytes[2]) else { return .skip(toNextStart(bytes)) }
    let length = Int(bytes[3]) + 7
    guard bytes.count >= length else { return .incomplete }
    return bytes[length - 1] == end ? .frame(length: length) : .skip(toNextStart(bytes))
  }

  /// Whether an answer to a request may have data of this length.
  private static func isLength(_ length: UInt8, _ sent: [UInt8], _ status: UInt8) -> Bool {
    guard status == 0 else { return length == 0 }
    guard sent[1] == read else { return length == 0 }
    switch sent[2] {
    case Register.basic: return length >= 23 && length <= 128
    case Register.cells: return length % 2 == 0 && (2...64).contains(length)
    case Register.counters: return length % 2 == 0 && (22...32).contains(length)
    case Register.model, Register.manufacturer, Register.device, Register.barcode:
      return length <= 64
    case 0x10...0x47: return length == 2
    default: return true
    }
  }

  /// How long our own request at the head is; `nil` when it is not there.
  private static func echo(_ bytes: borrowing Span<UInt8>, _ sent: [UInt8]) -> Int? {
    guard bytes.count >= sent.count else { return nil }
    for index in 0..<sent.count where bytes[index] != sent[index] { return nil }
    return sent.count
  }

  private static func toNextStart(_ bytes: borrowing Span<UInt8>) -> Int {
    var index = 1
    while index < bytes.count, bytes[index] != start { index += 1 }
    return index
  }

  /// The data of an answer, once it is checked.
  static func data(
    _ frame: borrowing Span<UInt8>, _ request: Request?
  ) throws(WireError) -> [UInt8] {
    guard frame.count >= 7 else { throw .truncated(got: frame.count, needed: 7) }
    guard frame[0] == start else { throw .unexpected(byte: frame[0], at: 0) }
    guard let sent = request?.bytes, sent.count >= 7, frame[1] == sent[2] else {
      throw .unexpected(byte: frame[1], at: 1)
    }
    let count = Int(frame[3])
    guard frame.count == count + 7 else { throw .truncated(got: frame.count, needed: count + 7) }
    guard frame[frame.count - 1] == end else {
      throw .unexpected(byte: frame[frame.count - 1], at: frame.count - 1)
    }
    let found = frame.bigUInt16(at: 4 + count)
    let computed = sum(frame, from: 2, to: 4 + count)
    guard found == computed else { throw .badChecksum(found: found, computed: computed) }
    guard frame[2] == 0 else { throw .refused(command: frame[1], code: frame[2]) }
    guard isLength(frame[3], sent, 0) else { throw .unexpected(byte: frame[3], at: 3) }
    return frame.copy(4, 4 + count)
  }
}

extension Dialect {
  /// JBD boards on their serial port or behind a Bluetooth module.
  public static func jbd(_ options: DialectOptions) -> Dialect {
    Dialect(
      name: "jbd", title: "JBD, Xiaoxiang, Overkill", maker: "JBD",
      summary: "JBD boards, also sold as Xiaoxiang, LLT and Overkill Solar, up to 32 cells.",
      provenance: .captured,
      doors: [
        .uart(baud: JBD.baud), .rs485(baud: JBD.baud),
        .bluetooth(service: 0xFF00, notify: 0xFF01, write: 0xFF02),
      ],
      registers: JBD.registers, polls: JBD.polls,
      trust: Trust(.sum16, sentinels: JBD.noSensor, emptyCell: .zero),
      transientCodes: [JBD.checksumError],
      scan: JBD.scan, read: JBD.read,
      explain: { request, chunks, _ in JBD.explain(request, chunks) })
  }
}

extension JBD {
  private static func ask(_ register: UInt8) -> Request {
    Request(
      tag: UInt32(register) << 16, bytes: encode(read, register), timeout: 600, pauseAfter: 60)
  }

  /// What an open or shorted sensor reads: raw 0 or 65535, in tenths of a kelvin.
  static let noSensor: [Trust.Sentinel] = [
    Trust.zeroKelvin, .temperature(.decidegrees(65_535 - 2731)),
  ]

  /// What is asked by itself: nothing that needs factory mode.
  static let polls: [Poll] = [
    Poll([ask(Register.basic), ask(Register.cells)], .live),
    Poll(ask(Register.model), .once, isOptional: true),
  ]
}
