// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
public import Quantities
import Wire

/// A Discover AES battery behind a LYNK II on CAN: a cycle each second, its names every ten.
public struct DiscoverFace: UnitFace {
  /// What was ordered over the wire so far: nothing can be.
  public var orders = UnitOrders()
  /// How it misbehaves.
  public var quirks: TinyBMSQuirks = []

  private var due = Tick(0)
  private var turns = 0

  /// A battery.
  public init() {}

  /// When to call `next` again, unless something comes in.
  public var deadline: Tick { due }

  /// Frames came in: what an inverter sends is not answered.
  public mutating func received(
    _ bytes: borrowing Span<UInt8>, _ state: UnitState, at now: Tick
  ) {}

  /// What goes out next; called again after each `.send`.
  public mutating func next(_ state: UnitState, at now: Tick) -> UnitStep {
    guard now >= due else { return .wait(until: due) }
    due = now + 1000
    turns += 1
    guard !quirks.contains(.silent) else { return .wait(until: due) }
    var bytes: [UInt8] = []
    func send(_ id: UInt32, _ data: [UInt8]) {
      CANRecord.append(CANFrame(id: id, data), to: &bytes)
    }
    func words(_ numbers: [Int64]) -> [UInt8] {
      var data: [UInt8] = []
      for number in numbers { data.appendLittle(UInt16(truncatingIfNeeded: number)) }
      return data
    }
    let cells = Int64(state.cells.count)
    send(
      DiscoverCAN.Identifier.limits,
      words([35 * cells, state.isChargeOn ? 1000 : 0, state.isDischargeOn ? 1000 : 0, 27 * cells]))
    send(
      DiscoverCAN.Identifier.charge,
      words([
        Int64(state.full.raw).dividedRounding(by: 1000),
        Int64(state.remaining.raw).dividedRounding(by: 1000), 0, 0,
      ]))
    send(
      DiscoverCAN.Identifier.state,
      words([
        Int64(state.soc.raw).dividedRounding(by: 1_000_000),
        Int64(state.health.raw).dividedRounding(by: 1_000_000), 0, 0,
      ]))
    let sensor = state.temperatures.count > 0 ? state.temperatures[0] : nil
    send(
      DiscoverCAN.Identifier.measured,
      words([
        Int64(state.voltage.raw).dividedRounding(by: 100),
        Int64(state.current.raw).dividedRounding(by: 100),
        Int64((sensor ?? .zero).raw).dividedRounding(by: 10), 0,
      ]))
    send(DiscoverCAN.Identifier.alarms, pairs(state))
    if turns % 10 == 1 {
      send(DiscoverCAN.Identifier.maker, Array("DISCOVER".utf8))
      send(DiscoverCAN.Identifier.model, Array("Discover".utf8))
      send(DiscoverCAN.Identifier.modelTail, Array(" AES\0\0\0\0".utf8))
      send(DiscoverCAN.Identifier.firmware, [0, 0, 0, 2])
      send(DiscoverCAN.Identifier.version, [1, 0, 0, 0])
    }
    return .send(bytes)
  }

  /// Pairs of bits: those that this battery tells are 10, raised ones 01, all others 11.
  private func pairs(_ state: UnitState) -> [UInt8] {
    var data: [UInt8] = [0xAB, 0xAA, 0xFE, 0xAF, 0xAA, 0xFA, 0xFF]
    func raise(_ alarms: [Alarm], pair: Int) {
      guard alarms.contains(where: state.alarms.has) else { return }
      let shift = UInt8(pair % 4 * 2)
      data[pair / 4] = data[pair / 4] & ~(3 << shift) | 1 << shift
    }
    raise([.packOvervoltage, .cellOvervoltage], pair: 1)
    raise([.packUndervoltage, .cellUndervoltage], pair: 2)
    raise([.overtemperature], pair: 3)
    raise([.undertemperature], pair: 4)
    raise([.chargeUndertemperature], pair: 6)
    raise([.dischargeOvercurrent], pair: 7)
    raise([.chargeOvercurrent], pair: 8)
    return data
  }
}
