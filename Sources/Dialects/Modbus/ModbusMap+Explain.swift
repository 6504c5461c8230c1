// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension ModbusMap {
  /// Takes registers over into a reading.
  typealias Placing = (ModbusWords, inout Reading) throws(WireError) -> Void

  /// The fuller account of one exchange, by these rows of registers.
  func explain(
    _ request: [UInt8]?, _ chunks: [[UInt8]], _ registers: [Register], _ placing: Placing
  ) -> Exchange {
    let bytes = chunks.flatMap { $0 }
    var exchange = Exchange()
    guard let request, ModbusRTU.isReading(request.span) else {
      exchange.error = bytes.isEmpty ? .notAReading : .unexpected(byte: bytes[0], at: 0)
      return exchange
    }
    guard !bytes.isEmpty else {
      explain(question: request, &exchange)
      return exchange
    }
    let asked = Request(tag: 0, bytes: request)
    var place = 0
    while place < bytes.count {
      let rest = bytes.span.extracting(place..<bytes.count)
      switch ModbusRTU.scan(rest, asked) {
      case .skip(let count): place += count
      case .frame(let length) where length <= rest.count:
        exchange.error = nil
        do throws(WireError) {
          try take(rest.extracting(0..<length), asked, registers, placing, &exchange)
          return exchange
        } catch {
          exchange.error = error
          guard case .badChecksum = error else { return exchange }
          place += 1
        }
      case .frame(let length), .broadcast(let length):
        exchange.error = exchange.error ?? .truncated(got: rest.count, needed: length)
        return exchange
      case .incomplete:
        exchange.error = exchange.error ?? .truncated(got: rest.count, needed: 5)
        return exchange
      }
    }
    exchange.error = exchange.error ?? .unexpected(byte: bytes[0], at: 0)
    return exchange
  }

  /// What a question without an answer asks.
  private func explain(question: [UInt8], _ exchange: inout Exchange) {
    do throws(WireError) {
      try ModbusRTU.check(question.span)
    } catch {
      exchange.error = error
      return
    }
    exchange.exchange.append(.init("function", .number(Int64(question[1]))))
    exchange.exchange.append(
      .init("register", .text(Hex.word(question.span.bigUInt16(at: 2)))))
    exchange.exchange.append(.init("count", .number(Int64(question[5]))))
  }

  private func take(
    _ frame: borrowing Span<UInt8>, _ asked: Request, _ registers: [Register],
    _ placing: Placing, _ exchange: inout Exchange
  ) throws(WireError) {
    let words = try words(frame, asked)
    var reading = Reading()
    try placing(words, &reading)
    exchange.whole.reading = reading
    exchange.registers = values(words, registers)
  }

  /// The rows of a map of registers that an answer holds, with their raw numbers.
  func values(_ words: ModbusWords, _ rows: [Register]) -> [Exchange.RegisterValue] {
    var values: [Exchange.RegisterValue] = []
    for row in rows {
      let raw: Int64? =
        switch row.form {
        case .uint8Low: words.raw(row.address, .uint8Low)
        case .uint8High: words.raw(row.address, .uint8High)
        case .int8Low: words.raw(row.address, .uint8Low).map(signed)
        case .int8High: words.raw(row.address, .uint8High).map(signed)
        case .uint16, .bits16: words.raw(row.address, .uint16)
        case .int16: words.raw(row.address, .int16)
        case .uint32: words.raw(row.address, .uint32)
        case .int32: words.raw(row.address, .int32)
        case .float32, .bytes12, .text: nil
        }
      if let raw { values.append(.init(row, raw)) }
    }
    return values
  }

  private func signed(_ byte: Int64) -> Int64 { Int64(Int8(truncatingIfNeeded: byte)) }
}
