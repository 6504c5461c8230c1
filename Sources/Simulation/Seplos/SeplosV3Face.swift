// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
public import Quantities
import Wire

/// A Seplos board of the third generation on RS485: Modbus RTU, some 20 ms after each question; the time is
/// assumed.
public struct SeplosV3Face: UnitFace {
  /// What was ordered over the wire so far: Cellbus orders nothing in this language.
  public var orders = UnitOrders()
  /// How it misbehaves.
  public var quirks: TinyBMSQuirks = []

  let address: UInt8
  private var line = AnswerLine()

  /// A board with a number.
  public init(address: UInt8 = 0) { self.address = address }

  /// When to call `next` again, unless something comes in.
  public var deadline: Tick { line.deadline }

  /// Bytes came in; `now` is real time.
  public mutating func received(
    _ bytes: borrowing Span<UInt8>, _ state: UnitState, at now: Tick
  ) {
    line.hear(bytes, quirks, at: now)
    while line.inbox.count >= 8 {
      let request = Array(line.inbox[..<8])
      guard request[0] == address, Checksum.crc16Modbus(request.span, count: 8) == 0 else {
        line.inbox.removeFirst()
        continue
      }
      line.inbox.removeFirst(8)
      line.say(answer(request, state), after: 20, quirks, at: now)
    }
  }

  /// What goes out next; called again after each `.send`.
  public mutating func next(_ state: UnitState, at now: Tick) -> UnitStep {
    line.next(quirks, at: now)
  }

  private func answer(_ request: [UInt8], _ state: UnitState) -> [UInt8] {
    var data: [UInt8]?
    for (block, bytes) in [
      (SeplosV3.pack, pack(state)), (SeplosV3.cells, cells(state)),
      (SeplosV3.states, states(state)), (SeplosV3.settings, Self.settings),
    ] where SeplosV3.encode(address, block) == request { data = bytes }
    var frame: [UInt8]
    if let data, !quirks.contains(.refusing) {
      frame = [address, request[1], UInt8(data.count)] + data
    } else {
      frame = [address, request[1] | 0x80, 0x02]
    }
    frame.appendLittle(Checksum.crc16Modbus(frame.span))
    return frame
  }

  private func pack(_ state: UnitState) -> [UInt8] {
    var data: [UInt8] = []
    let cells = state.millivolts
    let sensors = state.decikelvin
    let mean = Int64(state.told).dividedRounding(by: Int64(max(1, cells.count)))
    data.appendWord(Int(Int64(state.told).dividedRounding(by: 10)))
    data.appendWord(Int(Int64(state.current.raw).dividedRounding(by: 10)))
    data.appendWord(Int(Int64(state.remaining.raw).dividedRounding(by: 10)))
    data.appendWord(Int(Int64(state.full.raw).dividedRounding(by: 10)))
    data.appendWord(Int(state.cycles * Int64(state.full.raw) / 10_000_000))
    data.appendWord(Int(Int64(state.soc.raw).dividedRounding(by: 100_000)))
    data.appendWord(Int(Int64(state.health.raw).dividedRounding(by: 100_000)))
    data.appendWord(Int(state.cycles))
    data.appendWord(Int(mean))
    data.appendWord(sensors.reduce(0, +) / max(1, sensors.count))
    data.appendWord(cells.max() ?? 0)
    data.appendWord(cells.min() ?? 0)
    data.appendWord(sensors.max() ?? 2731)
    data.appendWord(sensors.min() ?? 2731)
    data.appendWord(0)
    data.appendWord(state.isDischargeOn ? 180 : 0)
    data.appendWord(state.isChargeOn ? 180 : 0)
    return data
  }

  private func cells(_ state: UnitState) -> [UInt8] {
    var data: [UInt8] = []
    let volts = state.millivolts
    for index in 0..<16 { data.appendWord(index < volts.count ? volts[index] : 0) }
    let sensors = state.decikelvin
    for index in 0..<8 { data.appendWord(index < min(4, sensors.count) ? sensors[index] : 0x0AAB) }
    data.appendWord(UnitState.decikelvin(state.board))
    data.appendWord(UnitState.decikelvin(state.board) + 10)
    return data
  }

  private func states(_ state: UnitState) -> [UInt8] {
    var bits = [UInt8](repeating: 0, count: 18)
    func set(_ alarm: Alarm, _ byte: Int, _ bit: UInt8) {
      if state.alarms.has(alarm) { bits[byte] |= 1 << bit }
    }
    set(.cellOvervoltage, 9, 1)
    set(.cellUndervoltage, 9, 3)
    set(.chargeUndertemperature, 10, 3)
    set(.undertemperature, 11, 3)
    set(.chargeOvercurrent, 12, 1)
    set(.dischargeOvercurrent, 12, 4)
    bits[6] = UInt8(truncatingIfNeeded: state.cells.balancing)
    bits[7] = UInt8(truncatingIfNeeded: state.cells.balancing >> 8)
    bits[8] = state.current.raw > 100 ? 0x02 : state.current.raw < -100 ? 0x01 : 0x10
    bits[15] = (state.isDischargeOn ? 1 : 0) | (state.isChargeOn ? 2 : 0)
    return bits
  }

  /// The first half of the settings: 3.65 and 2.70 V a cell, 205 and -210 A, 65 °C among them.
  private static let settings: [UInt8] = {
    var words = [Int](repeating: 0, count: 0x35)
    words[0] = 4
    words[1] = 16
    words[0x0D] = 3650
    words[0x11] = 2700
    words[0x17] = 205
    words[0x1D] = -210
    words[0x32] = 3381
    var data: [UInt8] = []
    for word in words { data.appendWord(word) }
    return data
  }()
}
