// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

extension TinyBMSUnit {
  /// Follows the charger: connected, started, done, disconnected.
  mutating func followCharger() {
    guard senses.hasCharger else {
      if phase != .absent { note(0x65) }
      phase = .absent
      return
    }
    switch phase {
    case .absent:
      note(0x64)
      recoverByCharger()
      phase = .starting(lifetime + Int64(settings[310]) * 1000)
    case .starting(let moment):
      if lifetime >= moment { beginCharge() }
    case .charging:
      if isChargeDone { finishCharge() }
    case .finishing(let moment):
      if lifetime >= moment { phase = .done }
    case .done:
      // Flag bit 2: charging begins again below setting 321. Without it the documents name only a
      // reconnected charger; assumed here is 95 %, so that a pack on a float charger is not left to
      // drain.
      let level: UInt16 = settings[329] & 0b100 != 0 ? settings[321] : 95
      if soc < .percent(level) { beginCharge() }
    }
  }

  /// Done: all cells at setting 300, their spread below 308 and the current below 304.
  private var isChargeDone: Bool {
    guard isChargerOn, let (lowest, highest) = extremes else { return false }
    return lowest >= .millivolts(settings[300]) && highest - lowest < .millivolts(settings[308])
      && senses.current.magnitude < .milliamperes(settings[304])
  }

  private mutating func beginCharge() {
    phase = .charging
    statistics.charges &+= 1
    note(0x62)
  }

  private mutating func finishCharge() {
    charge = capacity
    statistics.fullCharges &+= 1
    note(0x63)
    phase = .finishing(lifetime + Int64(settings[311]) * 1000)
  }

  /// Chooses the cells to bleed: those above setting 303 and further above the lowest than setting
  /// 308, only while charging, regenerating or in an over-voltage fault, and each third cell at a
  /// time.
  ///
  /// Assumed: the three thirds take turns of 7 s.
  mutating func balance() {
    wanted = 0
    guard let (lowest, _) = extremes else { return }
    let floor = max(.millivolts(settings[303]), lowest + .millivolts(settings[308]))
    for index in 0..<senses.cells.count where senses.cells[index] > floor {
      wanted |= 1 << UInt64(index)
    }
    let status = status
    guard status == 0x91 || status == 0x96 || protections.has(.overVoltage) else {
      balancing = 0
      return
    }
    let turn = Int(lifetime / 7000 % 3)
    var third: UInt64 = 0
    for index in stride(from: turn, to: 16, by: 3) { third |= 1 << UInt64(index) }
    balancing = wanted & third
  }
}
