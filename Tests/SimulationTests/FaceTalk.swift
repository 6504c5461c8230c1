// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Simulation
import Testing

/// A session and a face on one wire, without a wire and without waiting.
struct FaceTalk<Face: UnitFace> {
  var session: Session
  var face: Face
  var state: UnitState
  var now = Tick(0)
  var readings: [Reading] = []
  var live: [Reading] = []
  var snapshot = Snapshot()
  var faults: [Fault] = []
  /// What the line makes of bytes on their way to the session.
  var damage: ((inout [UInt8], inout SeededRandom) -> Void)?
  var dice = SeededRandom(seed: 1)

  init(_ dialect: Dialect, _ face: Face, _ state: UnitState) {
    session = Session(dialect, rates: PollRates(livePeriod: 500))
    self.face = face
    self.state = state
    session.linkOpened(at: now)
  }

  mutating func run(for time: Int64) {
    let end = now + time
    while now < end {
      var isBusy = true
      var wake = end
      while isBusy {
        isBusy = false
        switch session.next(at: now) {
        case .send(let bytes):
          face.received(bytes.span, state, at: now)
          isBusy = true
        case .reading(let reading, let isLive):
          readings.append(reading)
          if isLive { live.append(reading) }
          snapshot.take(reading, at: now, isLive: isLive)
          isBusy = true
        case .answered: isBusy = true
        case .fault(let fault):
          faults.append(fault)
          isBusy = true
        case .wait(let until): wake = min(end, until)
        }
        switch face.next(state, at: now) {
        case .send(var bytes):
          damage?(&bytes, &dice)
          session.received(bytes.span, at: now)
          isBusy = true
        case .wait(let until): wake = min(wake, until)
        }
      }
      now = max(now + 1, wake)
    }
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
}
