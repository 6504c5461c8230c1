// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

/// A simulated JK board behind whatever port: its settings and the frames that it makes of its state.
///
/// Facts: docs/protocols/jk.md; it shares nothing with the reader in `Dialects`.
struct JKBoard: Sendable {
  let design: JKDesign
  /// Its settings, as the frame that tells them.
  var settings = JKPage(0x01)
  /// What was ordered over the wire so far.
  var orders = UnitOrders()

  init(_ design: JKDesign) {
    self.design = design
    if design.form == .first { fillFirst() } else { fill() }
  }

  private mutating func fillFirst() {
    settings.put(16, at: 34, 4)
    for (offset, value) in [(38, Int64(3000)), (98, 4250), (106, 5), (110, 2000)] {
      settings.putFloat(value, over: 1000, at: offset)
    }
    settings.putFloat(3_015_481, over: 1_000_000, at: 74)
    settings.put(1, at: 114, 4)
  }

  private mutating func fill() {
    let values: [Int64] = [
      2600, 2650, 3650, 3500, 10, 3445, 2700, 3450, 3350, 2500, 100_000, 30, 60, 120_000, 300, 60,
      60, 2000, 600, 550, 650, 600, 0, 50, 900, 700, 16, 1, 1, 1, 100_000, 1500, 3000,
    ]
    settings.put(design.form == .cells32 ? 3500 : 600, at: 6, 4)
    for (index, value) in values.enumerated() { settings.put(value, at: 10 + 4 * index, 4) }
    guard design.form == .cells32 else { return }
    settings.put(Int64(design.address), at: 270, 4)
    settings.put(5, at: 274, 4)
    settings.put(24, at: 286, 1)
    settings.put(-20, at: 296, 1)
    settings.put(-10, at: 297, 1)
  }

  /// The frame that tells who it is; its passwords are the maker's.
  var device: JKPage {
    var page = JKPage(0x03)
    let names = design.names
    page.put(names.model, at: 6)
    page.put(names.hardware, at: 22)
    page.put(names.software, at: 30)
    page.put(86_400, at: 38, 4)
    page.put(3, at: 42, 4)
    page.put("Simulated", at: 46)
    page.put("1234", at: 62)
    page.put("123456", at: 118)
    if design.form != .first {
      page.put("260101", at: 78)
      page.put("0000000001", at: 86)
    }
    return page
  }

  /// Takes a write; what it does not know it lets pass, as real ones do.
  mutating func write(_ register: UInt8, _ value: [UInt8]) {
    guard let (offset, length) = place(register), value.count >= length else { return }
    settings.put(value.prefix(length), at: offset)
    obey()
  }

  /// Takes a double word, high byte first, at a register of the PB series; whether there is such a one.
  mutating func write(at register: UInt16, _ value: [UInt8]) -> Bool {
    guard (0x1000..<0x1088).contains(register), register % 4 == 0, value.count == 4 else {
      return false
    }
    settings.put(value.reversed(), at: Int(register) - 0x1000 + 6)
    obey()
    return true
  }

  /// Lets the switches follow their settings.
  private mutating func obey() {
    if design.form == .first {
      orders.stopsBalancing = settings.number(114) == 0
    } else {
      orders.opensCharge = settings.number(118) == 0
      orders.opensDischarge = settings.number(122) == 0
      orders.stopsBalancing = settings.number(126) == 0
    }
  }

  /// Where a register's value lies among the settings, and how long it is.
  private func place(_ register: UInt8) -> (Int, Int)? {
    switch (design.form, register) {
    case (.first, 0x1C): (34, 2)
    case (.first, 0x20): (38, 4)
    case (.first, 0x44): (74, 4)
    case (.first, 0x58): (98, 4)
    case (.first, 0x64): (106, 4)
    case (.first, 0x68): (110, 4)
    case (.first, 0x6C): (114, 1)
    case (.first, _): nil
    case (_, 0x02...0x20): (10 + 4 * Int(register - 2), 4)
    case (.cells24, 0x25), (.cells32, 0x21): (134, 4)
    case (.cells24, 0x26), (.cells32, 0x22): (138, 4)
    case (.cells32, 0x25): (274, 4)
    case (.cells32, 0x27): (282, 1)
    case (.cells32, 0x37...0x39): (284 + Int(register - 0x37), 1)
    case (.cells32, 0x3A...0x3B): (296 + Int(register - 0x3A), 1)
    default: nil
    }
  }
}
