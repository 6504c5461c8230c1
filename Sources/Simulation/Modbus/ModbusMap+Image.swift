// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Wire

// The way back: from a state to the words of the registers.

extension ModbusMap {
  /// The word that a register holds; 0 where no row tells anything.
  func word(
    _ function: UInt8, _ address: UInt16, _ state: UnitState, _ manner: ModbusManner
  ) -> UInt16 {
    var word: UInt16 = 0
    for row in rows where row.function == function && row.address <= address {
      let place = Int(address - row.address)
      guard place % Int(step) == 0 else { continue }
      let index = place / Int(step)
      guard index < row.words else { continue }
      word |= part(index, row, state, manner)
    }
    return word
  }

  /// One of the words of a row.
  private func part(
    _ index: Int, _ row: Row, _ state: UnitState, _ manner: ModbusManner
  ) -> UInt16 {
    if case .identity(let part) = row.target {
      let text = manner.identity.label(part) ?? Label()
      let first = UInt16(text[2 * index])
      let second = UInt16(text[2 * index + 1])
      return row.order == .highFirst ? first << 8 | second : second << 8 | first
    }
    let raw = raw(index / row.form.words, row, state, manner)
    let bits = UInt32(truncatingIfNeeded: raw)
    switch row.form {
    case .uint8High: return UInt16(truncatingIfNeeded: bits & 0xFF) << 8
    case .uint8Low: return UInt16(truncatingIfNeeded: bits & 0xFF)
    case .uint16, .int16, .text: return UInt16(truncatingIfNeeded: bits)
    case .uint32, .int32, .float32:
      let isHigh = (index % 2 == 0) == (row.order == .highFirst)
      return UInt16(truncatingIfNeeded: isHigh ? bits >> 16 : bits)
    }
  }

  /// The raw number of one value of a row.
  private func raw(
    _ index: Int, _ row: Row, _ state: UnitState, _ manner: ModbusManner
  ) -> Int64 {
    switch row.target {
    case .balancing: return Int64(truncatingIfNeeded: state.cells.balancing)
    case .flag(let point, let bit): return (state.value(point) ?? 0) << Int64(bit)
    case .alarms(let known):
      var bits: Int64 = 0
      for one in known where !one.isWarning && state.alarms.has(one.alarm) {
        bits |= 1 << Int64(one.bit)
      }
      return bits
    default: break
    }
    guard let kind = row.target.kind, let steps = steps(index, row, state, manner) else {
      return row.absent.first ?? 0
    }
    return row.form == .float32 ? float(steps, kind) : row.raw(steps, kind)
  }

  /// One value of a row in steps of its kind; `nil` where the pack has none.
  private func steps(
    _ index: Int, _ row: Row, _ state: UnitState, _ manner: ModbusManner
  ) -> Int64? {
    switch row.target {
    case .point(let point): return state.value(point)
    case .cells(let first):
      let place = first - 1 + index
      return place < state.cells.count ? Int64(state.cells[place].raw) : nil
    case .temperatures(let first):
      let place = first - 1 + index
      guard place < state.temperatures.count else { return nil }
      return state.temperatures[place].map { Int64($0.raw) }
    case .cutoff(let cutoff): return manner.cutoffs.steps(cutoff)
    case .flag, .balancing, .alarms, .identity: return nil
    }
  }

  /// Steps of a kind as the bits of an IEEE float, cut off after its 24 bits.
  private func float(_ steps: Int64, _ kind: Point.Kind) -> Int64 {
    guard steps != 0 else { return 0 }
    var unit: Int64 = 1
    for _ in 0..<kind.decimals { unit *= 10 }
    // steps / unit = significand · 2^(exponent − 23), significand from 2^23 up to 2^24.
    var exponent: Int64 = 0
    var numerator = Int64(steps.magnitude)
    var divisor = unit
    while numerator >= 2 * divisor {
      divisor *= 2
      exponent += 1
    }
    while numerator < divisor {
      numerator *= 2
      exponent -= 1
    }
    let significand = (numerator << 23) / divisor
    return (steps < 0 ? 1 << 31 : 0) | (exponent + 127) << 23 | significand & 0x7F_FFFF
  }
}

extension ModbusMap.Row {
  /// The raw number of so many steps of a kind, as near as its form can tell.
  fileprivate func raw(_ steps: Int64, _ kind: Point.Kind) -> Int64 {
    var unit: Int64 = 1_000_000
    var product = steps
    for _ in 0..<kind.decimals {
      if unit > 1 { unit /= 10 } else { product = product.dividedRounding(by: 10) }
    }
    let raw = (product * unit).dividedRounding(by: scale) - offset
    let range: ClosedRange<Int64> =
      switch form {
      case .uint8High, .uint8Low: 0...0xFF
      case .int16: -0x8000...0x7FFF
      case .uint32: 0...0xFFFF_FFFF
      case .int32: -0x8000_0000...0x7FFF_FFFF
      default: 0...0xFFFF
      }
    return min(max(raw, range.lowerBound), range.upperBound)
  }
}

extension Identity {
  fileprivate func label(_ part: ModbusMap.IdentityPart) -> Label? {
    switch part {
    case .serial: serial
    case .model: model
    case .manufacturer: manufacturer
    case .firmware: firmware
    case .hardware: hardware
    }
  }
}

extension Cutoffs {
  fileprivate func steps(_ cutoff: ModbusMap.Cutoff) -> Int64? {
    switch cutoff {
    case .cellOvervoltage: cellOvervoltage.map { Int64($0.raw) }
    case .cellUndervoltage: cellUndervoltage.map { Int64($0.raw) }
    case .cellFull: cellFull.map { Int64($0.raw) }
    case .cellEmpty: cellEmpty.map { Int64($0.raw) }
    case .chargeOvercurrent: chargeOvercurrent.map { Int64($0.raw) }
    case .dischargeOvercurrent: dischargeOvercurrent.map { Int64($0.raw) }
    case .overtemperature: overtemperature.map { Int64($0.raw) }
    case .chargeUndertemperature: chargeUndertemperature.map { Int64($0.raw) }
    }
  }
}
