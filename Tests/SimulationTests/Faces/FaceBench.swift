// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing

@testable import Simulation

/// What goes wrong at one request to a simulated board.
enum FaceTrouble: CaseIterable {
  /// The request does not arrive.
  case requestLost
  /// What the board says up to the next request is lost.
  case answerLost
  /// The first piece of it arrives damaged.
  case answerDamaged
  /// The link is gone for good before the request arrives.
  case cutBefore
  /// The link is gone for good after the request arrived.
  case cutAfter
}

/// A job at a simulated board, on a clock that is turned by hand.
struct FaceBench<Face: UnitFace> {
  var face: Face
  var state: UnitState
  var now = Tick(0)
  /// What goes wrong at request `n`, from 0.
  var trouble: (number: Int, what: FaceTrouble)?
  /// Whether its charge switch is held open whatever was ordered.
  var holdsCharge = false
  private(set) var requests: [[UInt8]] = []
  private var isDeaf = false
  private var damages = false

  init(_ face: Face, cells: Int = 16) {
    self.face = face
    state = UnitState.random(4, cells: cells, sensors: 2, alarms: [])
  }

  /// Everything works again, after a while.
  mutating func mend(_ next: (number: Int, what: FaceTrouble)? = nil) {
    trouble = next
    requests = []
    isDeaf = false
    damages = false
    now = now + 60_000
  }

  mutating func run(_ job: SettingsJob) -> SettingsJob.Step {
    var job = job
    for _ in 0..<200_000 {
      switch job.next(at: now) {
      case .send(let bytes): if send(bytes) { job.linkLost() }
      case .progress: break
      case .wait(let until): wait(until) { job.received($0.span, at: $1) }
      case .surveyed, .ended, .failed: return job.next(at: now)
      }
    }
    Issue.record("the job does not end")
    return .failed(.silent)
  }

  mutating func run(_ job: ControlJob) -> ControlJob.Step {
    var job = job
    for _ in 0..<200_000 {
      switch job.next(at: now) {
      case .send(let bytes): if send(bytes) { job.linkLost() }
      case .wait(let until): wait(until) { job.received($0.span, at: $1) }
      case .looked, .ended: return job.next(at: now)
      }
    }
    Issue.record("the order does not end")
    return job.next(at: now)
  }

  private mutating func wait(_ until: Tick, _ deliver: ([UInt8], Tick) -> Void) {
    state.isChargeOn = !face.orders.opensCharge && !holdsCharge
    state.isDischargeOn = !face.orders.opensDischarge
    switch face.next(state, at: now) {
    case .send(var bytes):
      if isDeaf { return }
      if damages {
        bytes[bytes.count / 2] ^= 0x10
        damages = false
      }
      deliver(bytes, now)
    case .wait(let next): now = max(now + 1, min(until, next))
    }
  }

  /// Lets a request go its way; whether the link is gone now.
  private mutating func send(_ bytes: [UInt8]) -> Bool {
    let what = trouble?.number == requests.count ? trouble?.what : nil
    requests.append(bytes)
    isDeaf = what == .answerLost
    damages = what == .answerDamaged
    if what != .requestLost, what != .cutBefore { face.received(bytes.span, state, at: now) }
    return what == .cutBefore || what == .cutAfter
  }

  // In words.

  mutating func survey(_ map: SettingsMap) throws -> SettingsSurvey {
    guard case .surveyed(let survey) = run(.survey(map, at: now)) else {
      throw SettingsFailure.silent
    }
    return survey
  }

  mutating func look(_ control: BatteryControl) throws -> ControlSight {
    guard case .looked(let sight) = run(.look(control, at: now)) else {
      throw SettingsFailure.silent
    }
    return sight
  }

  mutating func give(_ order: ControlOrder, _ control: BatteryControl) throws -> ControlOutcome {
    let way = control.plan(order, try look(control), at: ControlMoment([26, 11, 21, 9, 30, 0]))
    let job = try #require(ControlJob.carry(out: order, by: way, control, at: now), "\(way)")
    guard case .ended(let outcome) = run(job) else { throw SettingsFailure.silent }
    return outcome
  }
}
