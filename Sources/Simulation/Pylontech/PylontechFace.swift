// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
public import Quantities
import Wire

/// A Pylontech battery on RS485: it answers to its own number, some 80 ms after each question.
///
/// Source of the time: Tomcat42/pylontech-python examples/lowLevelRS485/output.txt.
public struct PylontechFace: UnitFace {
  /// What was ordered over the wire so far: this language has no orders that Cellbus sends.
  public var orders = UnitOrders()
  /// How it misbehaves.
  public var quirks: TinyBMSQuirks = []

  let address: UInt8
  private var line = AnswerLine()

  /// A battery with a number, 2 for the first of a group.
  public init(address: UInt8 = 2) { self.address = address }

  /// When to call `next` again, unless something comes in.
  public var deadline: Tick { line.deadline }

  /// Bytes came in; `now` is real time.
  public mutating func received(
    _ bytes: borrowing Span<UInt8>, _ state: UnitState, at now: Tick
  ) {
    line.hear(bytes, quirks, at: now)
    while let bytes = line.tildeRequest() {
      guard let request = try? TildeFrame(bytes.span), request.address == address,
        !isResult(request.code)
      else { continue }
      line.say(answer(request, state).encode(), after: 80, quirks, spoiling: 2, at: now)
    }
  }

  /// What goes out next; called again after each `.send`.
  public mutating func next(_ state: UnitState, at now: Tick) -> UnitStep {
    line.next(quirks, at: now)
  }

  private func isResult(_ code: UInt8) -> Bool { code < 0x10 }

  private func answer(_ request: TildeFrame, _ state: UnitState) -> TildeFrame {
    func said(_ info: [UInt8], code: UInt8 = 0) -> TildeFrame {
      TildeFrame(version: 0x20, address: address, code: code, info: info)
    }
    if quirks.contains(.refusing) { return said([], code: 0x05) }
    switch request.code {
    case Pylontech.Command.analog: return said(analog(state))
    case Pylontech.Command.alarms: return said(alarms(state))
    case Pylontech.Command.parameters: return said(Self.parameters)
    case Pylontech.Command.limits: return said(limits(state))
    case Pylontech.Command.protocolVersion: return said([])
    case Pylontech.Command.maker:
      return said(
        Array("US5000\0\0\0\0".utf8) + [2, 3] + Array("Pylon---------------".utf8))
    case Pylontech.Command.serial: return said([address] + Array("CELLBUS000000001".utf8))
    case Pylontech.Command.firmware: return said([address, 2, 3, 0, 6, 5])
    default: return said([], code: 0x04)
    }
  }

  private func analog(_ state: UnitState) -> [UInt8] {
    var info: [UInt8] = [0x11, address, UInt8(state.cells.count)]
    for cell in state.millivolts { info.appendWord(cell) }
    info.append(UInt8(state.temperatures.count + 1))
    info.appendWord(UnitState.decikelvin(state.board))
    for sensor in state.decikelvin { info.appendWord(sensor) }
    info.appendWord(Int(Int64(state.current.raw).dividedRounding(by: 100)))
    info.appendWord(state.told)
    let remaining = Int(state.remaining.raw)
    let full = Int(state.full.raw)
    let isLarge = full > 65_000
    info.appendWord(isLarge ? 0xFFFF : remaining)
    info.append(isLarge ? 4 : 2)
    info.appendWord(isLarge ? 0xFFFF : full)
    info.appendWord(Int(state.cycles))
    guard isLarge else { return info }
    for charge in [remaining, full] {
      info.append(UInt8(truncatingIfNeeded: charge >> 16))
      info.appendWord(charge)
    }
    return info
  }

  private func alarms(_ state: UnitState) -> [UInt8] {
    var cells = [UInt8](repeating: 0, count: state.cells.count)
    if let extremes = state.cells.extremes {
      if state.alarms.has(.cellOvervoltage) { cells[extremes.highest] = 2 }
      if state.alarms.has(.cellUndervoltage) { cells[extremes.lowest] = 1 }
    }
    var sensors = [UInt8](repeating: 0, count: state.temperatures.count + 1)
    if state.alarms.has(.overtemperature) { sensors[0] = 2 }
    if state.alarms.has(.undertemperature) { sensors[0] = 1 }
    var info: [UInt8] = [0x11, address, UInt8(cells.count)] + cells
    info += [UInt8(sensors.count)] + sensors + [0, 0, 0]
    var status: UInt8 = 0
    if state.alarms.has(.chargeOvercurrent) { status |= 0x04 }
    if state.alarms.has(.dischargeOvercurrent) { status |= 0x10 }
    let switches: UInt8 = (state.isChargeOn ? 2 : 0) | (state.isDischargeOn ? 4 : 0)
    let flow: UInt8 = state.current.raw > 100 ? 0x80 : state.current.raw < -100 ? 0x40 : 0
    return info + [status, switches, flow, 0, 0]
  }

  private func limits(_ state: UnitState) -> [UInt8] {
    var info = [address]
    info.appendWord(3550 * state.cells.count)
    info.appendWord(3000 * state.cells.count)
    info.appendWord(500)
    info.appendWord(-500)
    info.append((state.isChargeOn ? 0x80 : 0) | (state.isDischargeOn ? 0x40 : 0))
    return info
  }

  /// 3.65, 3.05 and 2.80 V a cell, 60 and 0 °C, 90 A, 54, 46 and 43.5 V, 60 and -10 °C, -90 A.
  private static let parameters: [UInt8] = {
    var info: [UInt8] = [0x11]
    for word in [3650, 3050, 2800, 3331, 2731, 900, 54_000, 46_000, 43_500, 3331, 2631, -900] {
      info.appendWord(word)
    }
    return info
  }()
}
