// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension JKModbus {
  /// The fuller account of one exchange.
  static func explain(_ request: [UInt8]?, _ chunks: [[UInt8]], _ map: ModbusMap) -> Exchange {
    if let request, JKModbusFrame.page(request) == nil {
      return map.explain(request, chunks, registers) { words, reading throws(WireError) in
        try place(words, map, &reading)
      }
    }
    let bytes = chunks.flatMap { $0 }
    var exchange = Exchange()
    guard !bytes.isEmpty else {
      if let page = request.flatMap(JKModbusFrame.page) {
        exchange.exchange.append(.init("trigger", .text(Hex.word(page.trigger))))
      } else {
        exchange.error = .notAReading
      }
      return exchange
    }
    do throws(WireError) {
      if let request {
        try answer(bytes, request, map, &exchange)
      } else {
        guard let place = begin(bytes) else { throw .unexpected(byte: bytes[0], at: 0) }
        let (words, page) = try JKModbusFrame.words(bytes.span.extracting(place..<bytes.count))
        try take(words, page, bytes[place + 5], map, &exchange)
      }
    } catch {
      exchange.error = error
    }
    return exchange
  }

  /// The answer to a trigger: the first whole one.
  private static func answer(
    _ bytes: [UInt8], _ request: [UInt8], _ map: ModbusMap, _ exchange: inout Exchange
  ) throws(WireError) {
    var place = 0
    while place < bytes.count {
      let rest = bytes.span.extracting(place..<bytes.count)
      switch JKModbusFrame.scan(rest, request) {
      case .skip(let count): place += count
      case .frame(let length) where length <= rest.count:
        let words = try JKModbusFrame.words(rest.extracting(0..<length), request)
        guard let page = JKModbusFrame.page(request) else { throw .notAReading }
        return try take(words, page, rest[5], map, &exchange)
      case .frame(let length), .broadcast(let length):
        throw .truncated(got: rest.count, needed: length)
      case .incomplete:
        throw .truncated(
          got: rest.count, needed: JKModbusFrame.length + JKModbusFrame.acknowledgement)
      }
    }
    throw .unexpected(byte: bytes[0], at: 0)
  }

  /// Where a frame begins.
  private static func begin(_ bytes: [UInt8]) -> Int? {
    for place in 0..<max(0, bytes.count - 5) {
      let rest = bytes.span.extracting(place..<bytes.count)
      if ModbusRTU.commonPrefix(rest, JKModbusFrame.start) == 4 { return place }
    }
    return nil
  }

  private static func take(
    _ words: ModbusWords, _ page: JKModbusFrame.Page, _ counter: UInt8, _ map: ModbusMap,
    _ exchange: inout Exchange
  ) throws(WireError) {
    var reading = Reading()
    try place(words, map, &reading)
    exchange.whole.reading = reading
    exchange.registers = map.values(words, registers)
    exchange.whole.details = details(words, page, counter)
  }

  private static func details(
    _ words: ModbusWords, _ page: JKModbusFrame.Page, _ counter: UInt8
  ) -> [Exchange.Entry] {
    switch page {
    case .status:
      let sensors: [UInt16] = [0x12F8, 0x12FA, 0x12FC]
      return [
        .init("frame_counter", .number(Int64(counter))),
        .init(
          "raw_temp_254_256_258_c",
          .list(
            sensors.map { address in
              words.raw(address, .int16).map { .number($0, decimals: 1) } ?? .none
            })),
      ]
    case .settings:
      return [
        mode("charge_switch", 0x1070, words), mode("discharge_switch", 0x1074, words),
        mode("balancer_switch", 0x1078, words),
      ]
    case .about:
      let digits = words.text(0x1448, words: 4)?.prefix { $0 != 0 }
      let date = digits.flatMap { DateText.digits($0) }
      return [
        text("name", 0x1428, 8, words), .init("production_date", date.map { .text($0) } ?? .none),
      ]
    }
  }

  private static func mode(
    _ name: StaticString, _ address: UInt16, _ words: ModbusWords
  ) -> Exchange.Entry {
    .init(name, words.raw(address, .uint32).map { .number($0) } ?? .none)
  }

  private static func text(
    _ name: StaticString, _ address: UInt16, _ count: Int, _ words: ModbusWords
  ) -> Exchange.Entry {
    .init(name, words.text(address, words: count).map { .text(Label($0).string) } ?? .none)
  }
}
