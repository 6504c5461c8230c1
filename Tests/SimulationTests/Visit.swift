// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

@testable import Simulation

/// A job at a simulated unit, on a clock that is turned by hand.
struct Visit {
  /// What becomes of a request on its way to the unit.
  enum Fate: Equatable {
    case arrives
    /// Nothing arrives, now and for good.
    case cut
    /// The unit refuses it with this code.
    case refused(UInt8)
    /// It arrives and is carried out, and the answer is lost.
    case unanswered
    /// It never arrives, and is not answered.
    case lost
  }

  var bench: UnitBench
  /// What becomes of the write number `n`, from 0, of this address and word.
  var fate: (_ write: Int, TinyBMS.Word) -> Fate = { _, _ in .arrives }
  /// What else happens to the unit after a write has been carried out.
  var after: (inout TinyBMSUnit, TinyBMS.Word) -> Void = { _, _ in }
  /// What becomes of a request that writes nothing.
  var other: (TinyBMS.Command) -> Fate = { _ in .arrives }

  /// Words written, with the moments.
  private(set) var writes: [(at: Tick, word: TinyBMS.Word)] = []
  /// The unit's settings after each write.
  private(set) var states: [TinyBMSSettings] = []
  /// All requests in order.
  private(set) var commands: [TinyBMS.Command] = []
  private(set) var progress: [SettingsProgress] = []
  private(set) var isCut = false

  init(_ settings: [(Int, UInt16)] = []) { bench = UnitBench(settings) }

  /// The line is mended and nothing more goes wrong.
  mutating func mend() {
    isCut = false
    fate = { _, _ in .arrives }
    after = { _, _ in }
    other = { _ in .arrives }
    writes = []
    states = []
    commands = []
    progress = []
  }

  /// Carries a job to its end.
  mutating func run(_ job: SettingsJob) -> SettingsJob.Step {
    var job = job
    var mute = false
    for _ in 0..<200_000 {
      let now = bench.now
      switch job.next(at: now) {
      case .send(let bytes): mute = send(bytes, &job)
      case .progress(let news): progress.append(news)
      case .wait(let until):
        var next = until
        switch bench.unit.next(at: now) {
        case .send(let bytes):
          if !mute { job.received(bytes.span, at: now) }
          continue
        case .wait(let due): next = min(next, due)
        }
        let step = Tick((now.milliseconds / 100 + 1) * 100)
        bench.now = max(now + 1, min(next, step))
        if bench.now == step { bench.unit.measure(bench.senses, at: bench.now) }
      case .surveyed, .ended, .failed: return job.next(at: now)
      }
    }
    Issue.record("the job does not end")
    return .failed(.silent)
  }

  /// Lets a request go its way; whether its answer is lost.
  private mutating func send(_ bytes: [UInt8], _ job: inout SettingsJob) -> Bool {
    guard !isCut, case .command(let command, _) = TinyBMS.parseRequest(bytes.span) else {
      return true
    }
    commands.append(command)
    var fate = other(command)
    var word: TinyBMS.Word?
    if case .writeIndividual(let words) = command, let first = words.first {
      fate = self.fate(writes.count, first)
      writes.append((bench.now, first))
      word = first
    }
    switch fate {
    case .cut:
      isCut = true
      return true
    case .lost: return true
    case .refused(let code):
      let answer = TinyBMS.Reply.refused(command: command.code, code: code).encode()
      job.received(answer.span, at: bench.now)
      return true
    case .arrives, .unanswered:
      bench.unit.received(bytes.span, at: bench.now)
      if let word {
        after(&bench.unit, word)
        states.append(bench.unit.settings)
      }
      return fate == .unanswered
    }
  }

  /// What the unit tells.
  mutating func survey() throws -> SettingsSurvey {
    guard case .surveyed(let survey) = run(.survey(.tinyBMS, at: bench.now)) else {
      throw SettingsFailure.silent
    }
    return survey
  }

  /// Carries out what is wished and gives the outcome.
  mutating func set(_ wishes: [(String, Int64)]) throws -> SettingsOutcome {
    let survey = try survey()
    let plan = try plan(wishes, survey)
    #expect(plan.isAllowed, "\(plan.refusals)")
    commands = []
    progress = []
    guard
      case .ended(let outcome) = run(
        .apply(plan, to: survey, .tinyBMS, at: bench.now))
    else { throw SettingsFailure.silent }
    return outcome
  }

  func plan(_ wishes: [(String, Int64)], _ survey: SettingsSurvey) throws -> SettingsPlan {
    SettingsPlan(
      try wishes.map { .init(try #require(SettingsMap.tinyBMS.row($0.0)), $0.1) }, of: survey,
      .tinyBMS)
  }

  /// The unit's settings now, without orders.
  var words: [UInt16] {
    (300..<344).map { $0 == 323 || $0 == 328 ? 0 : bench.unit.settings[$0] }
  }
}
