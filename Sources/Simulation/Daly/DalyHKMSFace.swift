// SPDX-License-Identifier: Apache-2.0

import Battery
public import Quantities
import Wire

/// A simulated newer Daly board on CAN: while it hears a keep-alive it streams all it knows.
///
/// Source: patagonaa/esphome-daly-hkms-bms-can, the only one; how often it streams is assumed.
public struct DalyHKMSFace: UnitFace {
  /// Milliseconds for which one keep-alive lasts.
  private static let patience: Int64 = 2000
  /// Milliseconds from one picture to the next; assumed.
  private static let period: Int64 = 500

  /// How it misbehaves.
  public var quirks: TinyBMSQuirks = []
  /// What was ordered over the bus so far: nothing, as its orders are not known well enough.
  public var orders = UnitOrders()
  /// When to call `next` again, unless something comes in.
  public var deadline: Tick { min(queue.deadline, nextPicture) }

  private let design: DalyDesign
  private var queue = ReplyQueue(baud: 260_000)
  private var random: SeededRandom
  private var streamsUntil = Tick(.min)
  private var nextPicture = Tick.never

  /// A board.
  public init(_ design: DalyDesign = DalyDesign(), seed: UInt64 = 1) {
    self.design = design
    random = SeededRandom(seed: seed ^ 0x0400)
  }

  /// Records of frames came in; `now` is real time.
  public mutating func received(
    _ bytes: borrowing Span<UInt8>, _ state: UnitState, at now: Tick
  ) {
    var place = 0
    while place + CANRecord.length <= bytes.count {
      let frame = CANRecord.frame(bytes, at: place)
      place += CANRecord.length
      guard let frame, frame.isExtended, frame.id == 0x0400_FF80, frame.count == 8 else { continue }
      if now >= streamsUntil { nextPicture = now }
      streamsUntil = now + Self.patience
    }
  }

  /// What goes out next; called again after each `.send`.
  public mutating func next(_ state: UnitState, at now: Tick) -> UnitStep {
    let isQuiet =
      quirks.contains(.silent) || quirks.contains(.refusing) || quirks.contains(.asleep)
    if isQuiet || now >= streamsUntil {
      queue.clear()
      nextPicture = isQuiet && now < streamsUntil ? now + Self.period : .never
      return .wait(until: nextPicture)
    }
    if now >= nextPicture {
      nextPicture = now + Self.period
      stream(state, at: now)
    }
    return queue.next(at: now).map(UnitStep.send) ?? .wait(until: deadline)
  }

  private mutating func say(_ topic: UInt32, _ meaning: [UInt8], at now: Tick) {
    if quirks.contains(.losingFrames), random.below(10) == 0 { return }
    let data = meaning + [UInt8](repeating: 0, count: 8 - meaning.count)
    let id = topic << 16 | 0xFF00 | UInt32(design.board)
    queue.add(CANRecord.bytes(CANFrame(id: id, isExtended: true, data)), after: 0, at: now)
  }

  private mutating func stream(_ state: UnitState, at now: Tick) {
    let words = DalyBoard.words
    let remaining = UInt32(clamping: state.remaining.raw)
    for page in 0..<(state.cells.count + 2) / 3 { sayCells(page, state, at: now) }
    for page in 0..<max(1, (state.temperatures.count + 6) / 7) {
      var bytes: [UInt8] = [UInt8(page + 1)]
      for place in 0..<7 { bytes.append(Self.sensor(state.temperatures, 7 * page + place)) }
      say(0x0401, bytes, at: now)
    }
    let current = design.current(state.current, risesWhenCharging: true)
    say(
      0x0402, words([DalyBoard.decivolts(state.voltage), current, DalyBoard.share(state.soc)]),
      at: now)
    let watts = Int64(state.voltage.raw) * Int64(state.current.magnitude.raw) / 1_000_000
    let energy = Int64(state.voltage.raw) * state.remaining.raw / 1_000_000
    let board = DalyBoard.degrees(state.board)
    say(
      0x0403, words([UInt16(clamping: watts), UInt16(clamping: energy)]) + [board, board], at: now)
    sayExtremes(state, at: now)
    say(
      0x0406, [state.isChargeOn ? 1 : 0, state.isDischargeOn ? 1 : 0, 0], at: now)
    say(0x0407, [DalyBoard.activity(state)], at: now)
    say(
      0x0408,
      [UInt8(state.cells.count), UInt8(state.temperatures.count)]
        + words([
          UInt16(remaining >> 16), UInt16(truncatingIfNeeded: remaining),
          UInt16(clamping: state.cycles),
        ]), at: now)
    sayBalancing(state, at: now)
    let faults = Self.faults(state)
    say(0x040E, [1] + faults[0..<7], at: now)
    say(0x040E, [2] + faults[7..<14], at: now)
  }

