// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// The language on CAN: the board sends by itself, and nothing is asked.
///
/// Source: JK "BMS-CAN protocol", whose second version adds cells, capacities and switches in extended
/// frames. No capture is public.
enum JKCAN {
  static let bitrate = 250_000

  /// What a frame is about: its identifier less the board's number.
  enum Topic {
    static let pack: UInt32 = 0x02F4
    static let cells: UInt32 = 0x04F4
    static let temperatures: UInt32 = 0x05F4
    static let alarms: UInt32 = 0x07F4
    static let capacity: UInt32 = 0x18F1_28F4
    static let sensors: UInt32 = 0x18F2_28F4
    static let errors: UInt32 = 0x18F3_28F4
    static let board: UInt32 = 0x18F4_28F4
    static let switches: UInt32 = 0x18F5_28F4
    static let charger: UInt32 = 0x1806_E5F4
    /// The first page of cells; the others follow in steps of `page`.
    static let firstPage: UInt32 = 0x18E0_28F4
    static let page: UInt32 = 0x1_0000
    static let pages: UInt32 = 8
  }

  /// Where the conversation remembers what.
  enum Slot {
    /// The topics of the first version that came since the last whole picture.
    static let topics = 0
    /// The pages of cells that did, the newest of them, and how many there are.
    static let pages = 1
    static let newest = 2
    static let pageCount = 3
    /// The last alarms and when they came; they are sent only while there are any.
    static let alarms = 4
    static let alarmsAt = 5
  }

  /// How long alarms are taken to act on after they were last sent, in milliseconds; they come every 100 ms.
  static let alarmTime: Int64 = 2000

  /// Which page of cells a topic is; `nil` for another.
  static func page(_ topic: UInt32) -> Int? {
    guard topic >= Topic.firstPage, (topic - Topic.firstPage) % Topic.page == 0,
      (topic - Topic.firstPage) / Topic.page < Topic.pages
    else { return nil }
    return Int((topic - Topic.firstPage) / Topic.page)
  }

  /// What a frame of a board is about; `nil` where it is another's.
  static func topic(_ frame: CANFrame, board: UInt8) -> UInt32? {
    guard frame.id >= UInt32(board) else { return nil }
    let topic = frame.id - UInt32(board)
    let needed: UInt8
    switch topic {
    case Topic.pack, Topic.temperatures: needed = 5
    case Topic.cells, Topic.sensors: needed = 6
    case Topic.alarms: needed = 4
    case Topic.errors: needed = 3
    case Topic.board: needed = 7
    case Topic.switches: needed = 1
    case Topic.capacity: needed = 8
    case Topic.charger: needed = 6
    default:
      guard page(topic) != nil else { return nil }
      needed = 8
    }
    return frame.isExtended == (topic > 0x7FF) && frame.count >= needed ? topic : nil
  }

  /// The identifiers of a board.
  static func filters(_ board: UInt8) -> [CANFilter] {
    var topics = [
      Topic.pack, Topic.cells, Topic.temperatures, Topic.alarms, Topic.capacity, Topic.sensors,
      Topic.errors, Topic.board, Topic.switches, Topic.charger,
    ]
    for page in 0..<Topic.pages { topics.append(Topic.firstPage + page * Topic.page) }
    return topics.map { topic in
      let isExtended = topic > 0x7FF
      return CANFilter(
        id: topic + UInt32(board), mask: isExtended ? 0x1FFF_FFFF : 0x7FF, isExtended: isExtended)
    }
  }

  /// What stands at the head of the records received.
  static func scan(_ bytes: borrowing Span<UInt8>, board: UInt8) -> Scan {
    guard bytes.count >= CANRecord.length else { return .incomplete }
    guard let frame = CANRecord.frame(bytes) else { return .skip(1) }
    return topic(frame, board: board) == nil
      ? .skip(CANRecord.length) : .broadcast(length: CANRecord.length)
  }
}

extension Dialect {
  /// JK boards that send by themselves on CAN.
  public static func jkCAN(_ options: DialectOptions) -> Dialect {
    let board = options.address ?? 0
    let inverts = options.invertsCurrent
    return Dialect(
      name: "jk-can", title: "JK, on CAN", maker: JK.maker,
      summary: "JK boards that send by themselves on CAN, in either version of their protocol.",
      provenance: .documented, doors: [.can(bitrate: JKCAN.bitrate)], keys: JKCAN.keys, polls: [],
      trust: Trust(.bus), canFilters: JKCAN.filters(board),
      choices: DialectChoices(addresses: 0...15, usualAddress: 0, invertsCurrent: true),
      scan: { bytes, _ in JKCAN.scan(bytes, board: board) },
      read: { record, _, facts, reading throws(WireError) in
        try JKCAN.read(record, &facts, &reading, board: board, inverts: inverts)
      },
      explain: { _, chunks, _ in JKCAN.explain(chunks, board: board, inverts: inverts) })
  }
}
