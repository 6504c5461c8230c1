// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

// Commands 0x50 to 0x63: what the board is and where it trips.

extension DalyBoard {
  mutating func setup(_ command: UInt8, _ state: UnitState, at now: Tick) -> [[UInt8]] {
    let set = settings
    switch command {
    case 0x50: return [Self.double(set.rated) + Self.double(UInt32(set.cellReference))]
    case 0x51:
      return [frame([1, UInt8(state.cells.count), 0, 0, UInt8(state.temperatures.count), 0, 0])]
    case 0x52: return [Self.double(set.totals.charged) + Self.double(set.totals.discharged)]
    case 0x53:
      let sleep =
        design.sleepAfter == 0 ? 0xFFFF : UInt16(clamping: design.sleepAfter)
      // Zero drift: below five steps of 0.1 A it counts as none.
      return [[set.kind, 0, 24, 1, 1] + Self.words([sleep]) + [5]]
    case 0x54: return [Self.text(design.software, 8)]
    case 0x55: return texts(design.manufacturer, 3)
    case 0x56: return texts(design.model, 5)
    case 0x57: return texts(design.serial, 5)
    case 0x59: return [Self.pairs(set.cellHigh, set.cellLow)]
    case 0x5A: return [Self.pairs(set.packHigh, set.packLow)]
    case 0x5B:
      // Which pair is the charger's is told differently by those who read it; here it is the first.
      let charge = set.chargeCurrent
      let discharge = set.dischargeCurrent
      return [
        Self.words([
          30_000 - charge.warning, 30_000 - charge.protection, 30_000 + discharge.warning,
          30_000 + discharge.protection,
        ])
      ]
    case 0x5C: return [temperatureLimits]
    case 0x5D: return [Self.pairs(set.chargeHigh, set.chargeLow)]
    case 0x5E:
      let difference = set.temperatureDifference
      return [
        frame(
          Self.words([set.cellDifference.warning, set.cellDifference.protection]) + [
            UInt8(clamping: difference.warning), UInt8(clamping: difference.protection),
          ])
      ]
    case 0x5F: return [frame(Self.words([set.balanceStart, set.balanceDelta]))]
    case 0x60: return [frame(Self.words([set.shortCircuit, set.shunt]))]
    case 0x61: return [time(at: now) + Self.words([Self.share(state.soc)])]
    case 0x62: return texts(design.software, 2)
    case 0x63: return texts(design.hardware, 2)
    // 0x58: nobody knows what it holds.
    default: return []
    }
  }

  private var temperatureLimits: [UInt8] {
    let set = settings
    var bytes: [UInt8] = []
    for degrees in [
      Int(set.chargeHot.warning), Int(set.chargeHot.protection), Int(set.cold.charge.0),
      Int(set.cold.charge.1), Int(set.dischargeHot.warning), Int(set.dischargeHot.protection),
      Int(set.cold.discharge.0), Int(set.cold.discharge.1),
    ] { bytes.append(UInt8(clamping: degrees + 40)) }
    return bytes
  }

  private static func pairs(_ first: DalySettings.Pair, _ second: DalySettings.Pair) -> [UInt8] {
    words([first.warning, first.protection, second.warning, second.protection])
  }

  private static func double(_ value: UInt32) -> [UInt8] {
    words([UInt16(value >> 16), UInt16(truncatingIfNeeded: value)])
  }

  /// A text in frames of seven characters behind a number from 1; blanks fill the last.
  private mutating func texts(_ text: String, _ pages: Int) -> [[UInt8]] {
    let bytes = Self.text(text, 7 * pages)
    var frames: [[UInt8]] = []
    for page in 0..<pages {
      frames.append(frame([UInt8(page + 1)] + bytes[7 * page..<7 * page + 7]))
    }
    return frames
  }

  private static func text(_ text: String, _ count: Int) -> [UInt8] {
    var bytes = Array(text.utf8.prefix(count))
    while bytes.count < count { bytes.append(0x20) }
    return bytes
  }
}
