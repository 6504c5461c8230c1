// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension SettingsMap {
  /// The settings of a Daly board that answers at 0xD2.
  ///
  /// Function 06 writes one; no capture of a changed limit is public, so that the reading back decides.
  public static func dalyD2(_ options: DialectOptions) -> SettingsMap {
    DalyModbus.map(
      Dialect.dalyD2(options), DalyD2.address,
      rows: DalyModbus.settings(DalyD2.registers, within: 0x80...0xA8, but: [0xA5, 0xA6, 0xA7]),
      rules: DalyD2.rules, traits: DalyD2.traits,
      questions: [
        .init(.identity, DalyModbus.ask(DalyD2.address, 0xA9, 32), isOptional: true),
        .init(.current, DalyModbus.ask(DalyD2.address, 0x80, 41)),
      ])
  }

  /// The settings of a newer Daly board.
  public static func daly81(_ options: DialectOptions) -> SettingsMap {
    let address = Daly81.address(of: options.address ?? 1)
    return DalyModbus.map(
      Dialect.daly81(options), address,
      rows: DalyModbus.settings(
        Daly81.registers, within: 0x100...0x177, but: [0x116, 0x121, 0x122]),
      rules: Daly81.rules, traits: Daly81.traits,
      questions: [
        .init(.identity, DalyModbus.ask(address, 0x178, 74), isOptional: true),
        .init(.current, DalyModbus.ask(address, 0x100, 81)),
        .init(.current, DalyModbus.ask(address, 0x151, 39), isOptional: true),
      ])
  }
}

extension DalyModbus {
  static func map(
    _ whole: Dialect, _ address: UInt8, rows: [Register], rules: [SettingRule],
    traits: @escaping @Sendable (Register) -> SettingTraits, questions: [SettingsQuestion]
  ) -> SettingsMap {
    SettingsMap(
      rows: rows, rules: rules, traits: traits,
      language: whole.forSettings { frame, request, _, _ throws(WireError) in
        _ = try block(frame, request)
        throw .notAReading
      },
      questions: questions, words: words, identify: whole.identify,
      reading: { ask(address, $0, 1) },
      writes: { writing(address, $0, $1.first ?? 0).order($0) })
  }

  /// The rows of a range of registers, without those that are orders.
  static func settings(
    _ registers: [Register], within range: ClosedRange<UInt16>, but orders: [UInt16]
  ) -> [Register] {
    var rows: [Register] = []
    for row in registers where range.contains(row.address) && !orders.contains(row.address) {
      // What it counts is no setting.
      if row.group == .settings { rows.append(row) }
    }
    return rows
  }

  /// The registers of a checked answer to a reading.
  static func words(_ request: Request, _ frame: [UInt8]) -> SettingsWords? {
    guard request.bytes.count >= 8, request.bytes[1] == 0x03, frame.count >= 5 else { return nil }
    let count = Int(frame[2]) / 2
    guard frame[1] == 0x03, count > 0, frame.count == 5 + 2 * count else { return nil }
    var list: [UInt16] = []
    for index in 0..<count { list.append(frame.span.bigUInt16(at: 3 + 2 * index)) }
    var words = SettingsWords(base: request.bytes.span.bigUInt16(at: 2), list)
    words.isHighFirst = true
    return words
  }
}

extension [UInt8] {
  /// These bytes as an order to a register: sent once, and read back before it is sent again.
  func order(_ register: UInt16) -> Request {
    Request(
      tag: UInt32(register) << 16 | 0x8000, bytes: self, timeout: 500, tries: 1, pauseAfter: 300)
  }
}

extension DalyD2 {
  static let rules: [SettingRule] = [
    .ascending(0x8B, 0x8C, gap: 0), .ascending(0x8E, 0x8D, gap: 0), .ascending(0x8D, 0x8B, gap: 1),
    .ascending(0x8F, 0x90, gap: 0), .ascending(0x92, 0x91, gap: 0), .ascending(0x91, 0x8F, gap: 1),
    .ascending(0x97, 0x98, gap: 0), .ascending(0x9A, 0x99, gap: 0), .ascending(0x99, 0x97, gap: 1),
    .ascending(0x9B, 0x9C, gap: 0), .ascending(0x9E, 0x9D, gap: 0), .ascending(0x9D, 0x9B, gap: 1),
    .ascending(0x9F, 0xA0, gap: 0), .ascending(0xA1, 0xA2, gap: 0),
  ]

  static func traits(_ row: Register) -> SettingTraits {
    switch row.address {
    case 0x8C, 0x90: .init(danger: Daly.highDanger)
    case 0x8E, 0x92: .init(danger: Daly.lowDanger)
    case 0x98, 0x9A, 0x9C, 0x9E, 0xA8: .init(danger: Daly.heatDanger)
    default: .init()
    }
  }
}

extension Daly81 {
  static let rules: [SettingRule] = [
    .ascending(0x130, 0x131, gap: 0), .ascending(0x132, 0x131, gap: 1),
    .ascending(0x135, 0x134, gap: 0), .ascending(0x135, 0x136, gap: 1),
    .ascending(0x134, 0x130, gap: 1),
    .ascending(0x138, 0x139, gap: 0), .ascending(0x13D, 0x13C, gap: 0),
    .ascending(0x13C, 0x138, gap: 1),
    .ascending(0x141, 0x140, gap: 0), .ascending(0x145, 0x146, gap: 0),
    .ascending(0x14A, 0x14B, gap: 0), .ascending(0x14F, 0x14E, gap: 0),
    .ascending(0x14E, 0x14A, gap: 1),
    .ascending(0x152, 0x153, gap: 0), .ascending(0x157, 0x156, gap: 0),
    .ascending(0x156, 0x152, gap: 1),
  ]

  static func traits(_ row: Register) -> SettingTraits {
    switch row.address {
    case 0x131, 0x133, 0x139: .init(danger: Daly.highDanger)
    case 0x135, 0x137, 0x13D: .init(danger: Daly.lowDanger)
    case 0x141, 0x146:
      .init(danger: "Too high a current is not switched off and can start a fire.")
    case 0x14B, 0x14F, 0x153, 0x157: .init(danger: Daly.heatDanger)
    default: .init()
    }
  }
}

extension Daly {
  static let highDanger: StaticString = "Cells above what they bear are damaged and can burn."
  static let lowDanger: StaticString = "Cells below what they bear are damaged for good."
  static let heatDanger: StaticString =
    "Cells outside their temperatures are damaged and can burn."
}
