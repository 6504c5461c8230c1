// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

// Registers 300 to 343 and 500 to 509 as far as they concern every battery.

extension TinyBMS {
  /// Takes the unit's own cutoffs and capacity over.
  ///
  /// 300, 301, 315 and 316 are per cell; 102 and 103 are records of the past and never limits. A
  /// value outside the range of the document is left out.
  static func placeSettings(
    _ block: Block, _ facts: inout Facts, _ reading: inout Reading
  ) throws(WireError) {
    func within(_ register: UInt16, _ range: ClosedRange<UInt16>) -> UInt16? {
      block[register].flatMap { range.contains($0) ? $0 : nil }
    }
    let full = within(300, 1200...4500)
    let empty = within(301, 1000...3500)
    let over = within(315, 1200...4500)
    let under = within(316, 800...3500)
    if let full, let over, full > over {
      throw .implausible("fully charged lies above the over-voltage cutoff")
    }
    if let under, let empty, under > empty {
      throw .implausible("the under-voltage cutoff lies above fully discharged")
    }
    if let empty, let full, empty >= full {
      throw .implausible("fully discharged does not lie below fully charged")
    }
    reading.cutoffs.cellFull = full.map { .millivolts($0) }
    reading.cutoffs.cellEmpty = empty.map { .millivolts($0) }
    reading.cutoffs.cellOvervoltage = over.map { .millivolts($0) }
    reading.cutoffs.cellUndervoltage = under.map { .millivolts($0) }
    reading.cutoffs.dischargeOvercurrent = within(317, 1...750).map { .amperes($0) }
    reading.cutoffs.chargeOvercurrent = within(318, 1...750).map { .amperes($0) }
    if let degrees = block.signed(319), (20...90).contains(degrees) {
      reading.cutoffs.overtemperature = .degrees(degrees)
    }
    if let degrees = block.signed(320), (-40...10).contains(degrees) {
      reading.cutoffs.chargeUndertemperature = .degrees(degrees)
    }
    if let capacity = within(306, 10...65_500) {
      let nominal = Charge.centiampereHours(capacity)
      reading.set(.nominal, nominal)
      if let soh = facts[.soh] {
        reading.set(.full, nominal.scaled(by: soh, over: 100_000_000))
      }
    }
    if let drive = block[331] { facts[.loadSwitchIsOwn] = drive & 0xFF == 0 ? 1 : 0 }
  }

  /// Takes over who the unit is.
  static func placeVersion(_ block: Block, _ reading: inout Reading) {
    if let hardware = block[500] {
      reading.identity.hardware = label(Int64(hardware & 0xFF), Int64(hardware >> 8))
      if let firmware = block[501], let inner = block[502] {
        reading.identity.firmware = label(
          Int64(hardware & 0xFF), Int64(firmware & 0xFF), Int64(inner))
      }
    }
    guard block.has(504, through: 509) else { return }
    var digits: [UInt8] = []
    for register: UInt16 in 504...509 {
      let word = block[register] ?? 0
      Hex.append(UInt8(word >> 8), upper: false, to: &digits)
      Hex.append(UInt8(word & 0xFF), upper: false, to: &digits)
    }
    reading.identity.serial = Label(digits)
  }

  /// Numbers with dots between.
  static func label(_ numbers: Int64...) -> Label {
    var text: [UInt8] = []
    for (index, number) in numbers.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ".")) }
      Decimal.append(number, decimals: 0, to: &text)
    }
    return Label(text)
  }
}
