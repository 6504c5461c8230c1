// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

// Command 0x98: seven bytes of faults and a code.

extension DalyBoard {
  /// A protection, and the bit that tells it: byte times eight and bit.
  static let protectionBits: [(alarm: Alarm, bit: Int)] = [
    (.cellOvervoltage, 1), (.cellUndervoltage, 3), (.packOvervoltage, 5), (.packUndervoltage, 7),
    (.chargeOvertemperature, 9), (.chargeUndertemperature, 11), (.dischargeOvertemperature, 13),
    (.dischargeUndertemperature, 15), (.chargeOvercurrent, 17), (.dischargeOvercurrent, 19),
    (.socHigh, 21), (.socLow, 23), (.cellImbalance, 25), (.temperatureDifference, 27),
    (.mosfetOvertemperature, 32), (.chargeMosfetFault, 36), (.dischargeMosfetFault, 37),
    (.afeFault, 40), (.cellSenseFault, 41), (.temperatureSensorFault, 42), (.eepromFault, 43),
    (.rtcFault, 44), (.prechargeFault, 45), (.communicationFault, 47), (.currentSensorFault, 48),
    (.internalFault, 49), (.shortCircuit, 50), (.chargeInhibited, 51),
    // What a board of another maker protects from, in this one's words.
    (.overtemperature, 9), (.overtemperature, 13), (.undertemperature, 11), (.undertemperature, 15),
    (.fullyDischarged, 23), (.regenerationOvercurrent, 17),
  ]

  /// The seven bytes of faults and the code, which stays 0.
  func faults(_ state: UnitState) -> [UInt8] {
    var bits: UInt64 = 0
    for (alarm, bit) in Self.protectionBits where state.alarms.has(alarm) {
      bits |= 1 << UInt64(bit)
    }
    bits |= warnings(state)
    var bytes: [UInt8] = []
    for index in 0..<7 { bytes.append(UInt8(truncatingIfNeeded: bits >> (8 * UInt64(index)))) }
    return bytes + [0]
  }

  /// What lies beyond a first threshold.
  private func warnings(_ state: UnitState) -> UInt64 {
    var bits: UInt64 = 0
    func warn(_ bit: UInt64, _ isBeyond: Bool) { if isBeyond { bits |= 1 << bit } }
    if let (lowest, highest) = state.cells.extremes {
      let low = Self.millivolts(state.cells[lowest])
      let high = Self.millivolts(state.cells[highest])
      warn(0, high > settings.cellHigh.warning)
      warn(2, low < settings.cellLow.warning)
      warn(24, high - low > settings.cellDifference.warning)
    }
    let volts = Self.decivolts(state.voltage)
    warn(4, volts > settings.packHigh.warning)
    warn(6, volts < settings.packLow.warning)
    if let (coldest, hottest) = state.temperatures.extremes {
      let low = Int64(coldest.raw).dividedRounding(by: 100)
      let high = Int64(hottest.raw).dividedRounding(by: 100)
      let isCharging = state.current > .zero
      warn(8, isCharging && high > Int64(settings.chargeHot.warning))
      warn(10, isCharging && low < Int64(settings.cold.charge.0))
      warn(12, !isCharging && high > Int64(settings.dischargeHot.warning))
      warn(14, !isCharging && low < Int64(settings.cold.discharge.0))
      warn(26, high - low > Int64(settings.temperatureDifference.warning))
    }
    let current = Int64(state.current.raw).dividedRounding(by: 100)
    warn(16, current > Int64(settings.chargeCurrent.warning))
    warn(18, current < -Int64(settings.dischargeCurrent.warning))
    let share = Self.share(state.soc)
    warn(20, share > settings.chargeHigh.warning)
    warn(22, share < settings.chargeLow.warning)
    return bits
  }
}
