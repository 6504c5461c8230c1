// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// The trigger form of the PB series on RS485: the write of a register makes the board send a frame of
/// 300 bytes, and then the acknowledgement of the write.
///
/// The frame has no address; only the acknowledgement tells who sent it, so that one without the other is
/// never taken. Source: logic analyser's captures in mr-manuel/venus-os_dbus-serialbattery.
enum JKPB {
  static let write: UInt8 = 0x10
  private static let acknowledgement = 8

  /// The registers that make a board talk.
  enum Trigger {
    static let about: UInt16 = 0x161C
    static let settings: UInt16 = 0x161E
    static let status: UInt16 = 0x1620
  }

  /// The request that makes the board with a number talk.
  static func encode(_ address: UInt8, _ register: UInt16) -> [UInt8] {
    var bytes: [UInt8] = [address, write]
    bytes.appendBig(register)
    bytes += [0, 1, 2, 0, 0]
    bytes.appendLittle(Checksum.crc16Modbus(bytes.span))
    return bytes
  }

  /// The question that makes it talk.
  static func ask(_ address: UInt8, _ register: UInt16) -> Request {
    Request(
      tag: UInt32(register) << 16, bytes: encode(address, register), timeout: 600, pauseAfter: 100)
  }

  /// What kind of frame a register makes the board send; `nil` for another.
  private static func kind(_ register: UInt16) -> UInt8? {
    switch register {
    case Trigger.about: JK.Kind.device
    case Trigger.settings: JK.Kind.settings
    case Trigger.status: JK.Kind.cells
    default: nil
    }
  }

  /// What stands at the head of the bytes received by a host that has sent `request`.
  static func scan(_ bytes: borrowing Span<UInt8>, _ request: Request?) -> Scan {
    let scan = JK.scan(bytes)
    guard case .frame(let length) = scan else { return scan }
    guard let sent = request?.bytes, sent.count >= 6, bytes[4] == kind(sent.span.bigUInt16(at: 2))
    else { return .skip(length) }
    guard let start = start(bytes) else {
      return bytes.count < length + 3 ? .incomplete : .skip(length)
    }
    return .frame(length: start + acknowledgement)
  }

  /// Where the acknowledgement begins: behind the frame, or behind a zero in between.
  private static func start(_ bytes: borrowing Span<UInt8>) -> Int? {
    let end = JKFrame.length
    if bytes.count > end + 1, bytes[end + 1] == write { return end }
    if bytes.count > end + 2, bytes[end] == 0, bytes[end + 2] == write { return end + 1 }
    return nil
  }

  /// The frame of an answer whose acknowledgement is that of the request; of any request where that is
  /// `nil`.
  static func frame(
    _ bytes: borrowing Span<UInt8>, _ sent: [UInt8]?
  ) throws(WireError) -> JKFrame {
    let frame = try JKFrame(checked: bytes)
    guard let start = start(bytes), bytes.count == start + acknowledgement else {
      throw .truncated(got: bytes.count, needed: JKFrame.length + acknowledgement)
    }
    let tail = bytes.extracting(start..<start + acknowledgement)
    let found = tail.littleUInt16(at: 6)
    let computed = Checksum.crc16Modbus(tail, count: 6)
    guard found == computed else { throw .badChecksum(found: found, computed: computed) }
    for index in 0..<6 {
      if let sent, tail[index] != sent[index] {
        throw .unexpected(byte: tail[index], at: start + index)
      }
    }
    guard frame.kind == kind(tail.bigUInt16(at: 2)) else {
      throw .unexpected(byte: frame.kind, at: 4)
    }
    return frame
  }

  /// Checks one answer and takes its values over.
  static func read(
    _ bytes: borrowing Span<UInt8>, _ sent: [UInt8]?, _ facts: inout Facts,
    _ reading: inout Reading, inverts: Bool
  ) throws(WireError) {
    let frame = try frame(bytes, sent)
    try JKBLE.read(frame.bytes.span, nil, &facts, &reading, inverts: inverts)
    guard frame.kind != JK.Kind.cells || JKBLE.likelyLayout(facts) == .jk32 else {
      throw .implausible("boards with this port have frames of another form")
    }
  }

  /// The fuller account of one exchange.
  static func explain(
    _ request: [UInt8]?, _ chunks: [[UInt8]], _ facts: inout Facts, inverts: Bool
  ) -> Exchange {
    var exchange = Exchange()
    let bytes = chunks.flatMap { $0 }
    var place = 0
    while place < bytes.count {
      let rest = bytes.span.extracting(place..<bytes.count)
      guard case .frame = JK.scan(rest), let start = start(rest),
        rest.count >= start + acknowledgement
      else {
        place += 1
        continue
      }
      let answer = rest.extracting(0..<start + acknowledgement)
      do throws(WireError) {
        let frame = try frame(answer, request)
        try read(answer, request, &facts, &exchange.whole.reading, inverts: inverts)
        exchange.error = nil
        exchange.exchange.append(.init("address", .number(Int64(answer[start]))))
        JKBLE.describe(frame, facts, &exchange)
        return exchange
      } catch {
        exchange.error = exchange.error ?? error
        place += 1
      }
    }
    exchange.error =
      exchange.error ?? .truncated(got: bytes.count, needed: JKFrame.length + acknowledgement)
    return exchange
  }
}

extension Dialect {
  /// JK boards of the PB series by the frames that a trigger makes them send.
  public static func jkPB(_ options: DialectOptions) -> Dialect {
    let address = options.address ?? 1
    let inverts = options.invertsCurrent
    func ask(_ register: UInt16) -> Request { JKPB.ask(address, register) }
    return Dialect(
      name: "jk-pb", title: "JK PB series, by triggers", maker: JK.maker,
      summary:
        "JK boards of the PB series on RS485, by the frames that the maker's program asks for.",
      provenance: .captured, doors: [.rs485(baud: JK.baud)],
      registers: JK.settings.map { $0.row }, keys: JKCells.keys,
      polls: [
        Poll(ask(JKPB.Trigger.status), .live),
        Poll(ask(JKPB.Trigger.settings), .every(60_000), afterWrites: true),
        Poll(ask(JKPB.Trigger.about), .once, isOptional: true),
      ],
      tellsCutoffs: true, trust: Trust(.sum8),
      choices: DialectChoices(addresses: 1...15, invertsCurrent: true), scan: JKPB.scan,
      read: { frame, request, facts, reading throws(WireError) in
        guard let request else { throw .notAReading }
        try JKPB.read(frame, request.bytes, &facts, &reading, inverts: inverts)
      },
      explain: { request, chunks, facts in
        JKPB.explain(request, chunks, &facts, inverts: inverts)
      })
  }
}
