// SPDX-License-Identifier: Apache-2.0

import Battery
public import Quantities
import Wire

/// A simulated Daly board with the classic language on CAN: the same commands in frames of 29-bit
/// identifiers, several with one identifier where an answer is long.
///
/// Where it also drives an inverter, frames of 11-bit identifiers stand between, once a second.
public struct DalyCANFace: UnitFace {
  /// Milliseconds until it answers; assumed, as no capture tells.
  private static let latency: Int64 = 15

  /// How it misbehaves.
  public var quirks: TinyBMSQuirks = []
  /// What was ordered over the bus so far.
  public var orders: UnitOrders {
    get { board.orders }
    set { board.orders = newValue }
  }
  /// When to call `next` again, unless something comes in.
  public var deadline: Tick { min(queue.deadline, nextInverter ?? .never) }

  private var board: DalyBoard
  /// 128 bits of an extended frame with its stuffing take about half a millisecond at 250 kbit/s.
  private var queue = ReplyQueue(baud: 260_000)
  private var random: SeededRandom
  private var nextInverter: Tick?

  /// A board.
  public init(
    _ design: DalyDesign = DalyDesign(), settings: DalySettings = DalySettings(), seed: UInt64 = 1
  ) {
    board = DalyBoard(design, settings)
    random = SeededRandom(seed: seed ^ 0x18)
  }

  /// Records of frames came in; `now` is real time.
  public mutating func received(
    _ bytes: borrowing Span<UInt8>, _ state: UnitState, at now: Tick
  ) {
    var place = 0
    while place + CANRecord.length <= bytes.count {
      if let frame = CANRecord.frame(bytes, at: place) { take(frame, state, at: now) }
      place += CANRecord.length
    }
  }

  /// What goes out next; called again after each `.send`.
  public mutating func next(_ state: UnitState, at now: Tick) -> UnitStep {
    if quirks.contains(.silent) {
      queue.clear()
      nextInverter = nil
      return .wait(until: .never)
    }
    if board.design.drivesInverter, now >= nextInverter ?? now { speakToInverter(state, at: now) }
    return queue.next(at: now).map(UnitStep.send) ?? .wait(until: deadline)
  }

  private mutating func take(_ frame: CANFrame, _ state: UnitState, at now: Tick) {
    let host = frame.id & 0xFF
    guard frame.isExtended, frame.count == 8, frame.id >> 24 == 0x18,
      frame.id >> 8 & 0xFF == UInt32(board.design.board), host >= 0x20
    else { return }
    guard !quirks.contains(.silent), !quirks.contains(.refusing), !quirks.contains(.asleep) else {
      return
    }
    let command = UInt8(truncatingIfNeeded: frame.id >> 16)
    let answers = board.answer(command, frame.payload, isLong: false, state, at: now)
    let id = 0x1800_0000 | UInt32(command) << 16 | host << 8 | UInt32(board.design.board)
    for data in answers {
      if quirks.contains(.losingFrames), random.below(10) == 0 { continue }
      queue.add(
        CANRecord.bytes(CANFrame(id: id, isExtended: true, data)), after: Self.latency, at: now)
    }
  }

  /// Voltage, current and temperature as inverters want them: other programs must pass them over.
  private mutating func speakToInverter(_ state: UnitState, at now: Tick) {
    nextInverter = now + 1000
    var bytes: [UInt8] = []
    let current = Int64(state.current.raw).dividedRounding(by: 100)
    let temperature = Int64((state.temperatures[0] ?? .zero).raw).dividedRounding(by: 10)
    bytes.appendLittle(UInt16(clamping: Int64(state.voltage.raw).dividedRounding(by: 10)))
    bytes.appendLittle(UInt16(bitPattern: Int16(clamping: current)))
    bytes.appendLittle(UInt16(bitPattern: Int16(clamping: temperature)))
    queue.add(CANRecord.bytes(CANFrame(id: 0x356, bytes)), after: 0, at: now)
  }
}
