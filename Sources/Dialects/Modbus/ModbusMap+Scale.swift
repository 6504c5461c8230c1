// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

extension ModbusMap {
  /// Checks that a scale can be right: neither too coarse nor too fine for what the row tells.
  func checkScale(_ row: Row, _ report: (String, String, String) -> Void) {
    let text = Decimal.string(row.scale, decimals: 6)
    guard let kind = row.target.kind, row.form != .text else {
      if row.scale != 1_000_000 { report("scale", text, "no scale: the row holds no amount") }
      if row.offset != 0 { report("offset", "\(row.offset)", "no offset: the row holds no amount") }
      return
    }
    guard row.scale != 0 else {
      return report("scale", "0", "what one step of the register is worth")
    }
    if row.scale < 0, !kind.mayBeNegative {
      return report("scale", text, "a scale above 0; only a current or a power can be turned round")
    }
    if row.form == .float32 {
      let (numerator, divisor) = row.factor(kind)
      if divisor != 1 || !(1...1_000_000).contains(numerator) {
        report("scale", text, "1: a float32 register holds the number as people read it")
      }
      if row.offset != 0 { report("offset", "\(row.offset)", "no offset for float32") }
      return
    }
    guard let coarsest = kind.coarsest else { return }
    let unit = "\(kind.unit)"
    if row.scale.magnitude > UInt64(coarsest) {
      return report(
        "scale", "\(text), steps of \(text) \(unit)",
        "at most \(Decimal.string(coarsest, decimals: 6)), \(kind.example)")
    }
    guard let least = kind.least, let highest = row.form.highest,
      let reach = row.steps(highest, kind), reach < least
    else { return }
    report(
      "scale",
      "\(text), so that the largest register is "
        + "\(Decimal.string(reach, decimals: kind.decimals)) \(unit)",
      "a larger one, \(kind.example)")
  }
}

extension ModbusMap.Form {
  /// The largest raw number; `nil` where it is no whole number.
  fileprivate var highest: Int64? {
    switch self {
    case .uint16: 0xFFFF
    case .int16: 0x7FFF
    case .uint32: 0xFFFF_FFFF
    case .int32: 0x7FFF_FFFF
    case .uint8High, .uint8Low: 0xFF
    case .float32, .text: nil
    }
  }
}

extension Point.Kind {
  fileprivate var mayBeNegative: Bool {
    switch self {
    case .current, .power: true
    default: false
    }
  }

  /// The coarsest step that can still tell it, in millionths of its unit.
  fileprivate var coarsest: Int64? {
    switch self {
    case .cellVoltage: 100_000
    case .voltage, .temperature: 1_000_000
    case .current: 10_000_000
    case .percent: 5_000_000
    case .charge: 10_000_000
    case .power, .count: 1_000_000_000
    case .energy: 10_000_000_000
    case .seconds: 86_400_000_000
    case .cycles, .flag: 1_000_000
    }
  }

  /// What the largest register must reach at least, in steps: less is no battery.
  fileprivate var least: Int64? {
    switch self {
    case .cellVoltage: 20_000
    case .voltage: 5000
    default: nil
    }
  }

  fileprivate var example: StaticString {
    switch self {
    case .cellVoltage: "such as 0.001 where the register counts millivolts"
    case .voltage: "such as 0.1 where the register counts tenths of a volt"
    case .current: "such as 0.1 where the register counts tenths of an ampere"
    case .temperature: "such as 0.1 where the register counts tenths of a degree"
    case .percent: "such as 0.1 where the register counts tenths of a percent"
    case .charge: "such as 0.1 where the register counts tenths of an ampere-hour"
    default: "what one step of the register is worth"
    }
  }
}
