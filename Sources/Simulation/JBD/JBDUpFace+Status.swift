// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension JBDUpFace.Design {
  /// The range of registers that tells the state.
  func status(_ state: UnitState) -> [UInt8] {
    let count = Int64(state.cells.count)
    var data: [UInt8] = []
    data.appendBig(UInt16(clamping: Int64(state.voltage.raw).dividedRounding(by: 10)))
    data.appendBig(0)
    Self.double(UInt32(clamping: Int64(state.current.raw).dividedRounding(by: 10) + 300_000), &data)
    data.appendBig(UInt16(clamping: Int64(state.soc.raw).dividedRounding(by: 10_000)))
    for charge in [state.remaining, state.full, nominal] {
      data.appendBig(UInt16(clamping: charge.raw.dividedRounding(by: 10)))
    }
    data.appendBig(Self.degrees(state.board))
    data.appendBig(Self.degrees(state.board))
    data.appendBig(UInt16(DalyBoard.activity(state)))
    data.appendBig(UInt16(clamping: Int64(state.health.raw).dividedRounding(by: 1_000_000)))
    Self.double(Self.protections(state), &data)
    Self.double(0, &data)
    data.appendBig((state.isDischargeOn ? 1 : 0) | (state.isChargeOn ? 2 : 0))
    data.appendBig(state.hasCharger ? 1 : 0)
    data.appendBig(UInt16(clamping: state.cycles))
    appendExtremes(state, &data)
    data.appendBig(Self.decivolts(chargeVoltage, count))
    data.appendBig(UInt16(clamping: Int64(chargeCurrent.raw).dividedRounding(by: 100)))
    data.appendBig(Self.decivolts(dischargeVoltage, count))
    data.appendBig(UInt16(clamping: Int64(dischargeCurrent.raw).dividedRounding(by: 100)))
    data.appendBig(UInt16(count))
    for index in 0..<state.cells.count {
      data.appendBig(DalyBoard.millivolts(state.cells[index]))
    }
    data.appendBig(UInt16(state.temperatures.count))
    for index in 0..<state.temperatures.count {
      data.appendBig(Self.degrees(state.temperatures[index]))
    }
    data.appendBig(0)
    data.appendBig(UInt16(truncatingIfNeeded: state.cells.balancing))
    data.appendBig(0x0100)
    let text = Array(serial.utf8.prefix(30))
    return data + text + [UInt8](repeating: 0, count: 30 - text.count)
  }

  private func appendExtremes(_ state: UnitState, _ data: inout [UInt8]) {
    let cells = state.cells.extremes ?? (0, 0)
    data.appendBig(UInt16(cells.highest + 1))
    data.appendBig(DalyBoard.millivolts(state.cells[cells.highest]))
    data.appendBig(UInt16(cells.lowest + 1))
    data.appendBig(DalyBoard.millivolts(state.cells[cells.lowest]))
    data.appendBig(DalyBoard.millivolts(state.cells.average ?? .zero))
    var hottest = 0
    var coldest = 0
    var sum: Int64 = 0
    for index in 0..<state.temperatures.count {
      let here = Self.degrees(state.temperatures[index])
      sum += Int64(here)
      if here > Self.degrees(state.temperatures[hottest]) { hottest = index }
      if here < Self.degrees(state.temperatures[coldest]) { coldest = index }
    }
    data.appendBig(UInt16(hottest + 1))
    data.appendBig(Self.degrees(state.temperatures[hottest]))
    data.appendBig(UInt16(coldest + 1))
    data.appendBig(Self.degrees(state.temperatures[coldest]))
    data.appendBig(UInt16(sum / Int64(max(1, state.temperatures.count))))
  }

  private static func double(_ value: UInt32, _ data: inout [UInt8]) {
    data.appendBig(UInt16(value >> 16))
    data.appendBig(UInt16(truncatingIfNeeded: value))
  }

  private static func decivolts(_ cell: CellVoltage, _ count: Int64) -> UInt16 {
    UInt16(clamping: (Int64(cell.raw) * count).dividedRounding(by: 1000))
  }

  /// Tenths of a degree from −50 °C; a sensor that is not there reads as cold as can be.
  private static func degrees(_ temperature: Temperature?) -> UInt16 {
    guard let temperature else { return 0 }
    return UInt16(clamping: Int64(temperature.raw).dividedRounding(by: 10) + 500)
  }

  /// A protection, and the bit that tells it.
  private static let bits: [(alarm: Alarm, bit: UInt32)] = [
    (.cellOvervoltage, 0), (.cellUndervoltage, 1), (.packOvervoltage, 2), (.packUndervoltage, 3),
    (.chargeOvercurrent, 4), (.dischargeOvercurrent, 6), (.chargeOvertemperature, 8),
    (.chargeUndertemperature, 9), (.dischargeOvertemperature, 10),
    (.dischargeUndertemperature, 11), (.mosfetOvertemperature, 12), (.ambientOvertemperature, 13),
    (.undertemperature, 14), (.cellImbalance, 15), (.temperatureDifference, 16), (.socLow, 17),
    (.shortCircuit, 18), (.cellSenseFault, 19), (.temperatureSensorFault, 20),
    (.chargeMosfetFault, 21), (.dischargeMosfetFault, 22), (.internalFault, 24), (.afeFault, 26),
    // What a board of another maker protects from, in this one's words.
    (.overtemperature, 8), (.overtemperature, 10), (.fullyDischarged, 17),
    (.regenerationOvercurrent, 4), (.currentSensorFault, 26),
  ]

  private static func protections(_ state: UnitState) -> UInt32 {
    var bits: UInt32 = 0
    for (alarm, bit) in Self.bits where state.alarms.has(alarm) { bits |= 1 << bit }
    return bits
  }
}
