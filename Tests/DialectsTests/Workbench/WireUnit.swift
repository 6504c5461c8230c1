// SPDX-License-Identifier: Apache-2.0

import Dialects
import Quantities
import Testing

/// A board behind a wire: it answers whole requests, and can lose its power.
protocol WireUnit {
  /// The answer to a request; `nil` where it says nothing.
  mutating func answer(_ request: [UInt8]) -> [UInt8]?
  /// Its power goes and comes back.
  mutating func restart()
}

/// What goes wrong at one request.
enum Trouble: CaseIterable {
  /// The request does not arrive.
  case requestLost
  /// The request is carried out, and its answer is lost.
  case answerLost
  /// The answer arrives damaged.
  case answerDamaged
  /// The board loses its power before the request is carried out.
  case powerBefore
  /// The board loses its power after the request was carried out.
  case powerAfter
  /// The link is gone before the request arrives, and comes back.
  case linkBefore
  /// The link is gone after the request was carried out, and comes back.
  case linkAfter
}

/// A job at a board, on a clock that is turned by hand.
struct WireBench<Unit: WireUnit> {
  var unit: Unit
  var now = Tick(0)
  /// What goes wrong at request `n`, from 0.
  var trouble: (_ number: Int, _ request: [UInt8]) -> Trouble? = { _, _ in nil }
  /// Whether the link is gone for good from a request on.
  var cutAt: Int?
  private(set) var requests: [[UInt8]] = []
  private(set) var progress: [SettingsProgress] = []
  /// Bytes on their way to the host.
  private var line: [(at: Tick, bytes: [UInt8])] = []
  private var deafUntil = Tick(0)
  private var linkBackAt: Tick?

  init(_ unit: Unit) { self.unit = unit }

  /// Everything works again, and nothing is remembered.
  mutating func mend() {
    trouble = { _, _ in nil }
    cutAt = nil
    requests = []
    progress = []
    line = []
    linkBackAt = nil
    now = now + 60_000
  }

  /// Whether the board was ever left in doubt.
  var saidMayBeOpen: Bool { progress.contains { if case .mayBeOpen = $0 { true } else { false } } }

  mutating func run(_ job: SettingsJob) -> SettingsJob.Step {
    var job = job
    for _ in 0..<400_000 {
      switch job.next(at: now) {
      case .send(let bytes):
        if send(bytes) { job.linkLost() }
      case .progress(let news): progress.append(news)
      case .wait(let until):
        if let back = linkBackAt, now >= back {
          linkBackAt = nil
          job.linkReturned(at: now)
        } else {
          wait(until) { job.received($0.span, at: $1) }
        }
      case .surveyed, .ended, .failed: return job.next(at: now)
      }
    }
    Issue.record("the job does not end")
    return .failed(.silent)
  }

  mutating func run(_ job: ControlJob) -> ControlJob.Step {
    var job = job
    for _ in 0..<100_000 {
      switch job.next(at: now) {
      case .send(let bytes):
        if send(bytes) { job.linkLost() }
      case .wait(let until):
        if let back = linkBackAt, now >= back {
          linkBackAt = nil
          job.linkReturned(at: now)
        } else {
          wait(until) { job.received($0.span, at: $1) }
        }
      case .looked, .ended: return job.next(at: now)
      }
    }
    Issue.record("the job does not end")
    return job.next(at: now)
  }

  /// Lets time pass up to what comes first.
  private mutating func wait(_ until: Tick, _ deliver: ([UInt8], Tick) -> Void) {
    line.sort { $0.at < $1.at }
    if let first = line.first, first.at <= until {
      now = max(now, first.at)
      line.removeFirst()
      deliver(first.bytes, now)
    } else {
      now = max(now + 1, min(until, linkBackAt ?? .never))
    }
  }

  /// Lets a request go its way; whether the link is gone now.
  private mutating func send(_ bytes: [UInt8]) -> Bool {
    let number = requests.count
    requests.append(bytes)
    if let cutAt, number >= cutAt { return true }
    let trouble = linkBackAt == nil && now >= deafUntil ? trouble(number, bytes) : nil
    if trouble == .powerBefore { unit.restart() }
    let arrives = ![.requestLost, .powerBefore, .linkBefore].contains(trouble)
    let answer = arrives && now >= deafUntil ? unit.answer(bytes) : nil
    switch trouble {
    case .powerBefore, .powerAfter:
      if trouble == .powerAfter { unit.restart() }
      deafUntil = now + 2500
    case .linkBefore, .linkAfter:
      linkBackAt = now + 3000
      return true
    case .answerDamaged:
      if var answer {
        answer[answer.count / 2] ^= 0x10
        line.append((now + 80, answer))
      }
    case .requestLost, .answerLost: break
    case nil: if let answer { line.append((now + 80, answer)) }
    }
    return false
  }

  // In words.

  mutating func survey(_ map: SettingsMap) throws -> SettingsSurvey {
    guard case .surveyed(let survey) = run(.survey(map, at: now)) else {
      throw SettingsFailure.silent
    }
    return survey
  }

  mutating func set(_ wishes: [(String, SettingValue)], _ map: SettingsMap) throws
    -> SettingsOutcome
  {
    let survey = try survey(map)
    let plan = try Self.plan(wishes, survey, map)
    #expect(plan.isAllowed, "\(plan.refusals)")
    requests = []
    progress = []
    guard case .ended(let outcome) = run(.apply(plan, to: survey, map, at: now)) else {
      throw SettingsFailure.silent
    }
    return outcome
  }

  static func plan(
    _ wishes: [(String, SettingValue)], _ survey: SettingsSurvey, _ map: SettingsMap
  ) throws -> SettingsPlan {
    SettingsPlan(
      try wishes.map { .init(try #require(map.row($0.0), "\($0.0)"), $0.1) }, of: survey, map)
  }
}
