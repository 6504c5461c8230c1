// SPDX-License-Identifier: Apache-2.0

/// The statistics of a simulated TinyBMS, registers 100–117.
struct TinyBMSStatistics: Sendable {
  /// Highest discharge and charge current ever, 0.1 A steps.
  var discharge: UInt16 = 0
  var charge: UInt16 = 0
  /// Highest difference of cells ever, 0.1 mV steps.
  var difference: UInt16 = 0
  var underVoltages: UInt16 = 0
  var overVoltages: UInt16 = 0
  var dischargeOvercurrents: UInt16 = 0
  var chargeOvercurrents: UInt16 = 0
  var overheats: UInt16 = 0
  /// Charges begun, and charges done.
  var charges: UInt16 = 0
  var fullCharges: UInt16 = 0
  /// Lowest and highest temperature ever, °C; `nil` before the first.
  var temperatures: (lowest: Int8, highest: Int8)?
  /// Lifetime clock at the last clearing, s.
  var clearedAt: UInt32 = 0

  /// The word at a register of this block, without the causes of reset and wake-up in 114.
  func word(at address: Int) -> UInt16 {
    switch address {
    case 102: discharge
    case 103: charge
    case 104: difference
    case 105: underVoltages
    case 106: overVoltages
    case 107: dischargeOvercurrents
    case 108: chargeOvercurrents
    case 109: overheats
    case 111: charges
    case 112: fullCharges
    case 113:
      UInt16(UInt8(bitPattern: temperatures?.lowest ?? 0))
        | UInt16(UInt8(bitPattern: temperatures?.highest ?? 0)) << 8
    case 116: UInt16(truncatingIfNeeded: clearedAt)
    case 117: UInt16(truncatingIfNeeded: clearedAt >> 16)
    default: 0
    }
  }

  /// Counts a protection that has just acted.
  mutating func count(_ protection: TinyBMSProtection) {
    switch protection {
    case .underVoltage: underVoltages &+= 1
    case .overVoltage: overVoltages &+= 1
    case .dischargeOvercurrent: dischargeOvercurrents &+= 1
    case .chargeOvercurrent: chargeOvercurrents &+= 1
    case .overTemperature: overheats &+= 1
    default: break
    }
  }
}
