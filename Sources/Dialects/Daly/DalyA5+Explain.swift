// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension DalyA5 {
  /// The fuller account of one exchange: every whole frame among the bytes, whatever was asked.
  static func explain(
    _ request: [UInt8]?, _ chunks: [[UInt8]], _ facts: inout Facts, board: UInt8, inverts: Bool
  ) -> Exchange {
    var exchange = Exchange()
    var account = DalyAccount()
    let bytes = chunks.flatMap { $0 }
    if bytes.isEmpty, let request { return explain(request: request) }
    var place = 0
    while place < bytes.count {
      let rest = bytes.span.extracting(place..<bytes.count)
      guard rest.count >= length, rest[0] == start, boards.contains(rest[1]), rest[3] == 8 else {
        if rest[0] == start, rest.count < length, exchange.error == nil {
          exchange.error = .truncated(got: rest.count, needed: length)
        }
        account.stray += 1
        place += 1
        continue
      }
      do throws(WireError) {
        try check(rest.extracting(0..<length))
      } catch {
        exchange.error = exchange.error ?? error
        account.stray += 1
        place += 1
        continue
      }
      account.take(
        rest[2], rest.extracting(4..<12), request?.dropFirst(2).first, &facts, &exchange,
        inverts: inverts)
      place += length
    }
    account.finish(&exchange)
    return exchange
  }

  /// What a request without an answer asks.
  private static func explain(request: [UInt8]) -> Exchange {
    var exchange = Exchange()
    guard request.count == length, request[0] == start, request[3] == 8 else {
      exchange.error = .truncated(got: request.count, needed: length)
      return exchange
    }
    do throws(WireError) {
      try check(request.span)
    } catch {
      exchange.error = error
      return exchange
    }
    exchange.exchange.append(.init("command", .number(Int64(request[2]))))
    if request[2] == Command.setClockAndCharge {
      let share = Daly.share(request.span.bigUInt16(at: 10))
      exchange.exchange.append(.init("soc_pct", .number(Int64(share.raw), decimals: 6)))
      if let clock = DateText.clock(request.span, at: 4) {
        exchange.exchange.append(.init("rtc", .text(clock)))
      }
    }
    return exchange
  }
}
