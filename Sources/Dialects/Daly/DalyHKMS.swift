// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// The newer language on CAN: after a keep-alive the board streams all it knows, frame by frame.
///
/// Source: patagonaa/esphome-daly-hkms-bms-can, the only one; no capture is public.
enum DalyHKMS {
  /// The frame that keeps a board talking.
  static let keepAlive: [UInt8] = {
    let payload: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0]
    return CANRecord.bytes(CANFrame(id: 0x0400_FF80, isExtended: true, payload))
  }()

  /// What a frame is about: the upper half of its identifier.
  enum Topic {
    static let cells: UInt32 = 0x0400
    static let temperatures: UInt32 = 0x0401
    static let pack: UInt32 = 0x0402
    static let board: UInt32 = 0x0403
    static let switches: UInt32 = 0x0406
    static let counts: UInt32 = 0x0408
    static let balancing: UInt32 = 0x040A
    static let faults: UInt32 = 0x040E
  }

  /// Where the conversation remembers what.
  enum Slot {
    static let cells = 0
    static let sensors = 1
    /// Pages of cells that came, and which other topics.
    static let pages = 2
    static let topics = 3
    /// The first seven bytes of faults.
    static let faults = 4
  }

  /// Everything that a board streams: 0x0400 to 0x040F above, its number below.
  static func filter(_ board: UInt8) -> CANFilter {
    CANFilter(id: Topic.cells << 16 | UInt32(board), mask: 0x1FF0_00FF, isExtended: true)
  }

  /// What stands at the head of the records received.
  static func scan(_ bytes: borrowing Span<UInt8>, board: UInt8) -> Scan {
    guard bytes.count >= CANRecord.length else { return .incomplete }
    guard let frame = CANRecord.frame(bytes) else { return .skip(1) }
    let topic = frame.id >> 16
    guard frame.isExtended, frame.count == 8, frame.id & 0xFF == UInt32(board),
      (Topic.cells...Topic.faults).contains(topic)
    else { return .skip(CANRecord.length) }
    return .broadcast(length: CANRecord.length)
  }

  /// Takes the values of a frame over; the picture is whole when every topic that limits need has come.
  static func read(
    _ record: borrowing Span<UInt8>, _ facts: inout Facts, _ reading: inout Reading, inverts: Bool
  ) throws(WireError) {
    guard let frame = CANRecord.frame(record) else {
      throw .truncated(got: record.count, needed: CANRecord.length)
    }
    guard frame.count == 8 else { throw .unexpected(byte: frame.count, at: 4) }
    if facts.isFirst {
      facts[Slot.pages] = 0
      facts[Slot.topics] = 0
    }
    let payload = frame.payload
    let data = payload.span
    switch frame.id >> 16 {
    case Topic.cells: try placeCells(data, &facts, &reading)
    case Topic.temperatures: placeTemperatures(data, facts, &reading)
    case Topic.pack:
      guard data.bigUInt16(at: 4) <= 1000 else {
        throw .implausible("the state of charge is above 100 %")
      }
      reading.set(.voltage, Voltage.decivolts(data.bigUInt16(at: 0)))
      reading.set(
        .current, Daly.current(data.bigUInt16(at: 2), risesWhenCharging: !inverts))
      reading.set(.soc, Daly.share(data.bigUInt16(at: 4)))
      note(0, &facts)
    case Topic.board: reading.set(.mosfetTemperature, Daly81.sensor(UInt16(data[4])))
    case Topic.switches:
      reading[.chargeEnabled] = data[0] == 1 ? 1 : 0
      reading[.dischargeEnabled] = data[1] == 1 ? 1 : 0
      note(1, &facts)
    case Topic.counts: try placeCounts(data, &facts, &reading)
    case Topic.balancing: reading[.balancing] = data[0] == 0 ? 0 : 1
    case Topic.faults: placeFaults(data, &facts, &reading)
    default: break
    }
    let isWhole = facts[Slot.topics] == 0b11111 && cellsAreWhole(facts)
    facts.isPartial = !isWhole
    facts.isLive = isWhole
  }

  private static func note(_ topic: Int64, _ facts: inout Facts) {
    facts[Slot.topics] = (facts[Slot.topics] ?? 0) | 1 << topic
  }

  private static func cellsAreWhole(_ facts: Facts) -> Bool {
    guard let count = facts[Slot.cells], let pages = facts[Slot.pages] else { return false }
    return pages == (1 << ((count + 2) / 3)) - 1
  }

  private static func placeCells(
    _ data: borrowing Span<UInt8>, _ facts: inout Facts, _ reading: inout Reading
  ) throws(WireError) {
    guard (1...16).contains(data[0]) else { throw .unexpected(byte: data[0], at: 5) }
    guard let count = facts[Slot.cells] else { return }
    let page = Int(data[0]) - 1
    guard 3 * page < Int(count) else { return }
    for place in 0..<3 where 3 * page + place < Int(count) {
      let raw = data.bigUInt16(at: 1 + 2 * place)
      guard raw <= 5500 else { throw .implausible("a cell has more than 5.5 V") }
      reading.cells.place(.millivolts(raw), at: 3 * page + place)
    }
    facts[Slot.pages] = (facts[Slot.pages] ?? 0) | 1 << Int64(page)
  }

  private static func placeTemperatures(
    _ data: borrowing Span<UInt8>, _ facts: Facts, _ reading: inout Reading
  ) {
    guard let count = facts[Slot.sensors], (1...3).contains(data[0]) else { return }
    for place in 0..<7 {
      let index = 7 * (Int(data[0]) - 1) + place
      if index < Int(count) {
        reading.temperatures.place(Daly81.sensor(UInt16(data[1 + place])), at: index)
      }
    }
  }

  private static func placeCounts(
    _ data: borrowing Span<UInt8>, _ facts: inout Facts, _ reading: inout Reading
  ) throws(WireError) {
    guard (1...48).contains(data[0]) else { throw .implausible("its number of cells cannot be") }
    guard data[1] <= 16 else { throw .implausible("its number of sensors cannot be") }
    facts[Slot.cells] = Int64(data[0])
    facts[Slot.sensors] = Int64(data[1])
    reading[.cellCount] = Int64(data[0])
    reading.set(
      .remaining, Charge(raw: Int64(data.bigUInt16(at: 2)) << 16 | Int64(data.bigUInt16(at: 4))))
    reading[.cycles] = Int64(data.bigUInt16(at: 6))
    note(2, &facts)
  }

  /// Two pages of seven bytes, which together are the seven words of the language with the address 0x81.
  private static func placeFaults(
    _ data: borrowing Span<UInt8>, _ facts: inout Facts, _ reading: inout Reading
  ) {
    if data[0] == 1 {
      var packed: Int64 = 0
      for index in 0..<7 { packed |= Int64(data[1 + index]) << (8 * Int64(index)) }
      facts[Slot.faults] = packed
      note(3, &facts)
    } else if data[0] == 2, let first = facts[Slot.faults] {
      var low: [UInt8] = []
      for index in 0..<7 { low.append(UInt8(truncatingIfNeeded: first >> (8 * Int64(index)))) }
      for index in 0..<7 { low.append(data[1 + index]) }
      var words: [UInt8] = []
      for index in 0..<7 { words += [low[2 * index + 1], low[2 * index]] }
      Daly81.placeFaults(DalyBlock(start: 0x6D, bytes: words), &reading)
      note(4, &facts)
    }
  }

  /// The fuller account of what a board said.
  static func explain(_ chunks: [[UInt8]], board: UInt8, inverts: Bool) -> Exchange {
    var exchange = Exchange()
    var facts = Facts()
    let bytes = chunks.flatMap { $0 }
    var place = 0
    while place + CANRecord.length <= bytes.count {
      let record = bytes.span.extracting(place..<place + CANRecord.length)
      place += CANRecord.length
      guard case .broadcast = scan(record, board: board) else { continue }
      facts.isFirst = place == CANRecord.length
      do throws(WireError) {
        try read(record, &facts, &exchange.whole.reading, inverts: inverts)
      } catch { exchange.error = exchange.error ?? error }
    }
    if place < bytes.count || bytes.isEmpty {
      exchange.error = .truncated(got: bytes.count - place, needed: CANRecord.length)
    }
    return exchange
  }
}

extension Dialect {
  /// Newer Daly boards that stream on CAN.
  public static func dalyHKMS(_ options: DialectOptions) -> Dialect {
    let board = options.address ?? 1
    let inverts = options.invertsCurrent
    return Dialect(
      name: "daly-can-hkms", title: "Daly H, K, M, S, on CAN", maker: Daly.maker,
      summary: "Newer Daly boards that stream on CAN while they hear a keep-alive.",
      provenance: .documented, doors: [.can(bitrate: Daly.bitrate)],
      polls: [
        Poll(
          Request(tag: 1, bytes: DalyHKMS.keepAlive, isAnswered: false), .every(1500))
      ],
      trust: Trust(.bus, sentinels: Daly.noSensor),
      canFilters: [DalyHKMS.filter(board)],
      choices: DialectChoices(addresses: DalyA5.boards, invertsCurrent: true),
      scan: { bytes, _ in DalyHKMS.scan(bytes, board: board) },
      read: { frame, _, facts, reading throws(WireError) in
        try DalyHKMS.read(frame, &facts, &reading, inverts: inverts)
      },
      explain: { _, chunks, _ in DalyHKMS.explain(chunks, board: board, inverts: inverts) })
  }
}
