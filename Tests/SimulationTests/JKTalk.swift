// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

@testable import Simulation

/// A session and a simulated JK board on one link, without a link and without waiting.
struct JKTalk<Face: UnitFace> {
  var rig: FacedRig<Face>
  var session: Session
  var now = Tick(0)
  /// The readings that carried live values, with their moments.
  var live: [(at: Tick, reading: Reading)] = []
  var snapshot = Snapshot()
  var faults: [Fault] = []
  /// What the board knew of its pack in the last seconds, the newest last.
  var states: [UnitState] = []
  /// What was read and was in none of these, with its moment.
  var wrong: [String] = []
  /// Whether a reading is of a state; `nil` does not look.
  var isOf: ((Reading, [UnitState]) -> String?)?

  init(
    _ dialect: Dialect, _ face: Face, _ faults: [FaultWindow] = [], seed: UInt64 = 1,
    period: Int64 = 500
  ) {
    var scenario = Scenario.demo
    scenario.control = .own
    scenario.faults = faults
    rig = FacedRig(Rig(scenario, seed: seed), face: face)
    session = Session(dialect, rates: PollRates(livePeriod: period))
    session.linkOpened(at: now)
    remember()
  }

  /// Lets both talk until a moment.
  mutating func run(until end: Int64) {
    while now < Tick(end) {
      let next = min(exchange(), Tick(end))
      let step = Tick((now.milliseconds / 100 + 1) * 100)
      now = max(now + 1, min(next, step))
      rig.advance(to: now)
      if now == step { remember() }
    }
  }

  private mutating func exchange() -> Tick {
    while true {
      var isBusy = false
      var deadline = Tick.never
      switch session.next(at: now) {
      case .send(let bytes):
        rig.serialReceived(bytes.span, at: now)
        isBusy = true
      case .reading(let reading, let isLive):
        take(reading, isLive)
        isBusy = true
      case .answered: isBusy = true
      case .fault(let fault):
        faults.append(fault)
        isBusy = true
      case .wait(let until): deadline = until
      }
      switch rig.serialNext(at: now) {
      case .send(let bytes):
        session.received(bytes.span, at: now)
        isBusy = true
      case .wait(let until): deadline = min(deadline, until)
      }
      if !isBusy { return deadline }
    }
  }

  private mutating func take(_ reading: Reading, _ isLive: Bool) {
    snapshot.take(reading, at: now, isLive: isLive)
    guard isLive else { return }
    live.append((now, reading))
    if let what = isOf?(reading, states) { wrong.append("\(now.milliseconds) ms: \(what)") }
  }

  private mutating func remember() {
    states.append(rig.rig.state)
    if states.count > 40 { states.removeFirst() }
  }
}

/// How finely a language tells what a board knows, and what it does not tell.
struct JKFineness: Sendable {
  /// Steps of a cell in 0.1 mV, of the pack in 1 mV, of a current in 1 mA, of temperatures in 0.01 °C.
  var cell: Int32 = 10
  var voltage: Int32 = 1
  var current: Int32 = 1
  var degree: Int32 = 10
  var charge: Int64 = 1
  /// What it does not tell.
  var untold: Set<Point> = []
  /// Whether frames of different moments make its picture.
  var isMixed = false

  /// The first that a reading tells and no state had; `nil` where all of it was.
  func mismatch(_ reading: Reading, _ states: [UnitState]) -> String? {
    let checks = checks
    if !isMixed {
      for state in states where checks.allSatisfy({ $0.1(reading, state) }) { return nil }
    }
    for (name, holds) in checks where !states.contains(where: { holds(reading, $0) }) {
      return name
    }
    return isMixed ? nil : "values of different moments"
  }

  private func isNear(_ told: Int64?, _ known: Int64, _ step: Int64, _ point: Point) -> Bool {
    guard let told else { return untold.contains(point) }
    return !untold.contains(point) && (told - known).magnitude * 2 <= step.magnitude
  }

  private var checks: [(String, (Reading, UnitState) -> Bool)] {
    [
      (
        "cells",
        { reading, state in
          if untold.contains(.cellCount) {
            let (low, high) = state.cells.extremes ?? (0, 0)
            return isNear(reading[.cellMin], Int64(state.cells[low].raw), 10, .cellMin)
              && isNear(reading[.cellMax], Int64(state.cells[high].raw), 10, .cellMax)
          }
          return reading.cells.count == state.cells.count
            && reading[.cellCount] == Int64(state.cells.count)
            && (0..<state.cells.count).allSatisfy {
              (reading.cells[$0].raw - state.cells[$0].raw).magnitude * 2 <= cell.magnitude
            }
        }
      ),
      (
        "voltage",
        { isNear($0[.voltage], Int64($1.voltage.raw), Int64(voltage), .voltage) }
      ),
      (
        "current",
        { isNear($0[.current], Int64($1.current.raw), Int64(current), .current) }
      ),
      ("soc", { isNear($0[.soc], Int64($1.soc.raw), 1_000_000, .soc) }),
      ("soh", { isNear($0[.soh], Int64($1.health.raw), 1_000_000, .soh) }),
      ("remaining", { isNear($0[.remaining], $1.remaining.raw, charge, .remaining) }),
      ("full", { isNear($0[.full], $1.full.raw, charge, .full) }),
      ("cycles", { isNear($0[.cycles], $1.cycles, 1, .cycles) }),
      (
        "switches",
        {
          isNear($0[.chargeEnabled], $1.isChargeOn ? 1 : 0, 1, .chargeEnabled)
            && isNear($0[.dischargeEnabled], $1.isDischargeOn ? 1 : 0, 1, .dischargeEnabled)
        }
      ),
      ("balancing", { isNear($0[.balancing], $1.cells.balancing == 0 ? 0 : 1, 1, .balancing) }),
      (
        "board",
        {
          isNear(
            $0[.mosfetTemperature], Int64($1.board.raw), Int64(degree), .mosfetTemperature)
        }
      ),
      (
        "sensors",
        { reading, state in
          guard !untold.contains(.temperatureMax) else { return true }
          return (0..<state.temperatures.count).allSatisfy { index in
            guard index < reading.temperatures.count, let told = reading.temperatures[index],
              let known = state.temperatures[index]
            else { return false }
            return (told.raw - known.raw).magnitude * 2 <= degree.magnitude
          }
        }
      ),
    ]
  }
}
