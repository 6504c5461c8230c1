// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

@testable import Simulation

/// A session and a simulated unit on one wire, without a wire and without waiting.
struct Talk {
  var rig: Rig
  var session: Session
  var now = Tick(0)
  /// Moments of the readings that carried live values.
  var live: [Tick] = []
  /// What was read last of everything.
  var snapshot = Snapshot()
  /// What went wrong, with its moment.
  var faults: [(at: Tick, fault: Fault)] = []
  /// Readings whose cells were never in the unit.
  var wrong: [String] = []
  /// All bytes in the order in which they went over the wire.
  var wire: [UInt8] = []

  private var recent: [[UInt16]] = []

  init(_ scenario: Scenario, seed: UInt64 = 1, speed: Int64 = 1) {
    rig = Rig(scenario, seed: seed, speed: speed)
    session = Session(.tinyBMS)
    remember()
  }

  /// Lets both talk until a moment.
  mutating func run(until end: Int64) {
    while now < Tick(end) {
      let next = min(exchange(), Tick(end))
      // No measurement is passed over.
      let step = Tick((now.milliseconds / 100 + 1) * 100)
      now = max(now + 1, min(next, step))
      rig.advance(to: now)
      remember()
    }
  }

  private mutating func exchange() -> Tick {
    while true {
      var isBusy = false
      var deadline = Tick.never
      switch session.next(at: now) {
      case .send(let bytes):
        wire += bytes
        rig.serialReceived(bytes.span, at: now)
        isBusy = true
      case .reading(let reading, let isLive):
        take(reading, isLive)
        isBusy = true
      case .answered: isBusy = true
      case .fault(let fault):
        faults.append((now, fault))
        isBusy = true
      case .wait(let until): deadline = until
      }
      switch rig.serialNext(at: now) {
      case .send(let bytes):
        wire += bytes
        session.received(bytes.span, at: now)
        isBusy = true
      case .wait(let until): deadline = min(deadline, until)
      }
      if !isBusy { return deadline }
    }
  }

  private mutating func take(_ reading: Reading, _ isLive: Bool) {
    snapshot.take(reading, at: now, isLive: isLive)
    if isLive { live.append(now) }
    guard reading.cells.count > 0 else { return }
    var cells: [UInt16] = []
    for index in 0..<reading.cells.count { cells.append(UInt16(reading.cells[index].raw)) }
    if !recent.contains(cells) { wrong.append("\(now.milliseconds) ms: \(cells)") }
  }

  private mutating func remember() {
    let cells = (0..<16).compactMap { rig.unit.word(at: $0) }.filter { $0 > 0 }
    if recent.last != cells { recent.append(cells) }
    if recent.count > 8 { recent.removeFirst() }
  }

  /// How many live readings came from one moment to another.
  func liveCount(_ from: Int64, _ to: Int64) -> Int {
    live.count { $0 >= Tick(from) && $0 < Tick(to) }
  }
}
