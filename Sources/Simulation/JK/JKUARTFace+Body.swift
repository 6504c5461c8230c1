// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension JKUARTFace {
  /// The settings of a board as it comes, 16 cells of LFP.
  static let standard: [(tag: UInt8, value: [UInt8])] = {
    let words: [(UInt8, UInt16)] = [
      (0x8E, 5840), (0x8F, 4160), (0x90, 3650), (0x91, 3500), (0x92, 5), (0x93, 2600),
      (0x94, 2650), (0x95, 5), (0x96, 300), (0x97, 120), (0x98, 300), (0x99, 100), (0x9A, 30),
      (0x9B, 3000), (0x9C, 10),
    ]
    let degrees: [(UInt8, Int16)] = [
      (0x9E, 90), (0x9F, 70), (0xA0, 100), (0xA1, 100), (0xA2, 20), (0xA3, 65), (0xA4, 70),
      (0xA5, 0), (0xA6, 5), (0xA7, -20), (0xA8, -10),
    ]
    var all: [(tag: UInt8, value: [UInt8])] = []
    for (tag, word) in words { all.append((tag, [UInt8(word >> 8), UInt8(word & 0xFF)])) }
    all.append((0x9D, [1]))
    for (tag, word) in degrees {
      let bits = UInt16(bitPattern: word)
      all.append((tag, [UInt8(bits >> 8), UInt8(bits & 0xFF)]))
    }
    all += [
      (0xA9, [16]), (0xAA, [0, 0, 0, 100]), (0xAB, [1]), (0xAC, [1]), (0xAD, [3, 0xE8]),
      (0xAE, [1]), (0xAF, [0]), (0xB0, [0, 10]), (0xB1, [20]),
    ]
    return all
  }()

  /// The tags of an answer that tells everything.
  func body(_ state: UnitState) -> [UInt8] {
    var bytes: [UInt8] = [0x79, UInt8(3 * state.cells.count)]
    for index in 0..<state.cells.count {
      bytes.append(UInt8(index + 1))
      bytes.appendBig(UInt16(clamping: Int64(state.cells[index].raw).dividedRounding(by: 10)))
    }
    func word(_ tag: UInt8, _ number: Int64) {
      bytes.append(tag)
      bytes.appendBig(UInt16(truncatingIfNeeded: number))
    }
    word(0x80, degrees(state.board))
    for index in 0..<2 {
      let told = index < state.temperatures.count ? state.temperatures[index] : nil
      word(0x81 + UInt8(index), told.map(degrees) ?? 200)
    }
    word(0x83, Int64(state.voltage.raw).dividedRounding(by: 10))
    word(0x84, current(state.current))
    bytes += [0x85, UInt8(Int64(state.soc.raw).dividedRounding(by: 1_000_000)), 0x86, 2]
    word(0x87, state.cycles)
    bytes += [0x89, 0, 0, 0, 0]
    word(0x8A, Int64(state.cells.count))
    word(0x8B, alarms(state))
    let switches: Int64 =
      (state.isChargeOn ? 1 : 0) | (state.isDischargeOn ? 2 : 0)
      | (state.cells.balancing != 0 ? 4 : 0) | 8
    word(0x8C, switches)
    for (tag, value) in settings {
      bytes.append(tag)
      bytes += value
    }
    bytes += [0xB7] + Array("11.XW_S11.28___".utf8) + [0xB8, 0, 0xB9, 0, 0, 0, 0]
    if design.hasSignBit { bytes += [0xC0, 1] }
    return bytes
  }

  private func degrees(_ temperature: Temperature) -> Int64 {
    let whole = Int64(temperature.raw).dividedRounding(by: 100)
    return whole < 0 ? 100 - whole : whole
  }

  private func current(_ current: Current) -> Int64 {
    let told = design.invertsCurrent ? -current : current
    let steps = Int64(told.raw).dividedRounding(by: 10)
    guard design.hasSignBit else { return 10_000 - steps }
    return steps > 0 ? 0x8000 | steps : -steps
  }

  private func alarms(_ state: UnitState) -> Int64 {
    let bits: [(Alarm, Int64)] = [
      (.overtemperature, 4), (.chargeOvercurrent, 5), (.regenerationOvercurrent, 5),
      (.dischargeOvercurrent, 6), (.undertemperature, 9), (.chargeUndertemperature, 9),
      (.cellOvervoltage, 10), (.cellUndervoltage, 11), (.fullyDischarged, 11),
    ]
    var set: Int64 = 0
    for (alarm, bit) in bits where state.alarms.has(alarm) { set |= 1 << bit }
    return set
  }
}
