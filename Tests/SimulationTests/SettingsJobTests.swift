// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing

@testable import Simulation

@Suite("Carrying plans out") struct SettingsJobTests {
  /// Four settings of which only one order keeps the rules.
  private let ladder: [(String, Int64)] = [
    ("cell_undervoltage_cutoff_v", 3440), ("fully_discharged_v", 3470),
    ("fully_charged_v", 3700), ("cell_overvoltage_cutoff_v", 3800),
  ]

  @Test("One setting is written, read back and there")
  func one() throws {
    var visit = Visit()
    let outcome = try visit.set([("fully_charged_v", 3500)])
    #expect(outcome.isApplied)
    #expect(outcome.written.map(\.address) == [300])
    #expect(visit.bench.unit.settings[300] == 3500)
    #expect(visit.writes.count == 1)
  }

  @Test("A sleeping unit is woken by a question, never by a write")
  func asleep() throws {
    var visit = Visit()
    let survey = try visit.survey()
    visit.bench.run(200)
    #expect(visit.bench.unit.isAsleep)
    visit.mend()
    let plan = try visit.plan([("fully_charged_v", 3500)], survey)
    guard
      case .ended(let outcome) = visit.run(
        .apply(plan, to: survey, .tinyBMS, at: visit.bench.now))
    else {
      Issue.record("it did not end well")
      return
    }
    #expect(outcome.isApplied)
    #expect(visit.commands.prefix(2) == [.status, .status])
    #expect(visit.commands.firstIndex { $0.isWrite } ?? 0 > 3)
  }

  @Test("Several are written in an order that the unit takes, each read back before the next")
  func several() throws {
    var visit = Visit()
    let outcome = try visit.set(ladder)
    #expect(outcome.isApplied)
    #expect(visit.writes.map(\.word.address) == [315, 300, 301, 316])
    for index in 1..<visit.writes.count {
      #expect(visit.writes[index].at - visit.writes[index - 1].at >= 500)
    }
    // Between two writes stands the reading of the first.
    let kinds = visit.commands.filter { $0 != .status }.map(\.code)
    let first = try #require(kinds.firstIndex(of: 0x0D))
    #expect(kinds[first...].prefix(8) == [0x0D, 3, 0x0D, 3, 0x0D, 3, 0x0D, 3])
  }

  @Test("Reserved bytes and bits reach the unit as they were")
  func reserved() throws {
    var visit = Visit([(330, 0x0501)])
    let outcome = try visit.set([("discharge_overcurrent_timeout_s", 9)])
    #expect(outcome.isApplied)
    #expect(visit.writes.map(\.word) == [TinyBMS.Word(330, 0x0901)])
  }

