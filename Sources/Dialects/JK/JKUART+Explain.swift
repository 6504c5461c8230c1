// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension JKUART {
  /// The fuller account of one exchange; also of tags alone, as documents print them.
  static func explain(
    _ request: [UInt8]?, _ chunks: [[UInt8]], inverts: Bool
  ) -> Exchange {
    var exchange = Exchange()
    let bytes = chunks.flatMap { $0 }
    if bytes.first == 0x79 {
      take(JKTags(bytes), &exchange, inverts: inverts)
      exchange.exchange.append(.init("checked", .flag(false)))
      return exchange
    }
    let asked = Request(tag: 0, bytes: request ?? encode(Command.readAll, 0))
    var place = 0
    while place < bytes.count {
      let rest = bytes.span.extracting(place..<bytes.count)
      switch scan(rest, asked) {
      case .skip(let count): place += count
      case .frame(let length) where length <= rest.count:
        do throws(WireError) {
          let body = try body(rest.extracting(0..<length), asked)
          exchange.error = nil
          if rest[8] == Command.readAll { take(JKTags(body), &exchange, inverts: inverts) }
          return exchange
        } catch {
          exchange.error = exchange.error ?? error
          damage(rest.extracting(0..<length), &exchange)
          place += 1
        }
      case .frame(let length), .broadcast(let length):
        if exchange.error == nil {
          exchange.error = .truncated(got: rest.count, needed: length)
          damage(rest, &exchange)
        }
        place = bytes.count
      case .incomplete: place = bytes.count
      }
    }
    exchange.error =
      exchange.error ?? .truncated(got: bytes.count, needed: before + after)
    exchange.exchange.append(.init("valid_frame", .flag(false)))
    return exchange
  }

  /// What is wrong with a frame that lost bytes or has others.
  private static func damage(_ frame: borrowing Span<UInt8>, _ exchange: inout Exchange) {
    guard frame.count >= before + after, exchange.exchange.isEmpty else { return }
    exchange.exchange = [
      .init("checksum_received", .number(Int64(frame.bigUInt16(at: frame.count - 2)))),
      .init("checksum_computed", .number(Int64(sum(frame, count: frame.count - 4)))),
      .init("length_field", .number(Int64(frame.bigUInt16(at: 2)) + 2)),
      .init("received_length", .number(Int64(frame.count))),
    ]
  }

  private static func take(_ tags: JKTags, _ exchange: inout Exchange, inverts: Bool) {
    do throws(WireError) {
      try place(tags, &exchange.whole.reading, inverts: inverts)
    } catch {
      exchange.error = error
      return
    }
    exchange.whole.details = [
      .init("alarm_bits", .number(tags[0x8B] ?? 0)),
      .init("cycle_capacity_ah", tags[0x89].map { .number($0) } ?? .none),
    ]
    if let date = tags.text(0xB5).flatMap({ DateText.digits($0) }) {
      exchange.whole.details.append(.init("production_date", .text(date)))
    }
    for row in rows {
      if let raw = tags.raw(row) { exchange.registers.append(.init(row, raw)) }
    }
  }
}
