// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

/// The language of Pylontech's low-voltage batteries (US2000, US3000, US5000, UP2500 …) on RS485 and
/// RS232, and of batteries that copy it.
///
/// Source: "PYLON low voltage Protocol RS485" V3.3 of 2018-08-21; captures in the fixtures;
/// docs/protocols/pylontech-rs485.md.
public enum Pylontech {
  static let version: UInt8 = 0x20
  static let baud = 115_200

  /// What may be asked; none of these changes anything.
  public enum Command {
    /// Cells, sensors, current, charge.
    public static let analog: UInt8 = 0x42
    /// Alarms and switches.
    public static let alarms: UInt8 = 0x44
    /// Where the battery protects itself.
    public static let parameters: UInt8 = 0x47
    /// The version of the language, by the answer's second pair of digits.
    public static let protocolVersion: UInt8 = 0x4F
    /// Model and maker.
    public static let maker: UInt8 = 0x51
    /// All batteries together, in newer versions.
    public static let system: UInt8 = 0x61
    /// What all batteries let an inverter do, in newer versions.
    public static let systemLimits: UInt8 = 0x63
    /// What the battery lets an inverter do.
    public static let limits: UInt8 = 0x92
    /// Serial number.
    public static let serial: UInt8 = 0x93
    /// Firmware.
    public static let firmware: UInt8 = 0x96
  }

  /// The request for every battery of a group in one answer.
  static let everyBattery: UInt8 = 0xFF

  /// A request to the battery at an address; most commands repeat the address in their data.
  public static func encode(_ command: UInt8, _ address: UInt8) -> [UInt8] {
    let isBare =
      command == Command.parameters || command == Command.protocolVersion
      || command == Command.maker || command == Command.system || command == Command.systemLimits
    return TildeFrame(
      version: version, address: address, code: command, info: isBare ? [] : [address]
    ).encode()
  }

  /// Whether an answer to a command may have so many bytes of data.
  static func fits(_ command: UInt8, _ count: Int) -> Bool {
    switch command {
    // Marks, counts and what follows the lists: at least 16 bytes, and two for each cell and sensor.
    case Command.analog: count >= 18
    case Command.alarms: (12...64).contains(count)
    case Command.parameters: count == 25
    case Command.protocolVersion: count == 0
    case Command.maker: count == 32
    case Command.system: count == 49
    case Command.systemLimits: count == 9
    case Command.limits: count == 10
    case Command.serial: count == 17
    case Command.firmware: count == 6
    default: false
    }
  }

  static func ask(_ command: UInt8, _ address: UInt8, timeout: Int64 = 700) -> Request {
    Request(
      tag: UInt32(command) << 16, bytes: encode(command, address), timeout: timeout, pauseAfter: 50)
  }

  static func polls(_ address: UInt8) -> [Poll] {
    [
      Poll([ask(Command.analog, address), ask(Command.alarms, address)], .live),
      Poll(ask(Command.limits, address), .every(1000), isOptional: true),
      Poll(ask(Command.parameters, address), .every(60_000), isOptional: true),
      Poll(ask(Command.serial, address), .once, isOptional: true),
      Poll(ask(Command.firmware, address), .once, isOptional: true),
      Poll(ask(Command.maker, address), .once, isOptional: true),
    ]
  }
}

extension Dialect {
  /// Pylontech batteries by their number on the line: 2 is the first, the following ones count on;
  /// each further group begins 16 higher.
  public static func pylontechRS485(_ options: DialectOptions) -> Dialect {
    let inverts = options.invertsCurrent
    return Dialect(
      name: "pylontech-rs485", title: "Pylontech RS485", maker: "Pylontech",
      summary:
        "Pylontech batteries such as US2000, US3000 and US5000 on RS485, each by its number.",
      provenance: .captured, doors: [.rs485(baud: Pylontech.baud), .uart(baud: Pylontech.baud)],
      registers: Pylontech.registers, polls: Pylontech.polls(options.address ?? 2),
      trust: Trust(.sum16),
      transientCodes: TildeFrame.transientCodes,
      choices: DialectChoices(addresses: 0...254, usualAddress: 2, invertsCurrent: true),
      scan: { bytes, request in TildeFrame.scan(bytes, request, fits: Pylontech.fits) },
      read: { frame, request, _, reading throws(WireError) in
        try Pylontech.read(frame, request, &reading, inverts: inverts)
      },
      explain: { request, chunks, _ in Pylontech.explain(request, chunks, inverts: inverts) })
  }
}
