// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Wire

@testable import Simulation

/// A session and a simulated device with registers on one wire, without a wire and without waiting.
struct ModbusTalk {
  var face: ModbusFace
  var session: Session
  var state: UnitState
  var now = Tick(0)
  /// Of a thousand bytes, how many are changed on their way.
  var garbled: UInt64 = 0
  var snapshot = Snapshot()
  /// Readings of the live values.
  var live: [Reading] = []
  var faults: [Fault] = []
  private var random = SeededRandom(seed: 7)

  init(_ face: ModbusFace, _ dialect: Dialect, _ state: UnitState) {
    self.face = face
    self.state = state
    session = Session(dialect)
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
      case .send(let bytes): face.received(pass(bytes).span, state, at: now)
      case .reading(let reading, let isLive):
        snapshot.take(reading, at: now, isLive: isLive)
        if isLive { live.append(reading) }
      case .answered: break
      case .fault(let fault): faults.append(fault)
      case .wait(let until):
        deadline = until
        isBusy = false
      }
      switch face.next(state, at: now) {
      case .send(let bytes):
        session.received(pass(bytes).span, at: now)
        isBusy = true
      case .wait(let until): deadline = min(deadline, until)
      }
      if !isBusy { return deadline }
    }
  }

  private mutating func pass(_ bytes: [UInt8]) -> [UInt8] {
    guard garbled > 0 else { return bytes }
    return bytes.map { byte in
      UInt64(random.below(1000)) < garbled ? byte ^ UInt8(1 + random.below(255)) : byte
    }
  }

  /// What the device answers to one request, asked by nobody else.
  mutating func ask(_ request: [UInt8]) -> [UInt8] {
    face.received(request.span, state, at: now)
    var answer: [UInt8] = []
    for _ in 0..<1000 {
      while case .send(let bytes) = face.next(state, at: now) { answer += bytes }
      now = now + 1
    }
    return answer
  }
}

extension UnitState {
  /// A pack whose every value is another than that of its neighbour.
  static func pack(cells: Int = 16, sensors: Int = 2, alarms: AlarmSet = []) -> UnitState {
    var state = UnitState()
    for index in 0..<cells { state.cells.append(.millivolts(3301 + 7 * index)) }
    state.cells.balancing = 0b101
    state.cells.reportsBalancing = true
    state.voltage = .decivolts(state.cells.sum.raw / 100)
    state.current = .deciamperes(-173)
    state.soc = .percent(57)
    state.health = .percent(97)
    state.full = .centiampereHours(28_000)
    state.remaining = .centiampereHours(15_960)
    state.cycles = 321
    for index in 0..<sensors { state.temperatures.append(.degrees(-7 + 20 * index)) }
    state.board = .degrees(31)
    state.isChargeOn = true
    state.alarms = alarms
    return state
  }
}
