// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import TestKit
import Testing

@testable import Dialects

@Suite("Settings of a JBD board") struct JBDSettingsTests {
  private let map = SettingsMap.jbd(DialectOptions())

  /// Changes that only one order allows, a text, and a bit among others.
  private let wishes: [(String, SettingValue)] = [
    ("cell_ov_v", .number(3450)), ("cell_ov_release_v", .number(3400)),
    ("device_name_text", .text(Array("bow".utf8))), ("function_balance_charging_only", .number(1)),
    ("discharge_oc_a", .number(-5000)), ("short_circuit_delay", .number(1)),
  ]
  private let changed: [UInt8: [UInt8]] = [
    0x24: [0x0D, 0x7A], 0x25: [0x0D, 0x48], 0xA1: [3] + Array("bow".utf8), 0x2D: [0, 0x0E],
    0x29: [0xEC, 0x78], 0x38: [0x0A, 0x67],
  ]

  private func planned(_ store: JBDStore) -> [UInt8: [UInt8]] {
    store.kept.merging(changed) { $1 }
  }

  @Test("Everything is read in factory mode, which is left without keeping anything")
  func survey() throws {
    var bench = WireBench(JBDStore())
    let survey = try bench.survey(map)
    #expect(bench.unit.entries == 1 && bench.unit.savings == 0 && !bench.unit.isOpen)
    #expect(bench.requests.last == [0xDD, 0x5A, 0x01, 0x02, 0, 0, 0xFF, 0xFD, 0x77])
    #expect(survey.identity.serial?.string == "A1234567")
    #expect(survey.identity.model?.string == "JBD-SP16")
    func told(_ name: String) throws -> String? {
      let row = try #require(map.row(name))
      return survey.current.value(row).map(row.text)
    }
    #expect(try told("design_capacity_ah") == "100 Ah")
    #expect(try told("charge_ot_c") == "65 °C")
    #expect(try told("charge_ut_c") == "0 °C")
    #expect(try told("discharge_oc_a") == "-110 A")
    #expect(try told("device_name_text") == "\"front\"")
    #expect(try told("function_balance") == "1" && told("function_coarse_units") == "0")
    #expect(try told("second_overcurrent_threshold") == "7" && told("short_circuit_delay") == "3")
    #expect(try told("charge_oc_delay_s") == "5 s" && told("charge_oc_release_s") == "32 s")
    #expect(try told("cell_90pct_v") == "3.34 V")
    // What this board does not have.
    #expect(try told("cell_70pct_v") == nil && told("gps_off_v") == nil)
  }

  @Test("Changes are written in order, read back, kept, and looked at again")
  func set() throws {
    var bench = WireBench(JBDStore())
    let wanted = planned(bench.unit)
    let outcome = try bench.set(wishes, map)
    #expect(outcome.isApplied, "\(outcome)")
    #expect(bench.unit.kept == wanted)
    #expect(bench.unit.savings == 1 && !bench.unit.isOpen)
    // The release is lowered before the limit, so that it lies below it all the way.
    let writes = bench.requests.filter { $0[1] == 0x5A }.map { $0[2] }
    #expect(try #require(writes.firstIndex(of: 0x25)) < #require(writes.firstIndex(of: 0x24)))
    #expect(writes.last == 0x01)
  }

  @Test("A password is given where one is set, and its lack or a wrong one is told")
  func password() throws {
    var store = JBDStore()
    store.password = [1, 2, 3, 4, 5, 6]
    var options = DialectOptions()
    options.password = Array("123456".utf8)
    var bench = WireBench(store)
    _ = try bench.survey(.jbd(options))
    #expect(bench.requests.contains([0xDD, 0x5A, 6, 7, 6, 1, 2, 3, 4, 5, 6, 0xFF, 0xD8, 0x77]))
    #expect(!bench.unit.isOpen)
    for (word, code) in [("", 0x81), ("654321", 0x83)] as [(String, UInt8)] {
      options.password = Array(word.utf8)
      var bench = WireBench(store)
      guard case .failed(let failure) = bench.run(.survey(.jbd(options), at: bench.now)) else {
        Issue.record("it was let in")
        continue
      }
      #expect(failure == .refused(code: code))
      #expect(SettingsMap.jbd(options).codeMeaning(code) != nil)
      #expect(!bench.unit.isOpen && bench.unit.entries == 0)
    }
    // Firmware that knows no password is let in all the same.
    var old = WireBench(JBDStore())
    _ = try old.survey(.jbd(options))
    #expect(old.unit.entries == 1)
  }

