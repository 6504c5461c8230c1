// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension JK04 {
  /// One setting of the first boards: an IEEE number or a whole one.
  struct Setting: Sendable {
    /// The row of the register map; its address is the offset in the frame of settings.
    let row: Register
    /// The register by which it is written.
    let code: UInt8
    /// Bytes of its value in a write.
    let length: Int

    /// The raw value in a frame of settings; `nil` where it is no number.
    func raw(_ frame: JKFrame) -> Int64? {
      guard row.form == .float32 else { return Int64(frame.double(Int(row.address))) }
      return frame.float(Int(row.address)).scaled(by: factor).map(Int64.init)
    }

    /// What one step of the raw value is in the number on the wire.
    var factor: Int64 {
      var factor: Int64 = 1
      for _ in 0..<row.decimals { factor *= 10 }
      return factor
    }

    /// The bytes of a raw value in a write.
    func bytes(_ raw: Int64) -> [UInt8] {
      var bits = UInt32(truncatingIfNeeded: raw)
      // The wire's own form; both numbers are exact, and the quotient is the nearest to the decimal.
      if row.form == .float32 { bits = (Float(raw) / Float(factor)).bitPattern }
      var bytes: [UInt8] = []
      bytes.appendLittle(bits)
      return Array(bytes.prefix(length))
    }

    /// The raw value of the bytes of a write; `nil` where it is none of this setting.
    func raw(_ bytes: [UInt8]) -> Int64? {
      guard bytes.count == length else { return nil }
      guard let raw = raw(JKFrame(bytes, at: Int(row.address))), let lowest = row.lowest,
        let highest = row.highest,
        raw >= lowest, raw <= highest
      else { return nil }
      return raw
    }
  }

  /// The settings, all of which the maker's program was seen to write but the start of balancing.
  static let settings: [Setting] = [
    Setting(
      row: .init(34, "cell_count", .uint32, .settings, .write, range: 1...24, "Cells in series."),
      code: 0x1C, length: 2),
    volts(38, "power_off_v", 0x20, 3, 500...6000, "A cell below it switches the board off."),
    volts(
      74, "adc_vref", 0x44, 6, 2_500_000...3_500_000,
      "The reference that the board measures against, by which its voltages are calibrated."),
    volts(98, "balance_start_v", 0x58, 3, 500...6000, "Cells below it are not balanced."),
    volts(106, "balance_trigger_v", 0x64, 3, 1...1000, "Cells closer together are not balanced."),
    Setting(
      row: .init(
        110, "max_balance_a", .float32, .settings, .write, decimals: 3, unit: "A",
        range: 100...10_000, "Current through the balancer at most."), code: 0x68, length: 4),
    Setting(
      row: .init(
        114, "balancer_switch", .uint32, .settings, .write, range: 0...1,
        "Whether the board may balance."), code: 0x6C, length: 1),
  ]

  private static func volts(
    _ offset: UInt16, _ name: StaticString, _ code: UInt8, _ decimals: UInt8,
    _ range: ClosedRange<Int64>, _ meaning: StaticString
  ) -> Setting {
    Setting(
      row: .init(
        offset, name, .float32, .settings, .write, decimals: decimals, unit: "V", range: range,
        meaning), code: code, length: 4)
  }
}
