// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// The language of the JBD UP series: an address, a function, a range, and data behind a Modbus checksum.
///
/// Source: captures of two UP16S units (syssi/esphome-jbd-bms), mr-manuel's driver; docs/protocols/jbd.md.
enum JBDUp {
  static let baud = 9600
  static let read: UInt8 = 0x78
  static let single: UInt8 = 0x45
  /// The range that holds the state of a pack.
  static let status: (start: UInt16, end: UInt16) = (0x1000, 0x10A0)

  /// A request for a range.
  static func encode(
    _ address: UInt8, _ function: UInt8, _ start: UInt16, _ end: UInt16
  ) -> [UInt8] {
    var bytes = [address, function]
    bytes.appendBig(start)
    bytes.appendBig(end)
    bytes.appendBig(0)
    bytes.appendLittle(Checksum.crc16Modbus(bytes.span))
    return bytes
  }

  /// What stands at the head of the bytes received by a host that has sent `request`.
  static func scan(_ bytes: borrowing Span<UInt8>, _ request: Request?) -> Scan {
    guard bytes.count > 0 else { return .incomplete }
    guard let sent = request?.bytes, sent.count >= 10 else { return .skip(bytes.count) }
    for index in 0..<min(6, bytes.count) where bytes[index] != sent[index] {
      return .skip(toNextStart(bytes, sent[0]))
    }
    guard bytes.count >= 8 else { return .incomplete }
    let count = Int(bytes.bigUInt16(at: 6))
    // Nothing in it: that is our own request, which the line sends back.
    guard count > 0, count <= 512 else { return .skip(count == 0 ? 10 : 1) }
    return .frame(length: count + 10)
  }

  private static func toNextStart(_ bytes: borrowing Span<UInt8>, _ address: UInt8) -> Int {
    var index = 1
    while index < bytes.count, bytes[index] != address { index += 1 }
    return index
  }

  /// The data of a checked answer.
  static func data(
    _ frame: borrowing Span<UInt8>, _ request: Request?
  ) throws(WireError) -> [UInt8] {
    guard let sent = request?.bytes, sent.count >= 10 else { throw .notAReading }
    guard frame.count >= 10 else { throw .truncated(got: frame.count, needed: 10) }
    for index in 0..<6 where frame[index] != sent[index] {
      throw .unexpected(byte: frame[index], at: index)
    }
    let count = Int(frame.bigUInt16(at: 6))
    guard frame.count == count + 10 else { throw .truncated(got: frame.count, needed: count + 10) }
    let found = frame.littleUInt16(at: frame.count - 2)
    let computed = Checksum.crc16Modbus(frame, count: frame.count - 2)
    guard found == computed else { throw .badChecksum(found: found, computed: computed) }
    return frame.copy(8, 8 + count)
  }

  /// Checks one frame and takes its values over.
  static func read(
    _ frame: borrowing Span<UInt8>, _ request: Request?, _ reading: inout Reading
  ) throws(WireError) {
    let data = try data(frame, request)
    guard frame[1] == read, frame.bigUInt16(at: 2) == status.start else { throw .notAReading }
    try place(data.span, &reading)
  }

  /// The fuller account of one exchange.
  static func explain(_ request: [UInt8]?, _ chunks: [[UInt8]]) -> Exchange {
    var exchange = Exchange()
    guard let request, request.count >= 10 else {
      exchange.error = .truncated(got: request?.count ?? 0, needed: 10)
      return exchange
    }
    let asked = Request(tag: 0, bytes: request)
    let bytes = chunks.flatMap { $0 }
    var place = 0
    while place < bytes.count {
      let rest = bytes.span.extracting(place..<bytes.count)
      guard case .frame(let length) = scan(rest, asked), length <= rest.count else {
        place += 1
        continue
      }
      let frame = rest.extracting(0..<length)
      do throws(WireError) {
        let data = try data(frame, asked)
        exchange.error = nil
        if frame[1] == read, frame.bigUInt16(at: 2) == status.start {
          try self.place(data.span, &exchange.whole.reading)
          exchange.whole.details = [
            .init("address", .number(Int64(frame[0]))),
            .init("protect_bits", .number(Int64(double(data.span, 24)))),
            .init("alarm_bits", .number(Int64(double(data.span, 28)))),
          ]
        } else {
          exchange.exchange.append(.init("payload_hex", .text(Hex.string(data.span))))
        }
        return exchange
      } catch {
        exchange.error = exchange.error ?? error
        place += 1
      }
    }
    exchange.error = exchange.error ?? .truncated(got: bytes.count, needed: 10)
    return exchange
  }

  static func double(_ data: borrowing Span<UInt8>, _ offset: Int) -> UInt32 {
    UInt32(data.bigUInt16(at: offset)) << 16 | UInt32(data.bigUInt16(at: offset + 2))
  }
}

extension Dialect {
  /// JBD packs of the UP series, several on one RS485 bus by their number.
  public static func jbdUp(_ options: DialectOptions) -> Dialect {
    let address = options.address ?? 1
    let status = JBDUp.encode(address, JBDUp.read, JBDUp.status.start, JBDUp.status.end)
    return Dialect(
      name: "jbd-up", title: "JBD UP series", maker: "JBD",
      summary: "JBD packs of the UP series, up to 24 cells, several on one bus by their number.",
      provenance: .captured, doors: [.rs485(baud: JBDUp.baud)],
      polls: [Poll(Request(tag: 1 << 16, bytes: status, timeout: 900, pauseAfter: 100), .live)],
      trust: Trust(.crc16, emptyCell: .zero),
      choices: DialectChoices(addresses: 1...247),
      scan: JBDUp.scan,
      read: { frame, request, _, reading throws(WireError) in
        try JBDUp.read(frame, request, &reading)
      }, explain: { request, chunks, _ in JBDUp.explain(request, chunks) })
  }
}
