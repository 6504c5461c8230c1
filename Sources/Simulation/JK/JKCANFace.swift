// SPDX-License-Identifier: Apache-2.0

import Battery
public import Quantities
import Wire

/// A simulated JK board on CAN: it sends by itself, in either version of the maker's protocol.
public struct JKCANFace: UnitFace {
  /// How it misbehaves.
  public var quirks: TinyBMSQuirks = []
  /// What was ordered over the wire so far; this language has no orders.
  public var orders = UnitOrders()
  /// When to call `next` again, unless something comes in.
  public var deadline: Tick { outbox.isEmpty ? nextTurn : Tick(.min) }

  private let design: JKDesign
  private var outbox: [CANFrame] = []
  private var nextTurn = Tick(.min)
  private var turn = 0

  /// Milliseconds of a turn; the frame that comes every 20 ms is sent once a turn, which is what matters to
  /// those who listen.
  private static let period: Int64 = 100

  /// A board.
  public init(_ design: JKDesign = JKDesign()) { self.design = design }

  /// It hears nothing.
  public mutating func received(
    _ bytes: borrowing Span<UInt8>, _ state: UnitState, at now: Tick
  ) {}

  /// What goes out next; called again after each `.send`.
  public mutating func next(_ state: UnitState, at now: Tick) -> UnitStep {
    if nextTurn <= now {
      if !quirks.contains(.silent) { fill(state) }
      nextTurn = now + Self.period
      turn += 1
    }
    guard let frame = outbox.first else { return .wait(until: nextTurn) }
    outbox.removeFirst()
    return .send(CANRecord.bytes(frame))
  }

  private mutating func fill(_ state: UnitState) {
    let current = design.invertsCurrent ? -state.current : state.current
    add(
      0x02F4,
      words([
        Int64(state.voltage.raw).dividedRounding(by: 100),
        Int64(current.raw).dividedRounding(by: 100) + 4000,
      ]) + [UInt8(Int64(state.soc.raw).dividedRounding(by: 1_000_000)), 0, 0, 0])
    if let (low, high) = state.cells.extremes {
      add(
        0x04F4,
        words([millivolts(state.cells[high])]) + [UInt8(high + 1)]
          + words([millivolts(state.cells[low])]) + [UInt8(low + 1), 0, 0])
    }
    let alarms = alarms(state)
    if alarms != 0 { add(0x07F4, words([alarms & 0xFFFF, alarms >> 16]) + [0, 0, 0, 0]) }
    if turn % 5 == 0, let (cold, hot) = state.temperatures.extremes {
      let (low, high) = (degrees(cold), degrees(hot))
      add(0x05F4, [high, 1, low, 2, UInt8((Int(low) + Int(high)) / 2), 0, 0, 0])
    }
    if design.sendsCells { fillSecond(state) }
  }

  /// What the second version adds.
  private mutating func fillSecond(_ state: UnitState) {
    add(
      0x18F1_28F4,
      words([
        state.remaining.raw.dividedRounding(by: 100), state.full.raw.dividedRounding(by: 100), 0,
        state.cycles,
      ]))
    if turn % 5 == 1 {
      let first = state.temperatures.count > 0 ? state.temperatures[0].map(degrees) : nil
      let second = state.temperatures.count > 1 ? state.temperatures[1].map(degrees) : nil
      add(0x18F2_28F4, [7, first ?? 0, second ?? 0, degrees(state.board), 0, 0, 0, 0])
      add(
        0x18F4_28F4,
        [0, 0, 0, 0, 0, 0, UInt8(Int64(state.health.raw).dividedRounding(by: 1_000_000)), 0])
      let switches: UInt8 =
        (state.isChargeOn ? 1 : 0) | (state.isDischargeOn ? 2 : 0)
        | (state.cells.balancing != 0 ? 4 : 0)
      add(0x18F5_28F4, [switches, 0, 0, 0, 0, 0, 0, 0])
    }
    guard turn % 10 == 2 else { return }
    for page in 0..<(state.cells.count + 3) / 4 {
      var cells: [Int64] = []
      for index in 4 * page..<4 * page + 4 {
        cells.append(index < state.cells.count ? millivolts(state.cells[index]) : 0)
      }
      add(0x18E0_28F4 + UInt32(page) << 16, words(cells))
    }
  }

  private mutating func add(_ id: UInt32, _ payload: [UInt8]) {
    outbox.append(
      CANFrame(id: id + UInt32(design.address), isExtended: id > 0x7FF, payload))
  }

  private func words(_ numbers: [Int64]) -> [UInt8] {
    var bytes: [UInt8] = []
    for number in numbers { bytes.appendLittle(UInt16(truncatingIfNeeded: number)) }
    return bytes
  }

  private func millivolts(_ cell: CellVoltage) -> Int64 { Int64(cell.raw).dividedRounding(by: 10) }

  private func degrees(_ temperature: Temperature) -> UInt8 {
    UInt8(clamping: Int64(temperature.raw).dividedRounding(by: 100) + 50)
  }

  /// Two bits for each alarm, 1 the most serious.
  private func alarms(_ state: UnitState) -> Int64 {
    let places: [(Alarm, Int64)] = [
      (.cellOvervoltage, 0), (.cellUndervoltage, 1), (.fullyDischarged, 1),
      (.dischargeOvercurrent, 5), (.chargeOvercurrent, 6), (.regenerationOvercurrent, 6),
      (.overtemperature, 7), (.undertemperature, 8), (.chargeUndertemperature, 8),
      (.currentSensorFault, 14),
    ]
    var set: Int64 = 0
    for (alarm, place) in places where state.alarms.has(alarm) { set |= 1 << (2 * place) }
    return set
  }
}
