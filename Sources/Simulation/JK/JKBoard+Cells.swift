// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

extension JKBoard {
  /// The frame that tells cells and pack.
  func cells(_ state: UnitState) -> JKPage {
    design.form == .first ? firstCells(state) : laterCells(state)
  }

  private func firstCells(_ state: UnitState) -> JKPage {
    var page = JKPage(0x02)
    for index in 0..<min(24, state.cells.count) {
      page.putFloat(Int64(state.cells[index].raw), over: 10_000, at: 6 + 4 * index)
      page.putFloat(80, over: 1000, at: 102 + 4 * index)
    }
    if let average = state.cells.average, let (low, high) = state.cells.extremes {
      page.putFloat(Int64(average.raw), over: 10_000, at: 202)
      page.putFloat(
        Int64((state.cells[high] - state.cells[low]).raw), over: 10_000, at: 206)
    }
    page.put(mask(state), at: 214, 4)
    let isBalancing = state.cells.balancing != 0
    page.put(isBalancing ? 2 : 0, at: 220, 1)
    page.putFloat(isBalancing ? -2000 : 0, over: 1000, at: 222)
    page.put(90_000, at: 286, 4)
    return page
  }

  private func laterCells(_ state: UnitState) -> JKPage {
    var page = JKPage(0x02)
    let is32 = design.form == .cells32
    let (after, far) = is32 ? (16, 32) : (0, 0)
    for index in 0..<min(is32 ? 32 : 24, state.cells.count) {
      page.put(millivolts(state.cells[index]), at: 6 + 2 * index, 2)
      page.put(60, at: 64 + after + 2 * index, 2)
    }
    page.put(mask(state), at: 54 + after, 4)
    if let average = state.cells.average, let (low, high) = state.cells.extremes {
      page.put(millivolts(average), at: 58 + after, 2)
      page.put(millivolts(state.cells[high] - state.cells[low]), at: 60 + after, 2)
      page.put(Int64(high), at: 62 + after, 1)
      page.put(Int64(low), at: 63 + after, 1)
    }
    let board = decidegrees(state.board)
    page.put(board, at: is32 ? 144 : 134, 2)
    page.put(Int64(state.voltage.raw), at: 118 + far, 4)
    let current = design.invertsCurrent ? -state.current : state.current
    page.put(Int64(current.raw), at: 126 + far, 4)
    // Power has no sign.
    page.put(Int64((state.voltage * state.current).magnitude.raw), at: 122 + far, 4)
    page.put(sensor(state, 0), at: 130 + far, 2)
    page.put(sensor(state, 1), at: 132 + far, 2)
    page.put(alarms(state), at: is32 ? 166 : 136, is32 ? 4 : 2)
    let isBalancing = state.cells.balancing != 0
    page.put(isBalancing ? -500 : 0, at: 138 + far, 2)
    page.put(isBalancing ? 2 : 0, at: 140 + far, 1)
    page.put(percent(state.soc), at: 141 + far, 1)
    page.put(state.remaining.raw, at: 142 + far, 4)
    page.put(state.full.raw, at: 146 + far, 4)
    page.put(state.cycles, at: 150 + far, 4)
    page.put(percent(state.health), at: 158 + far, 1)
    page.put(90_000, at: 162 + far, 4)
    page.put(state.isChargeOn ? 1 : 0, at: 166 + far, 1)
    page.put(state.isDischargeOn ? 1 : 0, at: 167 + far, 1)
    // Most boards claim every sensor there is.
    page.put(is32 ? 0xFF : 7, at: 182 + far, 1)
    page.put(state.hasCharger ? 1 : 0, at: 213 + far, 1)
    if is32 {
      page.put(board, at: 254, 2)
      page.put(design.hasMoreSensors ? sensor(state, 0) : 0, at: 256, 2)
      page.put(design.hasMoreSensors ? sensor(state, 1) : 0, at: 258, 2)
    }
    return page
  }

  private func mask(_ state: UnitState) -> Int64 {
    let most = design.form == .cells32 ? 32 : 24
    return (1 << Int64(min(most, state.cells.count))) - 1
  }

  private func millivolts(_ cell: CellVoltage) -> Int64 {
    Int64(cell.raw).dividedRounding(by: 10)
  }

  private func decidegrees(_ temperature: Temperature) -> Int64 {
    Int64(temperature.raw).dividedRounding(by: 10)
  }

  private func percent(_ share: Percent) -> Int64 {
    Int64(share.raw).dividedRounding(by: 1_000_000)
  }

  /// A sensor; -2000 where none is connected.
  private func sensor(_ state: UnitState, _ index: Int) -> Int64 {
    guard index < state.temperatures.count, let told = state.temperatures[index] else {
      return -2000
    }
    return decidegrees(told)
  }

  private func alarms(_ state: UnitState) -> Int64 {
    let bits: [(Alarm, Int64)] = [
      (.currentSensorFault, 3), (.cellOvervoltage, 4), (.chargeOvercurrent, 6),
      (.regenerationOvercurrent, 6), (.chargeUndertemperature, 9), (.cellUndervoltage, 11),
      (.fullyDischarged, 11), (.dischargeOvercurrent, 13), (.overtemperature, 8),
      (.undertemperature, 9),
    ]
    var set: Int64 = 0
    for (alarm, bit) in bits where state.alarms.has(alarm) { set |= 1 << bit }
    return set
  }
}
