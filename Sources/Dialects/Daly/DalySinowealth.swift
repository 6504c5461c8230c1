// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// The language of older Daly boards with a Sinowealth chip, 3 to 10 cells: three bytes ask, and the
/// answer is bare data with a checksum over question and answer.
///
/// Source: dreadnought/python-daly-bms issue 1 and its reader; docs/protocols/daly.md 6.
enum DalySinowealth {
  static let start: UInt8 = 0x0A
  static let cells = 10

  enum Command {
    static let pack: UInt8 = 0x0B
    static let firstTemperature: UInt8 = 0x0C
    static let secondTemperature: UInt8 = 0x0D
    static let current: UInt8 = 0x10
    static let full: UInt8 = 0x11
    static let remaining: UInt8 = 0x12
    static let soc: UInt8 = 0x13
    static let cycles: UInt8 = 0x14
  }

  /// A request for so many bytes of data.
  static func encode(_ command: UInt8, _ count: UInt8) -> [UInt8] { [start, command, count] }

  /// The answer has no head: what comes after the question is taken for it, and its checksum decides.
  static func scan(_ bytes: borrowing Span<UInt8>, _ request: Request?) -> Scan {
    guard bytes.count > 0 else { return .incomplete }
    guard let sent = request?.bytes, sent.count == 3, sent[2] == 2 || sent[2] == 4 else {
      return .skip(bytes.count)
    }
    let length = Int(sent[2]) + 1
    return bytes.count >= length ? .frame(length: length) : .incomplete
  }

  /// The number that an answer carries, signed where it has four bytes.
  static func number(
    _ frame: borrowing Span<UInt8>, _ sent: [UInt8]
  ) throws(WireError) -> Int64 {
    guard sent.count == 3, sent[0] == start else { throw .notAReading }
    let count = Int(sent[2])
    guard frame.count == count + 1 else { throw .truncated(got: frame.count, needed: count + 1) }
    var crc: UInt8 = 0
    for byte in sent { crc = Checksum.crc8(crc, byte) }
    var number: UInt32 = 0
    for index in 0..<count {
      crc = Checksum.crc8(crc, frame[index])
      number = number << 8 | UInt32(frame[index])
    }
    guard frame[count] == crc else {
      throw .badChecksum(found: UInt16(frame[count]), computed: UInt16(crc))
    }
    return count == 4 ? Int64(Int32(bitPattern: number)) : Int64(number)
  }

  /// Takes an answer over.
  static func read(
    _ frame: borrowing Span<UInt8>, _ request: Request?, _ facts: inout Facts,
    _ reading: inout Reading, inverts: Bool
  ) throws(WireError) {
    guard let sent = request?.bytes else { throw .notAReading }
    let number = try number(frame, sent)
    switch sent[1] {
    case 1...UInt8(cells):
      guard number <= 5500 else { throw .implausible("a cell has more than 5.5 V") }
      // Cells that a smaller pack does not have read 0 after the last.
      if number > 0 { reading.cells.place(.millivolts(number), at: Int(sent[1]) - 1) }
      reading[.cellCount] = Int64(reading.cells.count)
    case Command.pack: reading.set(.voltage, Voltage.millivolts(number))
    case Command.firstTemperature: reading.temperatures.place(.decidegrees(number - 2731), at: 0)
    case Command.secondTemperature: reading.temperatures.place(.decidegrees(number - 2731), at: 1)
    case Command.current: reading.set(.current, Current.milliamperes(inverts ? -number : number))
    case Command.full: reading.set(.full, Charge(raw: number))
    case Command.remaining: reading.set(.remaining, Charge(raw: number))
    case Command.soc:
      guard number <= 100 else { throw .implausible("the state of charge is above 100 %") }
      reading.set(.soc, Percent.percent(number))
    case Command.cycles: reading[.cycles] = number
    default: throw .notAReading
    }
  }

  /// The fuller account of one exchange.
  static func explain(_ request: [UInt8]?, _ chunks: [[UInt8]]) -> Exchange {
    var exchange = Exchange()
    guard let request, request.count == 3 else {
      exchange.error = .truncated(got: request?.count ?? 0, needed: 3)
      return exchange
    }
    let bytes = chunks.flatMap { $0 }
    let length = Int(request[2]) + 1
    var place = 0
    while place + length <= bytes.count {
      let frame = bytes.span.extracting(place..<place + length)
      var facts = Facts()
      do throws(WireError) {
        let number = try number(frame, request)
        exchange.error = nil
        if (1...UInt8(cells)).contains(request[1]) {
          exchange.whole.details.append(
            .init(cellNames[Int(request[1]) - 1], .number(number, decimals: 3)))
        }
        try read(
          frame, Request(tag: 0, bytes: request), &facts, &exchange.whole.reading, inverts: false)
        // One cell alone is no list of cells.
        exchange.whole.reading.cells = Cells()
        exchange.whole.reading[.cellCount] = nil
        return exchange
      } catch {
        exchange.error = exchange.error ?? error
      }
      place += 1
    }
    exchange.error = exchange.error ?? .truncated(got: bytes.count, needed: length)
    return exchange
  }

  private static let cellNames: [StaticString] = [
    "cell_1_v", "cell_2_v", "cell_3_v", "cell_4_v", "cell_5_v", "cell_6_v", "cell_7_v", "cell_8_v",
    "cell_9_v", "cell_10_v",
  ]

  /// What is asked by itself, in one go.
  static let polls: [Poll] = {
    func ask(_ command: UInt8, _ count: UInt8) -> Request {
      Request(
        tag: UInt32(command) << 16, bytes: encode(command, count), timeout: 300, pauseAfter: 20)
    }
    var live = [ask(Command.pack, 2), ask(Command.current, 4), ask(Command.soc, 2)]
    for cell in 1...UInt8(cells) { live.append(ask(cell, 2)) }
    live += [
      ask(Command.firstTemperature, 2), ask(Command.secondTemperature, 2), ask(Command.full, 4),
      ask(Command.remaining, 4), ask(Command.cycles, 2),
    ]
    return [Poll(live, .live)]
  }()
}

extension Dialect {
  /// Older Daly boards with a Sinowealth chip.
  public static func dalySinowealth(_ options: DialectOptions) -> Dialect {
    let inverts = options.invertsCurrent
    return Dialect(
      name: "daly-sinowealth", title: "Daly, Sinowealth", maker: Daly.maker,
      summary: "Older Daly boards with a Sinowealth chip, 3 to 10 cells.",
      provenance: .captured, doors: [.uart(baud: Daly.baud)], polls: DalySinowealth.polls,
      trust: Trust(.crc8, sentinels: [Trust.zeroKelvin]),
      choices: DialectChoices(invertsCurrent: true),
      scan: DalySinowealth.scan,
      read: { frame, request, facts, reading throws(WireError) in
        try DalySinowealth.read(frame, request, &facts, &reading, inverts: inverts)
      },
      explain: { request, chunks, _ in DalySinowealth.explain(request, chunks) })
  }
}
