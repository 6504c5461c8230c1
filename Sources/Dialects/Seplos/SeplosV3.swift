// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

/// The language of Seplos boards of the third generation: Modbus RTU with the functions 4 (registers)
/// and 1 (bits), double words with the low word first.
///
/// Source: "SEPLOS-3.0 RS485 BMS Modbus RTU Protocol" V0.1 of 2023-02-09; "XZH BMS Modbus-RTU Protocol";
/// captures in the fixtures; docs/protocols/seplos.md.
public enum SeplosV3 {
  static let baud = 19_200
  /// Reads registers.
  public static let readRegisters: UInt8 = 0x04
  /// Reads bits.
  public static let readBits: UInt8 = 0x01

  /// A stretch of the board's map: where it begins, and how many registers or bits it has.
  public struct Block: Equatable, Sendable {
    /// The first register or bit.
    public let start: UInt16
    /// How many there are.
    public let count: UInt16
    /// 4 for registers, 1 for bits.
    public let function: UInt8

    /// Bytes of data in an answer.
    public var bytes: Int {
      function == SeplosV3.readRegisters ? 2 * Int(count) : (Int(count) + 7) / 8
    }
  }

  /// Voltage, current, charge.
  public static let pack = Block(start: 0x1000, count: 0x11, function: readRegisters)
  /// Cells and sensors.
  public static let cells = Block(start: 0x1100, count: 0x1A, function: readRegisters)
  /// Alarms and switches.
  public static let states = Block(start: 0x1200, count: 0x90, function: readBits)
  /// Settings, the first half.
  public static let settings = Block(start: 0x1300, count: 0x35, function: readRegisters)
  /// Settings, the second half.
  public static let moreSettings = Block(start: 0x1335, count: 0x35, function: readRegisters)
  /// Who the board is.
  public static let versions = Block(start: 0x1700, count: 0x33, function: readRegisters)
  /// All packs together, told by the first.
  static let system: UInt16 = 0x2000
  /// Alarms and switches of all packs together.
  static let systemStates: UInt16 = 0x2200

  /// A request for a block of the board at an address.
  public static func encode(_ address: UInt8, _ block: Block) -> [UInt8] {
    var bytes = [address, block.function]
    bytes.appendBig(block.start)
    bytes.appendBig(block.count)
    bytes.appendLittle(Checksum.crc16Modbus(bytes.span))
    return bytes
  }

  private static func ask(_ address: UInt8, _ block: Block) -> Request {
    Request(
      tag: UInt32(block.start) << 16 | UInt32(block.count), bytes: encode(address, block),
      timeout: 500, pauseAfter: 30)
  }

  static func polls(_ address: UInt8) -> [Poll] {
    [
      Poll([ask(address, pack), ask(address, cells), ask(address, states)], .live),
      Poll([ask(address, settings), ask(address, moreSettings)], .once, isOptional: true),
      Poll(ask(address, versions), .once, isOptional: true),
    ]
  }
}

extension Dialect {
  /// Seplos boards of the third generation by the number of their switches.
  public static func seplosV3(_ options: DialectOptions) -> Dialect {
    let inverts = options.invertsCurrent
    return Dialect(
      name: "seplos-v3", title: "Seplos V3", maker: "Seplos",
      summary: "Seplos boards of the third generation on RS485, each by its number.",
      provenance: .captured,
      doors: [
        .rs485(baud: SeplosV3.baud), .bluetooth(service: 0xFFF0, notify: 0xFFF1, write: 0xFFF2),
      ],
      registers: SeplosV3.registers, polls: SeplosV3.polls(options.address ?? 0),
      choices: DialectChoices(addresses: 0...15, usualAddress: 0, invertsCurrent: true),
      scan: SeplosV3.scan,
      read: { frame, request, _, reading throws(WireError) in
        try SeplosV3.read(frame, request, &reading, inverts: inverts)
      },
      statusName: SeplosV2States.name,
      explain: { request, chunks, _ in SeplosV3.explain(request, chunks, inverts: inverts) })
  }
}