  @Test("Coarse units are read and written as such")
  func coarse() throws {
    var bench = WireBench(JBDStore([0x2D: 0x1006]))
    let survey = try bench.survey(map)
    let fitted = map.fitted(to: survey.current)
    let row = try #require(fitted.row("design_capacity_ah"))
    #expect(survey.current.value(row).map(row.text) == "1000 Ah")
    #expect(try row.value(of: "800 Ah".utf8) == .number(8000))
  }

  @Test(
    "What would break a relation is refused, and nothing is written",
    arguments: [
      ("cell_ov_release_v", 3650, "cell_ov_v must be at least 0.001 V above cell_ov_release_v"),
      ("cell_uv_v", 2800, "cell_uv_release_v must be at least"),
      (
        "charge_ot_release_c", 3381, "charge_ot_c must be at least 0.1 °C above charge_ot_release_c"
      ),
      ("cell_ov_v", 3751, "cell_hard_ov_v must be at least 0"),
      ("cell_ov_v", 36_500, "cell_ov_v: 36.5 V is outside 0 to 5.5 V"),
      ("discharge_oc_a", 100, "discharge_oc_a: 1 A is outside"),
      ("second_overcurrent_delay", 8, "second_overcurrent_delay: 8 is outside"),
      ("shunt_mohm", 20, "shunt_mohm: it is read only"),
      ("cell_count", 15, "cell_count: it is read only"),
      ("gps_off_v", 3000, "gps_off_v: this unit does not have it"),
    ] as [(String, Int64, String)])
  func refused(_ name: String, _ raw: Int64, _ reason: String) throws {
    var bench = WireBench(JBDStore())
    let plan = try WireBench<JBDStore>.plan([(name, .number(raw))], bench.survey(map), map)
    #expect(plan.refusals.count == 1)
    #expect(plan.refusals.first?.description.hasPrefix(reason) == true, "\(plan.refusals)")
    #expect(plan.writes.isEmpty)
  }

