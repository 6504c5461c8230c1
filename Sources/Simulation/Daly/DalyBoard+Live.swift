// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

// Commands 0x90 to 0x98: what the board measures.

extension DalyBoard {
  mutating func live(
    _ command: UInt8, isLong: Bool, _ state: UnitState, at now: Tick
  ) -> [[UInt8]] {
    switch command {
    case 0x90:
      let current = design.current(state.current, risesWhenCharging: false)
      return [
        frame(Self.words([Self.decivolts(state.voltage), 0, current, Self.share(state.soc)]))
      ]
    case 0x91: return [cellExtremes(state)]
    case 0x92: return [temperatureExtremes(state)]
    case 0x93:
      let remaining = UInt32(clamping: state.remaining.raw)
      return [
        [
          Self.activity(state), state.isChargeOn ? 1 : 0, state.isDischargeOn ? 1 : 0,
          UInt8(truncatingIfNeeded: now.milliseconds / 1000),
        ] + Self.words([UInt16(remaining >> 16), UInt16(truncatingIfNeeded: remaining)])
      ]
    case 0x94:
      let cycles = UInt16(clamping: state.cycles)
      return [
        frame(
          [
            UInt8(state.cells.count), UInt8(state.temperatures.count), state.hasCharger ? 1 : 0,
            state.current < .zero ? 1 : 0, 0,
          ] + Self.words([cycles]))
      ]
    case 0x95: return cells(state, isLong: isLong)
    case 0x96: return temperatures(state, isLong: isLong)
    case 0x97:
      var bytes: [UInt8] = []
      for index in 0..<6 {
        bytes.append(UInt8(truncatingIfNeeded: state.cells.balancing >> (8 * UInt64(index))))
      }
      return [frame(bytes)]
    default: return [frame(faults(state))]
    }
  }

  private mutating func cellExtremes(_ state: UnitState) -> [UInt8] {
    guard let (lowest, highest) = state.cells.extremes else { return frame([]) }
    return frame(
      Self.words([Self.millivolts(state.cells[highest])]) + [UInt8(highest + 1)]
        + Self.words([Self.millivolts(state.cells[lowest])]) + [UInt8(lowest + 1)])
  }

  private mutating func temperatureExtremes(_ state: UnitState) -> [UInt8] {
    var hottest = 0
    var coldest = 0
    for index in 0..<state.temperatures.count {
      let degrees = Self.degrees(state.temperatures[index])
      if degrees > Self.degrees(state.temperatures[hottest]) { hottest = index }
      if degrees < Self.degrees(state.temperatures[coldest]) { coldest = index }
    }
    return frame([
      Self.degrees(state.temperatures[hottest]), UInt8(hottest + 1),
      Self.degrees(state.temperatures[coldest]), UInt8(coldest + 1),
    ])
  }

  /// Three cells to a frame behind its number from 1.
  ///
  /// Places beyond the last cell repeat one where bytes of earlier answers stay, as on a board of 16
  /// cells.
  private mutating func cells(_ state: UnitState, isLong: Bool) -> [[UInt8]] {
    let count = state.cells.count
    let pages = isLong ? 16 : (count + 2) / 3
    var frames: [[UInt8]] = []
    for page in 0..<pages {
      var bytes: [UInt8] = [UInt8(page + 1)]
      for place in 0..<3 where 3 * page + place < count {
        bytes.appendBig(Self.millivolts(state.cells[3 * page + place]))
      }
      frames.append(frame(bytes))
    }
    return frames
  }

  /// Seven sensors to a frame behind its number from 1; one frame more than is needed, or three.
  private mutating func temperatures(_ state: UnitState, isLong: Bool) -> [[UInt8]] {
    let count = state.temperatures.count
    let pages = isLong ? 3 : max(2, (count + 6) / 7)
    var frames: [[UInt8]] = []
    for page in 0..<pages {
      var bytes: [UInt8] = [UInt8(page + 1)]
      for place in 0..<7 {
        let index = 7 * page + place
        bytes.append(index < count ? Self.degrees(state.temperatures[index]) : 0)
      }
      frames.append(frame(bytes))
    }
    return frames
  }

  // MARK: - Numbers on the wire

  /// 0 idle, 1 charging, 2 discharging.
  static func activity(_ state: UnitState) -> UInt8 {
    guard state.current.magnitude > .milliamperes(100) else { return 0 }
    return state.current > .zero ? 1 : 2
  }

  static func words(_ words: [UInt16]) -> [UInt8] {
    var bytes: [UInt8] = []
    for word in words { bytes.appendBig(word) }
    return bytes
  }

  static func millivolts(_ cell: CellVoltage) -> UInt16 {
    UInt16(clamping: Int64(cell.raw).dividedRounding(by: 10))
  }

  static func decivolts(_ voltage: Voltage) -> UInt16 {
    UInt16(clamping: Int64(voltage.raw).dividedRounding(by: 100))
  }

  static func share(_ soc: Percent) -> UInt16 {
    UInt16(clamping: Int64(soc.raw).dividedRounding(by: 100_000))
  }

  /// Whole degrees from −40 °C; a sensor that is not there reads as cold as can be.
  static func degrees(_ temperature: Temperature?) -> UInt8 {
    guard let temperature else { return 0 }
    return UInt8(clamping: Int64(temperature.raw).dividedRounding(by: 100) + 40)
  }
}