  @Test("A refused word puts those before it back, the last first")
  func refused() throws {
    var visit = Visit()
    let before = visit.words
    visit.fate = { write, _ in write == 2 ? .refused(0) : .arrives }
    let outcome = try visit.set(ladder)
    #expect(outcome.failure == .refused(code: 0))
    #expect(outcome.failed?.address == 301)
    #expect(outcome.undone.map(\.address) == [300, 315])
    #expect(outcome.isUnchanged && outcome.notUndone.isEmpty)
    #expect(visit.words == before)
    for state in visit.states {
      let rungs = [316, 301, 300, 315].map { Int(state[$0]) }
      for index in 1..<4 { #expect(rungs[index] - rungs[index - 1] >= 10) }
    }
  }

  @Test("What cannot be put back is told, and the rest is put back")
  func undoRefused() throws {
    var visit = Visit()
    visit.fate = { write, word in
      write == 2 || write > 2 && word.address == 300 ? .refused(0) : .arrives
    }
    let outcome = try visit.set(
      [("early_balancing_threshold_v", 3300), ("fully_charged_v", 3500), ("cell_count", 8)])
    #expect(outcome.failed?.address == 307)
    #expect(outcome.notUndone.map(\.address) == [300])
    #expect(outcome.undone.map(\.address) == [303])
    #expect(!outcome.isUnchanged)
    #expect(visit.bench.unit.settings[300] == 3500)
  }

  @Test("A lost line ends with what is known; restoring what was read before brings all back")
  func lost() throws {
    var visit = Visit()
    let before = visit.words
    let survey = try visit.survey()
    visit.fate = { write, _ in write == 2 ? .cut : .arrives }
    let outcome = try visit.set(ladder)
    #expect(outcome.failure == .silent)
    #expect(outcome.written.map(\.address) == [315, 300])
    #expect(outcome.failed?.address == 301)
    #expect(outcome.notUndone.map(\.address) == [301, 300, 315])
    #expect(visit.words != before)

    visit.mend()
    let now = try visit.survey()
    let back = SettingsMap.tinyBMS.rows.filter { !SettingsMap.tinyBMS.traits($0).isOrder }
      .compactMap { row in survey.current.raw(row).map { SettingsPlan.Wish(row, $0) } }
    let plan = SettingsPlan(back, of: now, .tinyBMS)
    #expect(plan.changes.count == 2)
    guard case .ended(let end) = visit.run(.apply(plan, to: now, .tinyBMS, at: visit.bench.now))
    else {
      Issue.record("the restore failed")
      return
    }
    #expect(end.isApplied)
    #expect(visit.words == before)
  }

  @Test("A link that goes away ends the job at once")
  func gone() throws {
    var visit = Visit()
    let survey = try visit.survey()
    let plan = try visit.plan(ladder, survey)
    var job = SettingsJob.apply(plan, to: survey, .tinyBMS, at: visit.bench.now)
    job.linkLost()
    while case .progress = job.next(at: visit.bench.now) {}
    guard case .failed(.linkLost) = job.next(at: visit.bench.now) else {
      Issue.record("it goes on")
      return
    }
  }

  @Test("A write without an answer is read back before it is sent again", arguments: [true, false])
  func unanswered(_ arrived: Bool) throws {
    var visit = Visit()
    visit.fate = { write, _ in write > 0 ? .arrives : arrived ? .unanswered : .lost }
    let outcome = try visit.set([("fully_charged_v", 3500)])
    #expect(outcome.isApplied)
    #expect(visit.writes.count == (arrived ? 1 : 2))
    #expect(visit.bench.unit.settings[300] == 3500)
  }

  @Test("A unit that is silent for longer after a write than it should be is waited for")
  func silence() throws {
    var visit = Visit()
    visit.after = { unit, _ in unit.deafUntil = unit.deafUntil + 3000 }
    let outcome = try visit.set([("early_balancing_threshold_v", 3300), ("fully_charged_v", 3500)])
    #expect(outcome.isApplied)
    #expect(visit.writes.count == 2)
  }

  @Test("A write that came damaged is sent again; one that is refused is not")
  func damaged() throws {
    var visit = Visit()
    visit.fate = { write, _ in write == 0 ? .refused(TinyBMS.checksumError) : .arrives }
    #expect(try visit.set([("fully_charged_v", 3500)]).isApplied)
    #expect(visit.writes.count == 2)
    visit.mend()
    visit.fate = { _, _ in .refused(TinyBMS.commandError) }
    #expect(try visit.set([("fully_charged_v", 3450)]).isUnchanged)
    #expect(visit.writes.count == 1)
  }

  @Test("A restart on the way is waited for")
  func restart() throws {
    var visit = Visit()
    let outcome = try visit.set([("port_mode", 1), ("fully_charged_v", 3500)])
    #expect(outcome.isApplied)
    #expect(visit.writes.map(\.word.address) == [300, 340])
  }

  @Test("A word that never arrives is given up, and nothing is changed")
  func neverArrives() throws {
    var visit = Visit()
    let before = visit.words
    visit.fate = { _, word in word.address == 300 && word.value == 3500 ? .lost : .arrives }
    let outcome = try visit.set([("early_balancing_threshold_v", 3300), ("fully_charged_v", 3500)])
    #expect(outcome.failure == .unacknowledged)
    #expect(visit.writes.filter { $0.word.address == 300 }.count == SettingsJob.tries)
    #expect(outcome.isUnchanged)
    #expect(visit.words == before)
  }

  @Test("A word that is acknowledged and comes back otherwise is put back")
  func mismatch() throws {
    var visit = Visit()
    let before = visit.words
    visit.after = { unit, word in
      if word.address == 300, word.value == 3500 { unit.settings[300] = 3490 }
    }
    let outcome = try visit.set([("fully_charged_v", 3500)])
    #expect(outcome.failure == .holds(3490))
    #expect(outcome.undone.map(\.address) == [300])
    #expect(visit.words == before)
  }

  @Test("A word that changes another is told")
  func sideEffect() throws {
    var visit = Visit()
    visit.after = { unit, _ in unit.settings[342] = 4 }
    let outcome = try visit.set([("fully_charged_v", 3500)])
    #expect(outcome.failure == nil)
    #expect(outcome.unexpected == [342])
    #expect(!outcome.isApplied)
  }

  @Test("An order is carried out, though it reads as nothing pending afterwards")
  func order() throws {
    var visit = Visit()
    let outcome = try visit.set([("set_soc_pct", 40_000)])
    #expect(outcome.isApplied)
    #expect(visit.bench.unit.soc == .percent(80))
  }

  @Test("An order that is refused is not taken for done")
  func refusedOrder() throws {
    var visit = Visit()
    visit.fate = { _, _ in .refused(0) }
    let outcome = try visit.set([("set_soc_pct", 40_000)])
    #expect(outcome.failure == .refused(code: 0))
    #expect(visit.bench.unit.soc == .percent(50))
  }

  @Test("Nothing is written when the settings have changed since the plan was made")
  func changedMeanwhile() throws {
    var visit = Visit()
    let survey = try visit.survey()
    let plan = try visit.plan([("fully_charged_v", 3500)], survey)
    visit.bench.unit.settings[342] = 4
    guard
      case .failed(let failure) = visit.run(
        .apply(plan, to: survey, .tinyBMS, at: visit.bench.now))
    else {
      Issue.record("it was carried out")
      return
    }
    #expect(failure == .changedMeanwhile(342))
    #expect(visit.writes.isEmpty)
  }

  @Test("Nothing is written to another unit than the one of the plan")
  func otherUnit() throws {
    var visit = Visit()
    var survey = try visit.survey()
    let plan = try visit.plan([("fully_charged_v", 3500)], survey)
    survey.identity.serial = Label("0123")
    guard
      case .failed(.otherUnit) = visit.run(
        .apply(plan, to: survey, .tinyBMS, at: visit.bench.now))
    else {
      Issue.record("it was carried out")
      return
    }
    #expect(visit.writes.isEmpty)
  }

  @Test("A unit that never answers ends the survey")
  func silent() {
    var visit = Visit()
    visit.other = { _ in .cut }
    guard case .failed(.silent) = visit.run(.survey(.tinyBMS, at: visit.bench.now)) else {
      Issue.record("it was surveyed")
      return
    }
    #expect(visit.bench.now < Tick(20_000))
  }
}
