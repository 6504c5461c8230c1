// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

@testable import Simulation

/// A session and the face of a simulated unit on one wire, without a wire and without waiting.
struct FaceTalk<Face: UnitFace> {
  var face: Face
  var session: Session
  var state: UnitState
  var now = Tick(0)
  /// What goes wrong on the line.
  var toUnit = SimulatedLine(seed: 11)
  var toSession = SimulatedLine(seed: 12)
  /// What else the line makes of bytes on their way to the session.
  var damage: ((inout [UInt8], inout SeededRandom) -> Void)?
  var dice = SeededRandom(seed: 1)
  /// Answers come in pieces of at most so many bytes.
  var piece = Int.max
  /// What was read, with its moment.
  var readings: [(at: Tick, reading: Reading, isLive: Bool)] = []
  /// What was read last of everything.
  var snapshot = Snapshot()
  /// Checked answers to requests that were put in by hand.
  var answers: [[UInt8]] = []
  var faults: [Fault] = []
  /// All that the unit sent.
  var sent: [[UInt8]] = []

  init(_ face: Face, _ dialect: Dialect, _ state: UnitState) {
    self.face = face
    self.state = state
    session = Session(dialect)
    session.linkOpened(at: now)
  }

  /// Lets both talk for so many milliseconds.
  mutating func run(_ milliseconds: Int64) {
    let end = now + milliseconds
    while now < end {
      let deadline = exchange()
      now = max(now + 1, min(deadline, end))
    }
  }

  private mutating func exchange() -> Tick {
    while true {
      var isBusy = true
      var deadline = Tick.never
      switch session.next(at: now) {
      case .send(let bytes): face.received(toUnit.pass(bytes).span, state, at: now)
      case .reading(let reading, let isLive):
        readings.append((now, reading, isLive))
        snapshot.take(reading, at: now, isLive: isLive)
      case .answered(_, let bytes): answers.append(bytes)
      case .fault(let fault): faults.append(fault)
      case .wait(let until):
        deadline = until
        isBusy = false
      }
      switch face.next(state, at: now) {
      case .send(var bytes):
        sent.append(bytes)
        damage?(&bytes, &dice)
        hear(toSession.pass(bytes))
        isBusy = true
      case .wait(let until): deadline = min(deadline, until)
      }
      if !isBusy { return deadline }
    }
  }

  private mutating func hear(_ bytes: [UInt8]) {
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + min(piece, bytes.count))
      session.received(Array(bytes[start..<end]).span, at: now)
      start = end
    }
  }

  /// Live readings so far.
  var live: [Reading] { readings.filter { $0.isLive }.map { $0.reading } }

  /// What the unit answers to one request, asked by nobody else: all pieces within a second.
  mutating func ask(_ request: [UInt8]) -> [[UInt8]] {
    face.received(request.span, state, at: now)
    var pieces: [[UInt8]] = []
    let end = now + 1000
    while now < end {
      while case .send(let bytes) = face.next(state, at: now) { pieces.append(bytes) }
      now = max(now + 1, min(end, face.deadline))
    }
    return pieces
  }
}

extension UnitState {
  /// A pack of 15 cells with a number of its own in every place.
  static func sample() -> UnitState {
    var state = UnitState()
    for index in 0..<15 { state.cells.append(.millivolts(3301 + 3 * index)) }
    state.cells.balancing = 0b100_0000_0000_0100
    state.cells.reportsBalancing = true
    state.voltage = state.cells.sum
    state.current = .milliamperes(-12_300)
    state.soc = .percent(61)
    state.health = .percent(97)
    state.full = .ampereHours(100)
    state.remaining = .ampereHours(61)
    state.cycles = 123
    state.temperatures.append(.degrees(21))
    state.temperatures.append(.degrees(-4))
    state.temperatures.append(.degrees(23))
    state.temperatures.append(.degrees(24))
    state.board = .degrees(31)
    state.isChargeOn = true
    state.isDischargeOn = true
    return state
  }

  /// A state whose every value differs from that of another seed.
  static func random(_ seed: UInt64, cells: Int, sensors: Int, alarms: [Alarm]) -> UnitState {
    var random = SeededRandom(seed: seed)
    var state = UnitState()
    for _ in 0..<cells { state.cells.append(.decimillivolts(25_000 + random.below(12_000))) }
    state.cells.balancing = random.next() & (1 << UInt64(cells) - 1)
    state.cells.reportsBalancing = true
    state.voltage = state.cells.sum
    state.current = .milliamperes(Int64(random.below(400_001)) - 200_000)
    state.soc = .micropercent(random.below(100_000_001))
    state.health = .percent(50 + random.below(51))
    state.full = Charge(raw: 90_000 + Int64(random.below(20_000)))
    state.remaining = Charge(raw: Int64(random.below(100_000)))
    state.cycles = Int64(random.below(5000))
    for _ in 0..<sensors {
      state.temperatures.append(.centidegrees(Int64(random.below(10_000)) - 3000))
    }
    state.board = .centidegrees(random.below(6000))
    state.isChargeOn = random.below(2) == 0
    state.isDischargeOn = random.below(2) == 0
    state.hasCharger = random.below(2) == 0
    for alarm in alarms where random.below(4) == 0 { state.alarms.formUnion(AlarmSet(alarm)) }
    return state
  }
}

/// Bytes from their hexadecimal digits.
func hex(_ digits: String) -> [UInt8] { Hex.bytes(digits.utf8) ?? [] }
