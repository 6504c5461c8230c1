// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension Dialect {
  /// Daly boards of the series H, K, M and S with the address 0xD2.
  public static func dalyD2(_ options: DialectOptions) -> Dialect {
    let inverts = options.invertsCurrent
    return Dialect(
      name: "daly-d2", title: "Daly H, K, M, S", maker: Daly.maker,
      summary: "Daly boards of the series H, K, M and S, which answer at the address 0xD2.",
      provenance: .captured,
      doors: [
        .uart(baud: Daly.baud), .rs485(baud: Daly.baud),
        .bluetooth(service: 0xFFF0, notify: 0xFFF1, write: 0xFFF2),
      ],
      registers: DalyD2.registers, polls: DalyD2.polls,
      trust: Trust(.crc16, sentinels: Daly.noSensor),
      choices: DialectChoices(invertsCurrent: true),
      scan: DalyModbus.scan,
      read: { frame, request, _, reading throws(WireError) in
        try DalyD2.read(frame, request, &reading, inverts: inverts)
      },
      statusName: Daly.state,
      explain: { request, chunks, _ in
        DalyModbus.explain(
          request, chunks,
          .init(
            registers: DalyD2.registers,
            place: { block, reading throws(WireError) in
              try DalyD2.place(block, &reading, inverts: inverts)
            }, details: DalyD2.details))
      })
  }

  /// Newer Daly boards, asked at 0x80 and their number and answering from 0x50 and their number.
  public static func daly81(_ options: DialectOptions) -> Dialect {
    let address = Daly81.address(of: options.address ?? 1)
    let inverts = options.invertsCurrent
    return Dialect(
      name: "daly-81", title: "Daly, newer", maker: Daly.maker,
      summary:
        "Newer Daly boards on RS485, UART and Bluetooth, several on one bus by their number.",
      provenance: .captured,
      doors: [
        .uart(baud: Daly.baud), .rs485(baud: Daly.baud),
        .bluetooth(service: 0xFFF0, notify: 0xFFF1, write: 0xFFF2),
      ],
      registers: Daly81.registers, polls: Daly81.polls(address),
      trust: Trust(.crc16, sentinels: Daly.noSensor),
      choices: DialectChoices(addresses: DalyA5.boards, invertsCurrent: true),
      scan: DalyModbus.scan,
      read: { frame, request, _, reading throws(WireError) in
        try Daly81.read(frame, request, &reading, inverts: inverts)
      },
      statusName: Daly.state,
      explain: { request, chunks, _ in
        DalyModbus.explain(
          request, chunks,
          .init(
            registers: Daly81.registers,
            place: { block, reading throws(WireError) in
              try Daly81.place(block, &reading, inverts: inverts)
            }, details: Daly81.details))
      })
  }
}

extension DalyModbus {
  /// A request of the plan.
  static func ask(_ address: UInt8, _ start: UInt16, _ count: UInt16) -> Request {
    Request(
      tag: UInt32(start) << 16 | UInt32(count), bytes: reading(address, start, count),
      timeout: 500, pauseAfter: 100)
  }
}

extension DalyD2 {
  /// What is asked by itself.
  static let polls: [Poll] = [
    Poll(DalyModbus.ask(address, 0, status), .live),
    // Boards that answer more tell of their switches' temperature and of the cells being balanced.
    Poll(DalyModbus.ask(address, 0, longStatus), .every(5000), isOptional: true),
    Poll(DalyModbus.ask(address, 0x80, 41), .every(60_000), isOptional: true),
    Poll(DalyModbus.ask(address, 0xA9, 32), .once, isOptional: true),
  ]
}

extension Daly81 {
  /// What is asked by itself.
  static func polls(_ address: UInt8) -> [Poll] {
    [
      Poll([DalyModbus.ask(address, 0, 64), DalyModbus.ask(address, 0x41, 62)], .live),
      Poll(DalyModbus.ask(address, 0x100, 81), .every(60_000), isOptional: true),
      Poll(DalyModbus.ask(address, 0x178, 74), .once, isOptional: true),
    ]
  }
}
