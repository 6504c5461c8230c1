// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension Dialect {
  /// Daly boards with the classic language on UART, RS485 and, on older boards, Bluetooth.
  public static func dalyA5(_ options: DialectOptions) -> Dialect {
    let board = options.address ?? 1
    let inverts = options.invertsCurrent
    return Dialect(
      name: "daly-a5", title: "Daly, classic", maker: Daly.maker,
      summary: "Daly Smart BMS with the classic 13-byte language, up to 48 cells.",
      provenance: .captured,
      doors: [
        .uart(baud: Daly.baud), .rs485(baud: Daly.baud),
        .bluetooth(service: 0xFFF0, notify: 0xFFF1, write: 0xFFF2),
      ],
      registers: DalyA5.registers, polls: DalyA5.polls { DalyA5.encode($0, board: board) },
      trust: Trust(.sum8, sentinels: Daly.noSensor),
      choices: DialectChoices(addresses: DalyA5.boards, invertsCurrent: true),
      scan: { bytes, request in DalyA5.scan(bytes, request, board: board) },
      read: { frame, request, facts, reading throws(WireError) in
        try DalyA5.read(frame, request, &facts, &reading, inverts: inverts)
      },
      statusName: Daly.state,
      explain: { request, chunks, facts in
        DalyA5.explain(request, chunks, &facts, board: board, inverts: inverts)
      })
  }
}

extension DalyA5 {
  /// The board is given so long between an answer and the next question: 100 ms and more is safe, less
  /// works on a good line.
  private static let pause: Int64 = 60

  /// What is asked by itself: the live picture in one go, then what seldom changes.
  ///
  /// `encode` makes the bytes that ask a command.
  static func polls(_ encode: (UInt8) -> [UInt8]) -> [Poll] {
    func ask(_ command: UInt8) -> Request {
      Request(
        tag: UInt32(command) << 16, bytes: encode(command), timeout: 400,
        pauseAfter: pause)
    }
    let live = [
      Command.counts, Command.pack, Command.switches, Command.cells, Command.temperatures,
      Command.balancing, Command.faults,
    ]
    let once = [Command.serial, Command.software, Command.hardware, Command.rated]
    let limits = [Command.cellLimits, Command.currentLimits, Command.temperatureLimits]
    return [Poll(live.map(ask), .live)]
      + once.map { Poll(ask($0), .once, isOptional: true) }
      + limits.map { Poll(ask($0), .every(60_000), isOptional: true) }
  }
}
