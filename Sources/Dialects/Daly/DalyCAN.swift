// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

/// The classic language on CAN: the same commands and data, in frames of 29-bit identifiers that name
/// command, receiver and sender.
///
/// Source: Daly "CAN communications protocol" V1.0; a log of a real board in the fixtures.
enum DalyCAN {
  /// The number of a PC.
  static let host: UInt32 = 0x40

  /// The identifier of a frame about a command.
  static func identifier(_ command: UInt8, to receiver: UInt32, from sender: UInt32) -> UInt32 {
    0x1800_0000 | UInt32(command) << 16 | receiver << 8 | sender
  }

  /// The answers of a board to this host, whatever the command.
  static func filter(_ board: UInt8) -> CANFilter {
    CANFilter(
      id: identifier(0, to: host, from: UInt32(board)), mask: 0x1F00_FFFF, isExtended: true)
  }

  /// The record of a request to a board.
  static func encode(_ command: UInt8, board: UInt8) -> [UInt8] {
    let id = identifier(command, to: UInt32(board), from: host)
    let payload: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0]
    return CANRecord.bytes(CANFrame(id: id, isExtended: true, payload))
  }

  /// What stands at the head of the records received.
  static func scan(_ bytes: borrowing Span<UInt8>, _ request: Request?) -> Scan {
    guard bytes.count >= CANRecord.length else { return .incomplete }
    guard let frame = CANRecord.frame(bytes) else { return .skip(1) }
    return isAnswer(frame, request) ? .frame(length: CANRecord.length) : .skip(CANRecord.length)
  }

  /// Whether a frame answers a request: the same command, with receiver and sender changed about.
  private static func isAnswer(_ frame: CANFrame, _ request: Request?) -> Bool {
    guard frame.isExtended, frame.count == 8, let sent = request?.bytes,
      let asked = CANRecord.frame(sent.span), asked.isExtended
    else { return false }
    let command = UInt8(truncatingIfNeeded: asked.id >> 16)
    let receiver = asked.id >> 8 & 0xFF
    return frame.id == identifier(command, to: asked.id & 0xFF, from: receiver)
  }

  /// Takes the values of a frame over.
  static func read(
    _ record: borrowing Span<UInt8>, _ request: Request?, _ facts: inout Facts,
    _ reading: inout Reading, inverts: Bool
  ) throws(WireError) {
    guard record.count >= CANRecord.length, let frame = CANRecord.frame(record) else {
      throw .truncated(got: record.count, needed: CANRecord.length)
    }
    guard isAnswer(frame, request) else { throw .unexpected(byte: record[1], at: 1) }
    let data = frame.payload
    try DalyPayload.place(
      UInt8(truncatingIfNeeded: frame.id >> 16), data.span, &facts, &reading, inverts: inverts)
  }

  /// The fuller account of one exchange: every frame of a board among the records.
  static func explain(
    _ request: [UInt8]?, _ chunks: [[UInt8]], _ facts: inout Facts, inverts: Bool
  ) -> Exchange {
    var exchange = Exchange()
    var account = DalyAccount()
    let bytes = chunks.flatMap { $0 }
    var place = 0
    while place + CANRecord.length <= bytes.count {
      let record = bytes.span.extracting(place..<place + CANRecord.length)
      place += CANRecord.length
      guard let frame = CANRecord.frame(record), frame.isExtended, frame.count == 8,
        frame.id >> 24 == 0x18
      else { continue }
      let data = frame.payload
      account.take(
        UInt8(truncatingIfNeeded: frame.id >> 16), data.span, nil, &facts, &exchange,
        inverts: inverts)
    }
    if place < bytes.count || bytes.isEmpty {
      exchange.error = .truncated(got: bytes.count - place, needed: CANRecord.length)
    }
    account.finish(&exchange)
    if let count = facts[DalyPayload.Slot.cells], exchange.whole.reading.cells.count > 0 {
      exchange.whole.reading[.cellCount] = count
    }
    return exchange
  }
}

extension Dialect {
  /// Daly boards with a CAN port that answer questions in the classic language.
  public static func dalyCAN(_ options: DialectOptions) -> Dialect {
    let board = options.address ?? 1
    let inverts = options.invertsCurrent
    return Dialect(
      name: "daly-can", title: "Daly, classic, on CAN", maker: Daly.maker,
      summary: "Daly Smart BMS on CAN with the classic commands.",
      provenance: .captured, doors: [.can(bitrate: Daly.bitrate)],
      registers: DalyA5.registers,
      polls: DalyA5.polls { DalyCAN.encode($0, board: board) },
      trust: Trust(.bus, sentinels: Daly.noSensor),
      canFilters: [DalyCAN.filter(board)],
      choices: DialectChoices(addresses: DalyA5.boards, invertsCurrent: true),
      scan: DalyCAN.scan,
      read: { frame, request, facts, reading throws(WireError) in
        try DalyCAN.read(frame, request, &facts, &reading, inverts: inverts)
      },
      statusName: Daly.state,
      explain: { request, chunks, facts in
        DalyCAN.explain(request, chunks, &facts, inverts: inverts)
      })
  }
}
