// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension JBDFace {
  /// Its status and data to a question.
  mutating func answer(_ register: UInt8, _ state: UnitState) -> (UInt8, [UInt8]) {
    switch register {
    case 0x03: return (Status.done, basic(state))
    case 0x04:
      var data: [UInt8] = []
      for index in 0..<min(32, state.cells.count) {
        data.appendBig(DalyBoard.millivolts(state.cells[index]))
      }
      return (Status.done, data)
    case 0x05: return (Status.done, Array(design.model.utf8.prefix(31)))
    case 0xAA:
      var data: [UInt8] = []
      for index in 0..<12 { data.appendBig(counters[index]) }
      return (Status.done, data)
    case JBDMemory.texts:
      let text = memory.text(register)
      return (Status.done, text.isEmpty ? [0] : [UInt8(text.count)] + text)
    case JBDMemory.words:
      guard isFactoryOpen else { return (Status.forbidden, []) }
      var data: [UInt8] = []
      data.appendBig(register == 0x17 ? cycles(state) : memory[register])
      return (Status.done, data)
    default: return (Status.unknown, [])
    }
  }

  func cycles(_ state: UnitState) -> UInt16 { UInt16(clamping: state.cycles + cycleOffset) }

  private var scale: Int64 { design.isCoarse ? 10 : 1 }

  /// A charge in steps of 10 mAh, or of 100 mAh.
  private func charge(_ charge: Charge) -> UInt16 {
    UInt16(clamping: charge.raw.dividedRounding(by: 10 * scale))
  }

  private func basic(_ state: UnitState) -> [UInt8] {
    var data: [UInt8] = []
    data.appendBig(UInt16(clamping: Int64(state.voltage.raw).dividedRounding(by: 10)))
    let current = Int64(state.current.raw).dividedRounding(by: 10 * scale)
    data.appendBig(UInt16(bitPattern: Int16(clamping: current)))
    data.appendBig(charge(state.remaining))
    data.appendBig(memory[0x10])
    data.appendBig(cycles(state))
    data.appendBig(design.date.year << 9 | design.date.month << 5 | design.date.day)
    data.appendBig(UInt16(truncatingIfNeeded: state.cells.balancing))
    data.appendBig(UInt16(truncatingIfNeeded: state.cells.balancing >> 16))
    data.appendBig(Self.protections(state, orders))
    data.append(design.firmware)
    data.append(UInt8(clamping: Int64(state.soc.raw).dividedRounding(by: 1_000_000)))
    data.append(
      (state.isChargeOn ? 1 : 0) | (state.isDischargeOn ? 2 : 0) | (design.isCoarse ? 0x80 : 0))
    data.append(UInt8(min(32, state.cells.count)))
    data.append(UInt8(state.temperatures.count))
    for index in 0..<state.temperatures.count {
      data.appendBig(Self.kelvin(state.temperatures[index]))
    }
    if design.hasTail {
      // Humidity is not measured.
      data.append(design.isCoarse ? 0x80 : 0)
      data.appendBig(Self.warnings(state))
      data.appendBig(charge(state.full))
      data.appendBig(charge(state.remaining))
      data.appendBig(0)
    }
    return data
  }

  /// Tenths of a kelvin; a sensor that is not there reads as cold as can be.
  static func kelvin(_ temperature: Temperature?) -> UInt16 {
    guard let temperature else { return 0 }
    return UInt16(clamping: Int64(temperature.raw).dividedRounding(by: 10) + 2731)
  }

  /// A protection, and the bit that tells it.
  static let protectionBits: [(alarm: Alarm, bit: UInt16)] = [
    (.cellOvervoltage, 0), (.cellUndervoltage, 1), (.packOvervoltage, 2), (.packUndervoltage, 3),
    (.chargeOvertemperature, 4), (.chargeUndertemperature, 5), (.dischargeOvertemperature, 6),
    (.dischargeUndertemperature, 7), (.chargeOvercurrent, 8), (.dischargeOvercurrent, 9),
    (.shortCircuit, 10), (.afeFault, 11), (.chargeMosfetFault, 13), (.dischargeMosfetFault, 14),
    // What a board of another maker protects from, in this one's words.
    (.overtemperature, 4), (.overtemperature, 6), (.undertemperature, 5), (.undertemperature, 7),
    (.fullyDischarged, 3), (.regenerationOvercurrent, 8), (.currentSensorFault, 11),
  ]

  /// The protections that act; bit 12 tells that a switch was ordered open.
  static func protections(_ state: UnitState, _ orders: UnitOrders) -> UInt16 {
    var bits: UInt16 = orders.opensCharge || orders.opensDischarge ? 1 << 12 : 0
    for (alarm, bit) in protectionBits where state.alarms.has(alarm) { bits |= 1 << bit }
    return bits
  }

  /// Cells that differ by over 300 mV, and less than 10 % left; both thresholds are assumed.
  private static func warnings(_ state: UnitState) -> UInt16 {
    var bits: UInt16 = 0
    if let (lowest, highest) = state.cells.extremes,
      state.cells[highest] - state.cells[lowest] > .millivolts(300)
    {
      bits |= 1 << 10
    }
    if state.soc < .percent(10) { bits |= 1 << 11 }
    return bits
  }
}
