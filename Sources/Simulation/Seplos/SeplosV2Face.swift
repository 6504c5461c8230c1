// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
public import Quantities
import Wire

/// A Seplos board of the second generation on RS485: it answers to its own number, some 60 ms after each
/// question; the time is assumed.
public struct SeplosV2Face: UnitFace {
  /// What was ordered over the wire so far: nothing is, in this language.
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
    while let bytes = line.tildeRequest() {
      guard let request = try? TildeFrame(bytes.span), request.address == address,
        request.code >= 0x10
      else { continue }
      line.say(answer(request, state).encode(), after: 60, quirks, spoiling: 2, at: now)
    }
  }

  /// What goes out next; called again after each `.send`.
  public mutating func next(_ state: UnitState, at now: Tick) -> UnitStep {
    line.next(quirks, at: now)
  }

  private func answer(_ request: TildeFrame, _ state: UnitState) -> TildeFrame {
    func said(_ info: [UInt8], code: UInt8 = 0) -> TildeFrame {
      TildeFrame(version: 0x20, address: address, code: code, info: info)
    }
    if quirks.contains(.refusing) { return said([], code: 0x05) }
    switch request.code {
    case SeplosV2.Command.telemetry: return said(telemetry(state))
    case SeplosV2.Command.states: return said(states(state))
    case SeplosV2.Command.maker:
      return said(
        Array("1101-SP76 ".utf8) + [2, 8] + Array("CANProtocol:Victron ".utf8))
    default: return said([], code: 0x04)
    }
  }

  private func telemetry(_ state: UnitState) -> [UInt8] {
    var info: [UInt8] = [0, 1, UInt8(state.cells.count)]
    for cell in state.millivolts { info.appendWord(cell) }
    info.append(UInt8(state.temperatures.count + 2))
    for sensor in state.decikelvin { info.appendWord(sensor) }
    info.appendWord(UnitState.decikelvin(state.board))
    info.appendWord(UnitState.decikelvin(state.board) + 10)
    info.appendWord(Int(Int64(state.current.raw).dividedRounding(by: 10)))
    let volts = Int(Int64(state.told).dividedRounding(by: 10))
    info.appendWord(volts)
    info.appendWord(Int(Int64(state.remaining.raw).dividedRounding(by: 10)))
    info.append(10)
    info.appendWord(Int(Int64(state.full.raw).dividedRounding(by: 10)))
    info.appendWord(Int(Int64(state.soc.raw).dividedRounding(by: 100_000)))
    info.appendWord(Int(Int64(state.full.raw).dividedRounding(by: 10)))
    info.appendWord(Int(state.cycles))
    info.appendWord(Int(Int64(state.health.raw).dividedRounding(by: 100_000)))
    info.appendWord(volts)
    return info + [0, 0, 0, 0, 0, 0, 0, 0]
  }

  private func states(_ state: UnitState) -> [UInt8] {
    var bits = [UInt8](repeating: 0, count: 20)
    func set(_ alarm: Alarm, _ byte: Int, _ bit: UInt8) {
      if state.alarms.has(alarm) { bits[byte] |= 1 << bit }
    }
    set(.currentSensorFault, 0, 2)
    set(.cellOvervoltage, 1, 1)
    set(.cellUndervoltage, 1, 3)
    set(.chargeUndertemperature, 2, 3)
    set(.undertemperature, 3, 3)
    set(.chargeOvercurrent, 4, 1)
    set(.dischargeOvercurrent, 4, 3)
    bits[6] = (state.isDischargeOn ? 1 : 0) | (state.isChargeOn ? 2 : 0)
    bits[7] = UInt8(truncatingIfNeeded: state.cells.balancing)
    bits[8] = UInt8(truncatingIfNeeded: state.cells.balancing >> 8)
    bits[9] = state.current.raw > 100 ? 0x02 : state.current.raw < -100 ? 0x01 : 0x10
    let cells = [UInt8](repeating: 0, count: state.cells.count)
    let sensors = [UInt8](repeating: 0, count: state.temperatures.count + 2)
    return [0, 1, UInt8(cells.count)] + cells + [UInt8(sensors.count)] + sensors + [0, 0, 20] + bits
  }
}
