// SPDX-License-Identifier: Apache-2.0

import Battery
public import Quantities
import Wire

/// A simulated older Daly board with a Sinowealth chip: three bytes ask, bare data with a checksum
/// answers.
///
/// It knows ten cells and two sensors at most and takes no orders.
///
/// Source: docs/protocols/daly.md 6; its latency is assumed.
public struct DalySinowealthFace: UnitFace {
  /// The most cells that it measures.
  public static let cells = 10

  /// How it misbehaves.
  public var quirks: TinyBMSQuirks = []
  /// What was ordered over the wire so far: nothing.
  public var orders = UnitOrders()
  /// When to call `next` again, unless something comes in.
  public var deadline: Tick { queue.deadline }

  private var queue = ReplyQueue()
  private var inbox: [UInt8] = []
  private var lastByte = Tick(.min)
  private var random: SeededRandom

  /// A board.
  public init(seed: UInt64 = 1) { random = SeededRandom(seed: seed ^ 0x0A) }

  /// Bytes came in; `now` is real time.
  public mutating func received(
    _ bytes: borrowing Span<UInt8>, _ state: UnitState, at now: Tick
  ) {
    if now - lastByte > 50 { inbox = [] }
    lastByte = now
    for index in 0..<bytes.count { inbox.append(bytes[index]) }
    while inbox.count >= 3 {
      guard inbox[0] == 0x0A, inbox[2] == 2 || inbox[2] == 4 else {
        inbox.removeFirst()
        continue
      }
      let request = Array(inbox[0..<3])
      inbox.removeFirst(3)
      take(request, state, at: now)
    }
  }

  /// What goes out next; called again after each `.send`.
  public mutating func next(_ state: UnitState, at now: Tick) -> UnitStep {
    if quirks.contains(.silent) { queue.clear() }
    if !quirks.contains(.endless) { queue.calm() }
    return queue.next(at: now).map(UnitStep.send) ?? .wait(until: queue.deadline)
  }

  private mutating func take(_ request: [UInt8], _ state: UnitState, at now: Tick) {
    let isDeaf =
      quirks.contains(.silent) || quirks.contains(.refusing) || quirks.contains(.asleep)
    guard !isDeaf, let value = Self.value(request[1], state) else { return }
    if quirks.contains(.losingFrames), random.below(10) == 0 { return }
    let bits = UInt32(bitPattern: value)
    var data: [UInt8] = []
    for index in 0..<request[2] {
      data.append(UInt8(truncatingIfNeeded: bits >> (8 * UInt32(request[2] - 1 - index))))
    }
    var crc: UInt8 = 0
    for byte in request + data { crc = Checksum.crc8(crc, byte) }
    if quirks.contains(.wrongChecksum) { crc ^= 0x5A }
    let delay = 20 + Int64(random.below(15))
    if quirks.contains(.endless) {
      queue.addEndless(data + [crc], after: delay, at: now)
    } else {
      queue.add(data + [crc], after: delay, at: now)
    }
  }

  /// The number behind a command; `nil` where nothing is told.
  private static func value(_ command: UInt8, _ state: UnitState) -> Int32? {
    switch command {
    case 0x01...0x0A:
      let index = Int(command) - 1
      return index < state.cells.count ? Int32(DalyBoard.millivolts(state.cells[index])) : 0
    case 0x0B: return Int32(clamping: state.voltage.raw)
    case 0x0C: return kelvin(state.temperatures[0])
    case 0x0D: return kelvin(state.temperatures[1])
    case 0x0E: return kelvin(state.board)
    case 0x10: return state.current.raw
    case 0x11: return Int32(clamping: state.full.raw)
    case 0x12: return Int32(clamping: state.remaining.raw)
    case 0x13: return Int32(Int64(state.soc.raw).dividedRounding(by: 1_000_000))
    case 0x14: return Int32(clamping: state.cycles)
    case 0x15: return packStatus(state)
    case 0x16: return batteryStatus(state)
    default: return nil
    }
  }

  /// Switches in the lowest bits, then the direction of the current, then full and empty.
  ///
  /// The bits of this word and the next have one source, dreadnought/python-daly-bms.
  private static func packStatus(_ state: UnitState) -> Int32 {
    var bits: Int32 = (state.isChargeOn ? 1 : 0) | (state.isDischargeOn ? 2 : 0)
    switch DalyBoard.activity(state) {
    case 1: bits |= 1 << 2
    case 2: bits |= 1 << 3
    default: break
    }
    if state.soc >= .percent(100) { bits |= 1 << 8 }
    if state.alarms.has(.fullyDischarged) { bits |= 1 << 9 }
    return bits
  }

  private static func batteryStatus(_ state: UnitState) -> Int32 {
    let rows: [(alarm: Alarm, bit: Int32)] = [
      (.cellOvervoltage, 0), (.cellUndervoltage, 1), (.chargeOvercurrent, 2),
      (.regenerationOvercurrent, 2), (.dischargeOvercurrent, 3), (.chargeOvertemperature, 8),
      (.overtemperature, 8), (.dischargeOvertemperature, 9), (.overtemperature, 9),
      (.chargeUndertemperature, 10), (.undertemperature, 10), (.dischargeUndertemperature, 11),
      (.undertemperature, 11), (.shortCircuit, 13), (.cellSenseFault, 14),
    ]
    var bits: Int32 = 0
    for row in rows where state.alarms.has(row.alarm) { bits |= 1 << row.bit }
    return bits
  }

  /// Tenths of a kelvin; a sensor that is not there reads as cold as can be.
  private static func kelvin(_ temperature: Temperature?) -> Int32 {
    guard let temperature else { return 0 }
    return Int32(Int64(temperature.raw).dividedRounding(by: 10) + 2731)
  }
}
