// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension DalyModbus {
  /// What sets one of the two languages apart where an exchange is explained.
  struct Accent: Sendable {
    let registers: [Register]
    let place: @Sendable (DalyBlock, inout Reading) throws(WireError) -> Void
    let details: @Sendable (DalyBlock) -> [Exchange.Entry]
  }

  /// The fuller account of one exchange.
  static func explain(_ request: [UInt8]?, _ chunks: [[UInt8]], _ accent: Accent) -> Exchange {
    let bytes = chunks.flatMap { $0 }
    var exchange = Exchange()
    if let request, request.count < 8 {
      exchange.error = .truncated(got: request.count, needed: 8)
      return exchange
    }
    guard !bytes.isEmpty else {
      explain(request: request ?? [], &exchange)
      return exchange
    }
    if let request {
      answer(bytes, request, accent, &exchange)
    } else {
      hunt(bytes, &exchange)
    }
    return exchange
  }

  /// What a request without an answer asks.
  private static func explain(request: [UInt8], _ exchange: inout Exchange) {
    do throws(WireError) {
      try check(request.span)
    } catch {
      exchange.error = error
      return
    }
    let register = request.span.bigUInt16(at: 2)
    let text = String(Hex.word(register).dropFirst(2)).lowercased()
    exchange.exchange.append(.init("register", .text(text)))
    switch request[1] {
    case 0x06:
      exchange.exchange.append(.init("value", .number(Int64(request.span.bigUInt16(at: 4)))))
    case 0x10 where request.count == 14:
      if let clock = DateText.clock(request.span, at: 6) {
        exchange.exchange.append(.init("rtc", .text(clock)))
      }
    default:
      exchange.exchange.append(.init("count", .number(Int64(request.span.bigUInt16(at: 4)))))
    }
  }

  /// The answer to a request: the first whole frame that is one.
  private static func answer(
    _ bytes: [UInt8], _ request: [UInt8], _ accent: Accent, _ exchange: inout Exchange
  ) {
    let asked = Request(tag: 0, bytes: request)
    var place = 0
    while place < bytes.count {
      let rest = bytes.span.extracting(place..<bytes.count)
      switch scan(rest, asked) {
      case .skip(let count): place += count
      case .frame(let length) where length <= rest.count:
        let frame = rest.extracting(0..<length)
        do throws(WireError) {
          try check(frame)
        } catch {
          exchange.error = exchange.error ?? error
          exchange.exchange.append(.init("crc_ok", .flag(false)))
          place += 1
          continue
        }
        exchange.error = nil
        take(frame, asked, accent, &exchange)
        return
      case .frame(let length), .broadcast(let length):
        exchange.error = exchange.error ?? .truncated(got: rest.count, needed: length)
        return
      case .incomplete:
        exchange.error = exchange.error ?? .truncated(got: rest.count, needed: 8)
        return
      }
    }
    if exchange.error == nil { exchange.error = .unexpected(byte: bytes[0], at: 0) }
  }

  private static func take(
    _ frame: borrowing Span<UInt8>, _ request: Request, _ accent: Accent,
    _ exchange: inout Exchange
  ) {
    exchange.exchange.append(.init("crc_ok", .flag(true)))
    exchange.exchange.append(.init("response_address", .number(Int64(frame[0]))))
    guard frame[1] == 0x03 else {
      var isSame = frame.count == request.bytes.count
      for index in 0..<frame.count where isSame && frame[index] != request.bytes[index] {
        isSame = false
      }
      exchange.exchange.append(.init("echo_matches", .flag(isSame)))
      return
    }
    do throws(WireError) {
      let block = try block(frame, request)
      try accent.place(block, &exchange.whole.reading)
      exchange.registers = values(block, accent.registers)
      exchange.whole.details = accent.details(block)
    } catch {
      exchange.error = error
    }
  }

  private static func values(
    _ block: DalyBlock, _ rows: [Register]
  ) -> [Exchange.RegisterValue] {
    var values: [Exchange.RegisterValue] = []
    for row in rows {
      let raw: Int64? =
        switch row.form {
        case .uint32: block.double(row.address).map(Int64.init)
        default: block[row.address].map(Int64.init)
        }
      if let raw { values.append(.init(row, raw)) }
    }
    return values
  }

  /// Answers of which nobody knows what was asked: only how many there are and how long.
  private static func hunt(_ bytes: [UInt8], _ exchange: inout Exchange) {
    var counts: [Exchange.Value] = []
    var place = 0
    while place + 5 <= bytes.count {
      let length = 5 + Int(bytes[place + 2])
      let rest = bytes.span.extracting(place..<bytes.count)
      guard bytes[place + 1] == 0x03, length <= rest.count,
        (try? check(rest.extracting(0..<length))) != nil
      else {
        place += 1
        continue
      }
      counts.append(.number(Int64(length - 5) / 2))
      place += length
    }
    exchange.exchange.append(.init("frames", .number(Int64(counts.count))))
    exchange.exchange.append(.init("frame_register_counts", .list(counts)))
    if counts.isEmpty { exchange.error = .unexpected(byte: bytes[0], at: 0) }
  }
}
