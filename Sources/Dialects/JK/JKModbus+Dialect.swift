// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension Dialect {
  /// JK boards of the PB series, on RS485.
  public static func jkModbus(_ options: DialectOptions) -> Dialect {
    let map = JKModbus.map(unit: JKModbus.unit(of: options))
    var polls = map.polls
    for index in polls.indices {
      // A board that was left alone answers only some of the first questions.
      for part in polls[index].requests.indices { polls[index].requests[part].tries = 5 }
    }
    return Dialect(
      name: map.name, title: map.title, maker: map.maker,
      summary: "JK boards of the PB series on their RS485 pair, several by their number.",
      provenance: .captured,
      doors: [.rs485(baud: JKModbus.baud), .modbusTCP(unit: Int(map.unit))],
      registers: JKModbus.registers, polls: polls, wake: JKModbus.wake(map.unit),
      modbusWake: map.question(.init(0x1200, 4)), transientCodes: ModbusMap.transientCodes,
      choices: DialectChoices(addresses: 1...15),
      scan: JKModbus.scan,
      read: { frame, request, _, reading throws(WireError) in
        try JKModbus.read(frame, request, map, &reading)
      },
      explain: { request, chunks, _ in JKModbus.explain(request, chunks, map) })
  }
}

extension JKModbus {
  /// The trigger of the status: a board that sleeps answers nothing else before it.
  static func wake(_ unit: UInt8) -> Request {
    Request(
      tag: 0x1620, bytes: JKModbusFrame.trigger(.status, unit: unit), timeout: 300, tries: 5,
      pauseAfter: 100)
  }

  /// What stands at the head of received bytes.
  static func scan(_ bytes: borrowing Span<UInt8>, _ request: Request?) -> Scan {
    guard let sent = request?.bytes, JKModbusFrame.page(sent) != nil else {
      return ModbusRTU.scan(bytes, request)
    }
    return JKModbusFrame.scan(bytes, sent)
  }

  /// Takes an answer over, beside what other answers of the same poll said.
  static func read(
    _ frame: borrowing Span<UInt8>, _ request: Request?, _ map: ModbusMap,
    _ reading: inout Reading
  ) throws(WireError) {
    guard let sent = request?.bytes else { throw .notAReading }
    var new = reading
    let isWhole: Bool
    if JKModbusFrame.page(sent) != nil {
      let words = try JKModbusFrame.words(frame, sent)
      try place(words, map, &new)
      isWhole = words.start == 0x1200
    } else {
      let words = try map.words(frame, request)
      try place(words, map, &new)
      isWhole = words.start == 0x12FA
    }
    if isWhole { try ModbusBounds.checkWhole(new) }
    guard new.saysAnything else { throw .notAReading }
    reading = new
  }
}

extension ModbusMap {
  /// The map of a JK of the PB series.
  public static func jkPB(unit: UInt8 = 1) -> ModbusMap { JKModbus.map(unit: unit) }
}
