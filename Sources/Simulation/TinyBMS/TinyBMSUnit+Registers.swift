// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

extension TinyBMSUnit {
  /// The highest address that the map gives a meaning to.
  static let lastRegister = 509

  /// The word at an address of the register map; reserved addresses hold 0.
  /// - Returns: `nil` beyond the map.
  func word(at address: Int) -> UInt16? {
    switch address {
    case 0..<100: live(address)
    case 114: UInt16(resetCause) | UInt16(wakeCause) << 8
    case 100..<200: statistics.word(at: address)
    case 200..<298: events.word(at: address - 200)
    case 298..<300: 0
    case 300..<400: settings[address]
    case 500...Self.lastRegister: version(address)
    case 400..<500: 0
    default: nil
    }
  }

  /// Cells fill the block from its top: with fewer than 16 the first registers hold 0, as seen on a
  /// 14-cell unit.
  private func live(_ address: Int) -> UInt16 {
    switch address {
    case 0..<16:
      let index = address - (16 - cellCount)
      return index < 0 ? 0 : UInt16(clamping: senses.cells[index].raw)
    case 32: return UInt16(truncatingIfNeeded: lifetimeSeconds)
    case 33: return UInt16(truncatingIfNeeded: lifetimeSeconds >> 16)
    case 34: return UInt16(truncatingIfNeeded: secondsLeft)
    case 35: return UInt16(truncatingIfNeeded: secondsLeft >> 16)
    case 36: return UInt16(truncatingIfNeeded: voltageBits)
    case 37: return UInt16(truncatingIfNeeded: voltageBits >> 16)
    case 38: return UInt16(truncatingIfNeeded: currentBits)
    case 39: return UInt16(truncatingIfNeeded: currentBits >> 16)
    case 40: return millivolts(extremes?.lowest)
    case 41: return millivolts(extremes?.highest)
    case 42: return decidegrees(senses.outside.0)
    case 43: return decidegrees(senses.outside.1)
    case 45: return healthSteps
    case 46: return UInt16(truncatingIfNeeded: soc.raw)
    case 47: return UInt16(truncatingIfNeeded: soc.raw >> 16)
    case 48: return decidegrees(senses.inside)
    case 50: return status
    case 51: return topAligned(wanted)
    case 52: return topAligned(balancing)
    case 53: return UInt16(cellCount)
    default: return 0
    }
  }

  private func version(_ address: Int) -> UInt16 {
    switch address {
    case 500: UInt16(design.hardware.version) | UInt16(design.hardware.changes) << 8
    case 501: UInt16(design.firmware.open) | (design.isHighPower ? 0x100 : 0) | design.sensor << 9
    case 502: design.firmware.inside
    case 503: UInt16(design.bootloader.version) | UInt16(design.bootloader.map) << 8
    default: Self.serial[address - 504]
    }
  }

  /// The 96 bits of the serial number.
  private static let serial: [UInt16] = [0x0043, 0x0027, 0x5011, 0x5052, 0x3838, 0x2035]

  /// How many cells it measures.
  var cellCount: Int { min(16, senses.cells.count) }

  /// Sum of the cells, as an IEEE single.
  var voltageBits: UInt32 { (Float(senses.cells.sum.raw) / 1000).bitPattern }

  /// Current as an IEEE single, in 10 mA steps.
  var currentBits: UInt32 {
    (Float(Int64(senses.current.raw).dividedRounding(by: 10)) / 100).bitPattern
  }

  /// Time to full or to empty at the present current, s; a large senseless number at rest, as seen.
  var secondsLeft: UInt32 {
    let current = Int64(senses.current.raw)
    guard senses.current.magnitude > activityThreshold else { return 41_777_412 }
    let rest = current > 0 ? capacity - charge : charge
    return UInt32(clamping: rest / (10 * Int64(senses.current.magnitude.raw)))
  }

  /// Bits of cells as registers 51 and 52 hold them: bit numbers are register addresses.
  func topAligned(_ bits: UInt64) -> UInt16 {
    UInt16(truncatingIfNeeded: bits << UInt64(16 - cellCount))
  }

  /// A temperature in tenths of a degree; 8000 hex where there is none.
  func decidegrees(_ temperature: Temperature?) -> UInt16 {
    guard let temperature else { return 0x8000 }
    return UInt16(bitPattern: Int16(clamping: Int64(temperature.raw).dividedRounding(by: 10)))
  }

  private func millivolts(_ voltage: CellVoltage?) -> UInt16 {
    UInt16(clamping: Int64(voltage?.raw ?? 0).dividedRounding(by: 10))
  }
}
