// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

// Texts, dates and words that are no numbers of a row.

extension DalyD2 {
  static func details(_ block: DalyBlock) -> [Exchange.Entry] {
    var entries: [Exchange.Entry] = []
    if let raw = block[0x2F] {
      entries.append(.init("state", Daly.state(Int64(raw)).map { .text("\($0)") } ?? .none))
    }
    if block.has(0x3A, through: 0x3D) {
      let words = (0..<4).map { DalyModbus.word(block[0x3A + UInt16($0)] ?? 0) }
      entries.append(.init("fault_registers_hex", .list(words)))
    }
    if let low = block[0x3E], let high = block[0x3F] {
      entries.append(.init("balance_bitmask_1_32", .number(Int64(high) << 16 | Int64(low))))
    }
    if let raw = block[0x42], sensor(raw) == nil {
      entries.append(.init("mosfet_temperature_c", .none))
    }
    if let text = block.text(0xA9, bytes: 16) {
      entries.append(.init("software_version_wire", .text(text)))
      entries.append(.init("software_version_reversed", .text(reversed(text))))
    }
    if let text = block.text(0xB1, bytes: 16) {
      entries.append(.init("hardware_version_wire", .text(text)))
      entries.append(.init("hardware_version_reversed", .text(reversed(text))))
    }
    if let text = block.text(0xB9, bytes: 32) {
      entries.append(.init("machine_code", .text(text)))
    }
    if let text = block.text(0xC9, bytes: 6) { entries.append(.init("password", .text(text))) }
    if let words = DalyModbus.date(block, 0xCC) {
      entries.append(.init("production_date", .text(words)))
    }
    if let serial = block.text(0x57, bytes: 24), !serial.isEmpty {
      entries.append(.init("serial", .text(serial)))
    }
    return entries
  }
}

extension Daly81 {
  static func details(_ block: DalyBlock) -> [Exchange.Entry] {
    var entries: [Exchange.Entry] = []
    if let raw = block[0x48] {
      entries.append(.init("state", Daly.state(Int64(raw)).map { .text("\($0)") } ?? .none))
    }
    if let raw = block[0x49] { entries.append(.init("charger_connected", .flag(raw == 1))) }
    if let raw = block[0x4A] { entries.append(.init("load_connected", .flag(raw == 1))) }
    if let raw = block[0x54] { entries.append(.init("precharge_on", .flag(raw == 1))) }
    // 0 stands where the board has no such measurement; none at all would be 30000.
    if let raw = block[0x4E], raw != 0 {
      entries.append(.init("balance_current_a", .number(Int64(raw) - 30_000, decimals: 3)))
    }
    if block.has(0x61, through: 0x63), let clock = DalyModbus.clock(block, 0x61) {
      entries.append(.init("rtc", .text(clock)))
    }
    entries += faultWords(block)
    if let raw = block[0x115] { entries.append(.init("sleep_off", .flag(raw == 0xFFFF))) }
    if let clock = DalyModbus.clock(block, 0x123) { entries.append(.init("rtc", .text(clock))) }
    if let text = block.text(0x126, bytes: 6) { entries.append(.init("password", .text(text))) }
    if let date = DalyModbus.date(block, 0x129) {
      entries.append(.init("production_date", .text(date)))
    }
    if let text = block.text(0x178, bytes: 14) {
      entries.append(.init("software_version", .text(text)))
    }
    if let text = block.text(0x186, bytes: 14) {
      entries.append(.init("firmware_name", .text(text)))
    }
    if let text = block.text(0x19B, bytes: 8) { entries.append(.init("date_text", .text(text))) }
    return entries
  }

  private static func faultWords(_ block: DalyBlock) -> [Exchange.Entry] {
    guard block.has(0x66, through: 0x73) else { return [] }
    let names: [(StaticString, UInt16)] = [
      ("66", 0x66), ("67", 0x67), ("68", 0x68), ("69", 0x69), ("6d", 0x6D), ("6e", 0x6E),
      ("6f", 0x6F), ("70", 0x70), ("71", 0x71), ("72", 0x72), ("73", 0x73),
    ]
    var words: [Exchange.Entry] = []
    for (name, register) in names {
      words.append(.init(name, DalyModbus.word(block[register] ?? 0)))
    }
    return [.init("fault_registers_hex", .object(words))]
  }
}

extension DalyModbus {
  /// A word in four hexadecimal digits.
  static func word(_ word: UInt16) -> Exchange.Value {
    .text(String(Hex.word(word).dropFirst(2)).lowercased())
  }

  /// A date of two words: year and month, day and nothing.
  static func date(_ block: DalyBlock, _ register: UInt16) -> String? {
    guard let first = block[register], let second = block[register + 1] else { return nil }
    return DateText.date(UInt8(first >> 8), UInt8(first & 0xFF), UInt8(second >> 8))
  }

  /// A date and a time of three words.
  static func clock(_ block: DalyBlock, _ register: UInt16) -> String? {
    var bytes: [UInt8] = []
    for index in 0..<3 {
      guard let word = block[register + UInt16(index)] else { return nil }
      bytes.appendBig(word)
    }
    return DateText.clock(bytes.span, at: 0)
  }
}
