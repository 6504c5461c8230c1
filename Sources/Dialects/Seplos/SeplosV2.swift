// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// The language of Seplos boards of the second generation (10xx, 11xx) on RS485 and RS232.
///
/// Source: "SEPLOS BMS Communication Protocol" V2.0; "Seplos 48v 100A BMS RS485 Protocol"; captures in
/// the fixtures; docs/protocols/seplos.md.
public enum SeplosV2 {
  static let version: UInt8 = 0x20
  static let baud = 19_200

  /// What may be asked; none of these changes anything.
  public enum Command {
    /// Cells, sensors, current, charge.
    public static let telemetry: UInt8 = 0x42
    /// Alarms and switches.
    public static let states: UInt8 = 0x44
    /// Model and maker.
    public static let maker: UInt8 = 0x51
  }

  /// A request to the board at an address.
  public static func encode(_ command: UInt8, _ address: UInt8) -> [UInt8] {
    TildeFrame(
      version: version, address: address, code: command,
      info: command == Command.maker ? [] : [address]
    ).encode()
  }

  /// Whether an answer to a command may have so many bytes of data.
  static func fits(_ command: UInt8, _ count: Int) -> Bool {
    switch command {
    // Marks, counts, the words behind the lists, and two bytes for each cell and sensor.
    case Command.telemetry: (26...120).contains(count)
    case Command.states: (24...60).contains(count)
    case Command.maker: count == 32
    default: false
    }
  }

  private static func ask(_ command: UInt8, _ address: UInt8) -> Request {
    Request(
      tag: UInt32(command) << 16, bytes: encode(command, address), timeout: 700, pauseAfter: 50)
  }

  static func polls(_ address: UInt8) -> [Poll] {
    [
      Poll([ask(Command.telemetry, address), ask(Command.states, address)], .live),
      Poll(ask(Command.maker, address), .once, isOptional: true),
    ]
  }

  /// Checks one answer and takes its values over.
  static func read(
    _ bytes: borrowing Span<UInt8>, _ request: Request?, _ reading: inout Reading, inverts: Bool
  ) throws(WireError) {
    let (asked, answer) = try TildeFrame.answer(bytes, request)
    guard fits(asked.code, answer.info.count) else { throw .unexpected(byte: bytes[9], at: 9) }
    try place(asked, answer, &reading, inverts: inverts)
  }

  static func place(
    _ asked: TildeFrame, _ answer: TildeFrame, _ reading: inout Reading, inverts: Bool
  ) throws(WireError) {
    switch asked.code {
    case Command.telemetry:
      try SeplosV2Telemetry(answer.info).place(&reading, inverts: inverts)
    case Command.states: try SeplosV2States(answer.info).place(&reading)
    case Command.maker:
      guard TildeCells.isText(answer.info[0..<10]), TildeCells.isText(answer.info[12..<32]) else {
        throw .implausible("its names are no text")
      }
      reading.identity.model = Label(answer.info[0..<10])
      reading.identity.firmware = Label("\(answer.info[10]).\(answer.info[11])".utf8)
    default: throw .notAReading
    }
  }

  /// The fuller account of one exchange.
  static func explain(_ request: [UInt8]?, _ chunks: [[UInt8]], inverts: Bool) -> Exchange {
    var exchange = Exchange()
    guard let (asked, answer) = TildeFrame.find(request, chunks, &exchange) else {
      return exchange
    }
    do throws(WireError) {
      if asked.code == 0x4F {
        exchange.exchange.append(
          .init("protocol_version", .text("\(answer.version >> 4).\(answer.version & 0xF)")))
        return exchange
      }
      guard fits(asked.code, answer.info.count) else {
        throw .unexpected(byte: UInt8(truncatingIfNeeded: answer.info.count), at: 9)
      }
      try place(asked, answer, &exchange.whole.reading, inverts: inverts)
      switch asked.code {
      case Command.telemetry:
        let telemetry = try SeplosV2Telemetry(answer.info)
        exchange.whole.details = [
          .init("port_voltage_v", .number(Int64(telemetry.portVoltage), decimals: 2))
        ]
      case Command.states: exchange.whole.details = try SeplosV2States(answer.info).details
      default:
        exchange.whole.details = [
          .init("protocol_name", .text(Label(answer.info[12..<32]).string))
        ]
      }
    } catch {
      exchange.whole = Exchange.Part()
      exchange.error = error
    }
    return exchange
  }
}

extension Dialect {
  /// Seplos boards of the second generation by the number of their switches, 0 to 15.
  public static func seplosV2(_ options: DialectOptions) -> Dialect {
    let inverts = options.invertsCurrent
    return Dialect(
      name: "seplos-v2", title: "Seplos V2", maker: "Seplos",
      summary: "Seplos boards of the second generation (10xx, 11xx), each by its number.",
      provenance: .captured, doors: [.rs485(baud: SeplosV2.baud), .uart(baud: SeplosV2.baud)],
      polls: SeplosV2.polls(options.address ?? 0), trust: Trust(.sum16),
      transientCodes: TildeFrame.transientCodes,
      choices: DialectChoices(addresses: 0...15, usualAddress: 0, invertsCurrent: true),
      scan: { bytes, request in TildeFrame.scan(bytes, request, fits: SeplosV2.fits) },
      read: { frame, request, _, reading throws(WireError) in
        try SeplosV2.read(frame, request, &reading, inverts: inverts)
      },
      statusName: SeplosV2States.name,
      explain: { request, chunks, _ in SeplosV2.explain(request, chunks, inverts: inverts) })
  }
}
