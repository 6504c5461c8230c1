// SPDX-License-Identifier: Apache-2.0

import Battery
public import Quantities
import Wire

/// A simulated older Daly board with a Sinowealth chip: three bytes ask, bare data with a checksum
/// answers. It knows ten cells and two sensors at most, tells no alarms and takes no orders.
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
    case 0x10: return state.current.raw
    case 0x11: return Int32(clamping: state.full.raw)
    case 0x12: return Int32(clamping: state.remaining.raw)
    case 0x13: return Int32(Int64(state.soc.raw).dividedRounding(by: 1_000_000))
    case 0x14: return Int32(clamping: state.cycles)
    // What the bits of the two words of status mean is not known.
    case 0x15, 0x16: return 0
    default: return nil
    }
  }

  /// Tenths of a kelvin; a sensor that is not there reads as cold as can be.
  private static func kelvin(_ temperature: Temperature?) -> Int32 {
    guard let temperature else { return 0 }
    return Int32(Int64(temperature.raw).dividedRounding(by: 10) + 2731)
  }
}