  private mutating func sayCells(_ page: Int, _ state: UnitState, at now: Tick) {
    var bytes: [UInt8] = [UInt8(page + 1)]
    for place in 0..<3 where 3 * page + place < state.cells.count {
      bytes.appendBig(DalyBoard.millivolts(state.cells[3 * page + place]))
    }
    say(0x0400, bytes, at: now)
  }

  private mutating func sayExtremes(_ state: UnitState, at now: Tick) {
    guard let (lowest, highest) = state.cells.extremes else { return }
    let low = DalyBoard.millivolts(state.cells[lowest])
    let high = DalyBoard.millivolts(state.cells[highest])
    say(
      0x0404,
      DalyBoard.words([high]) + [UInt8(highest + 1)] + DalyBoard.words([low])
        + [UInt8(lowest + 1)] + DalyBoard.words([high - low]), at: now)
  }

  private mutating func sayBalancing(_ state: UnitState, at now: Tick) {
    var bytes: [UInt8] = [state.cells.balancing == 0 ? 0 : 1, 0, 0, 0]
    for index in 0..<4 {
      bytes.append(UInt8(truncatingIfNeeded: state.cells.balancing >> (8 * UInt64(index))))
    }
    say(0x040A, bytes, at: now)
  }

  /// A sensor; FF where none is connected.
  private static func sensor(_ temperatures: Temperatures, _ index: Int) -> UInt8 {
    guard index < temperatures.count, let value = temperatures[index] else { return 0xFF }
    return DalyBoard.degrees(value)
  }

  /// Places of the levels of protections: word from 6D on, and bit; level 2 protects.
  private static let levels: [(alarm: Alarm, word: Int, bit: UInt16)] = [
    (.cellOvervoltage, 0, 0), (.cellUndervoltage, 0, 3), (.cellImbalance, 0, 8),
    (.chargeOvertemperature, 0, 11), (.chargeUndertemperature, 1, 0),
    (.dischargeOvertemperature, 1, 3), (.dischargeUndertemperature, 1, 8),
    (.temperatureDifference, 1, 11), (.packOvervoltage, 2, 0), (.packUndervoltage, 2, 3),
    (.chargeOvercurrent, 2, 8), (.dischargeOvercurrent, 2, 11), (.socLow, 3, 0),
    (.mosfetOvertemperature, 3, 8), (.overtemperature, 3, 11),
    // What a board of another maker protects from, in this one's words.
    (.undertemperature, 1, 0), (.undertemperature, 1, 8), (.fullyDischarged, 3, 0),
    (.regenerationOvercurrent, 2, 8),
  ]

  /// Places of faults of one bit.
  private static let bits: [(alarm: Alarm, word: Int, bit: UInt16)] = [
    (.shortCircuit, 2, 6), (.communicationFault, 3, 7), (.afeFault, 5, 8), (.cellSenseFault, 5, 11),
    (.internalFault, 5, 13), (.currentSensorFault, 5, 14), (.eepromFault, 6, 1), (.rtcFault, 6, 3),
    (.chargeMosfetFault, 6, 4), (.dischargeMosfetFault, 6, 5), (.prechargeFault, 6, 6),
  ]

  /// Seven words of faults, low byte first.
  private static func faults(_ state: UnitState) -> [UInt8] {
    var words: [UInt16] = [0, 0, 0, 0, 0, 0, 0]
    for row in levels where state.alarms.has(row.alarm) { words[row.word] |= 2 << row.bit }
    for row in bits where state.alarms.has(row.alarm) { words[row.word] |= 1 << row.bit }
    var bytes: [UInt8] = []
    for word in words { bytes.appendLittle(word) }
    return bytes
  }
}