  @Test(
    "Whatever goes wrong at whichever step, the board ends old or new, is out of factory mode, and the job says which",
    arguments: Trouble.allCases, [true, false])
  func trouble(_ trouble: Trouble, _ forgets: Bool) throws {
    var store = JBDStore()
    store.forgets = forgets
    let old = store.kept
    let new = planned(store)
    var clean = WireBench(store)
    let survey = try clean.survey(map)
    let plan = try WireBench<JBDStore>.plan(wishes, survey, map)
    clean.mend()
    guard case .ended = clean.run(.apply(plan, to: survey, map, at: clean.now)) else {
      throw SettingsFailure.silent
    }
    let first = try #require(clean.requests.firstIndex { $0[1] == 0x5A && $0[2] > 1 })
    let last = try #require(clean.requests.lastIndex { $0[1] == 0x5A && $0[2] == 0 })
    var ends: Set<String> = []
    for step in clean.requests.indices
    where step % 9 == 0 || first - 2...last + 3 ~= step || step >= clean.requests.count - 2 {
      var bench = WireBench(store)
      bench.trouble = { number, _ in number == step ? trouble : nil }
      let end = bench.run(.apply(plan, to: survey, map, at: bench.now))
      let place = "\(trouble) at \(step), forgets \(forgets)"
      #expect(!bench.unit.isOpen, "\(place): left in factory mode")
      #expect(!bench.saidMayBeOpen, "\(place)")
      switch end {
      case .failed:
        ends.insert("failed")
        #expect(bench.unit.kept == old, "\(place): failed, and changed")
      case .ended(let outcome):
        if outcome.isApplied {
          ends.insert("new")
          #expect(bench.unit.kept == new, "\(place): says new")
        } else {
          ends.insert("old")
          #expect(outcome.isUnchanged, "\(place): \(outcome)")
          #expect(bench.unit.kept == old, "\(place): says old")
        }
      default: Issue.record("\(place): \(end)")
      }
    }
    // Both ends are met, so that the test says something.
    #expect(ends.contains("new"))
    let isLinkLost = [.linkBefore, .linkAfter].contains(trouble)
    if isLinkLost || [.powerBefore, .powerAfter].contains(trouble) {
      #expect(ends.contains("old"))
    }
    if isLinkLost { #expect(ends.contains("failed")) }
  }

  @Test("A link that never comes back ends with what is known, and says that the mode may be open")
  func cut() throws {
    let store = JBDStore()
    var clean = WireBench(store)
    let survey = try clean.survey(map)
    let plan = try WireBench<JBDStore>.plan(wishes, survey, map)
    clean.mend()
    _ = clean.run(.apply(plan, to: survey, map, at: clean.now))
    for step in stride(from: 1, to: clean.requests.count, by: 3) {
      var bench = WireBench(store)
      bench.cutAt = step
      let end = bench.run(.apply(plan, to: survey, map, at: bench.now))
      if bench.unit.isOpen { #expect(bench.saidMayBeOpen, "cut at \(step)") }
      guard case .ended(let outcome) = end else { continue }
      #expect(!outcome.isApplied && outcome.mayBeOpen == bench.saidMayBeOpen, "cut at \(step)")
      if outcome.isUnchanged { #expect(bench.unit.used == store.used, "cut at \(step)") }
      // What is not named as not undone is as before.
      let doubtful = outcome.notUndone.map { UInt8(truncatingIfNeeded: $0.address) }
      for (register, value) in bench.unit.used where value != store.used[register] {
        #expect(doubtful.contains(register), "cut at \(step): \(register)")
      }
    }
  }

  @Test("A survey that is interrupted leaves factory mode first", arguments: [3, 20, 50])
  func interrupted(_ after: Int) {
    var store = JBDStore()
    var job = SettingsJob.survey(map, at: Tick(0))
    var now = Tick(0)
    var count = 0
    var end: SettingsJob.Step?
    for _ in 0..<20_000 {
      switch job.next(at: now) {
      case .send(let bytes):
        count += 1
        if count == after {
          let stops = job.interrupt()
          #expect(stops)
        }
        if let answer = store.answer(bytes) { job.received(answer.span, at: now + 40) }
        now = now + 40
      case .wait(let until): now = until
      case .progress: break
      case let step:
        end = step
      }
      if end != nil { break }
    }
    guard case .failed(.interrupted) = end else {
      Issue.record("\(String(describing: end))")
      return
    }
    #expect(!store.isOpen && store.entries == 1)
  }

  @Test("Random plans with random trouble end old or new", arguments: 0..<60 as Range<UInt64>)
  func property(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    func number(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }
    let release = number(3000...3500)
    let trip = number(release + 1...3750)
    let start = number(2300...2700)
    let over = number(start + 1...release - 1)
    var wishes: [(String, SettingValue)] = [
      ("cell_ov_v", .number(trip)), ("cell_ov_release_v", .number(release)),
      ("cell_uv_v", .number(start)), ("cell_uv_release_v", .number(over)),
      ("function_balance", .number(number(0...1))), ("balance_window_v", .number(number(5...80))),
      ("charge_oc_delay_s", .number(number(1...60))),
      ("charge_oc_release_s", .number(number(1...60))),
      ("device_name_text", .text(Array("x\(number(0...999))".utf8))),
    ]
    wishes.shuffle(using: &random)
    var store = JBDStore()
    store.forgets = random.oneIn(2)
    let kinds = Trouble.allCases
    let kind = kinds[Int(random.next() % UInt64(kinds.count))]
    let step = Int(random.next() % 40) + (random.oneIn(2) ? 0 : 60)
    var bench = WireBench(store)
    let survey = try bench.survey(map)
    let plan = try WireBench<JBDStore>.plan(wishes, survey, map)
    #expect(plan.isAllowed, "seed \(seed): \(plan.refusals)")
    guard !plan.isEmpty else { return }
    bench.mend()
    bench.trouble = { number, _ in number == step ? kind : nil }
    let end = bench.run(.apply(plan, to: survey, map, at: bench.now))
    #expect(!bench.unit.isOpen, "seed \(seed)")
    var target = store
    for write in plan.writes {
      let register = UInt8(truncatingIfNeeded: write.address)
      #expect(write.breaks == 0, "seed \(seed)")
      target.kept[register] =
        register >= 0xA0
        ? [UInt8(write.new.count)] + write.new.map { UInt8($0) }
        : [UInt8(write.to >> 8), UInt8(write.to & 0xFF)]
    }
    if case .ended(let outcome) = end, outcome.isApplied {
      #expect(bench.unit.kept == target.kept, "seed \(seed), \(kind) at \(step)")
    } else {
      if case .ended(let outcome) = end { #expect(outcome.isUnchanged, "seed \(seed): \(outcome)") }
      #expect(bench.unit.kept == store.kept, "seed \(seed), \(kind) at \(step)")
    }
  }
}
