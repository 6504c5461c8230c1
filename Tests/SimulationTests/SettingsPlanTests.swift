// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import TestKit
import Testing

@testable import Simulation

@Suite("Plans for settings") struct SettingsPlanTests {
  private let map = SettingsMap.tinyBMS

  private func row(_ name: String) throws -> Register { try #require(map.row(name)) }

  @Test("A unit tells its settings, its limits and who it is")
  func survey() throws {
    var visit = Visit()
    let survey = try visit.survey()
    #expect(survey.identity.serial?.string == "004300275011505238382035")
    #expect(survey.identity.firmware?.string == "2.3.254")
    let current = try row("discharge_overcurrent_a")
    #expect(survey.current.raw(current) == 120)
    // The document says 750; this unit's sensor ends at 150.
    #expect(survey.limits(current) == .init(lowest: 1, highest: 150, areTold: true))
    #expect(survey.standard?.raw(try row("cell_count")) == 14)
    let pulses = try row("pulses_per_distance_unit")
    #expect(survey.limits(pulses) == .init(lowest: 1, highest: 100_000, areTold: true))
    #expect(visit.commands.first == .status)
  }

  @Test("A unit that knows no limits is held to those of the document")
  func noLimits() throws {
    var visit = Visit()
    visit.other = { if case .settings = $0 { .refused(0) } else { .arrives } }
    let survey = try visit.survey()
    #expect(survey.current[300] == visit.bench.unit.settings[300])
    #expect(
      survey.limits(try row("discharge_overcurrent_a"))
        == .init(lowest: 1, highest: 750, areTold: false))
    #expect(visit.commands.contains(.readModbus(address: 300, count: 44)))
    // Nobody tells how high this may be: what does not fit its word is refused all the same.
    let plan = try visit.plan([("peak_discharge_current_a", 70_000)], survey)
    #expect(plan.refusals.map(\.kind.description) == ["outside_limits"])
  }

  @Test("What lies outside the limits of the unit is refused, though the document allows it")
  func limits() throws {
    var visit = Visit()
    let plan = try visit.plan([("discharge_overcurrent_a", 400)], try visit.survey())
    #expect(!plan.isAllowed)
    #expect(plan.writes.isEmpty)
    #expect(
      plan.refusals.map(\.description) == [
        "discharge_overcurrent_a: 400 A is outside 1 to 150 A, the limits that the unit tells"
      ])
  }

  @Test(
    "What would break a rule is refused with the reason",
    arguments: [
      (
        "cell_overvoltage_cutoff_v", 3459, "cell_overvoltage_cutoff_v must be at least 0.01 V above"
      ),
      ("fully_charged_v", 2909, "fully_charged_v must be at least 0.01 V above fully_discharged_v"),
      ("cell_undervoltage_cutoff_v", 2891, "fully_discharged_v must be at least 0.01 V above"),
      ("peak_discharge_current_a", 120, "peak_discharge_current_a must be at least 1 A above"),
      ("precharge_pin", 12, "precharge_pin: 12 is a value that means nothing"),
      ("flags", 0x10, "flags: 16 has bits that mean nothing"),
    ] as [(String, Int64, String)])
  func rules(_ name: String, _ raw: Int64, _ reason: String) throws {
    var visit = Visit()
    let plan = try visit.plan([(name, raw)], try visit.survey())
    #expect(plan.refusals.count == 1)
    #expect(plan.refusals.first?.description.hasPrefix(reason) == true, "\(plan.refusals)")
    #expect(plan.writes.isEmpty)
  }

  @Test("10 mV apart is enough")
  func gap() throws {
    var visit = Visit()
    let plan = try visit.plan([("cell_overvoltage_cutoff_v", 3460)], try visit.survey())
    #expect(plan.isAllowed)
  }

  @Test("A unit that breaks a rule already is told of, and other settings can be changed")
  func standing() throws {
    var visit = Visit([(305, 100)])
    let plan = try visit.plan([("fully_charged_v", 3500)], try visit.survey())
    #expect(plan.isAllowed)
    #expect(plan.standing.count == 1)
    #expect(plan.writes.map(\.breaks) == [0])
  }

  @Test("A setting that an older unit lacks is refused, and breaks no rule")
  func missing() throws {
    var visit = Visit([(305, 0)])
    var survey = try visit.survey()
    survey.minimum?[305] = 0
    survey.maximum?[305] = 0
    #expect(try visit.plan([("discharge_overcurrent_a", 60)], survey).isAllowed)
    let plan = try visit.plan([("peak_discharge_current_a", 200)], survey)
    #expect(plan.refusals.map(\.kind.description) == ["missing"])
  }

  @Test("The other byte of a word and bits without meaning are kept")
  func reserved() throws {
    var visit = Visit([(331, 0xA503), (329, 0xF004)])
    let plan = try visit.plan(
      [("load_switch", 1), ("flags", 1), ("charger_type", 2)], try visit.survey())
    #expect(plan.isAllowed)
    #expect(plan.target[331] == 0xA501)
    #expect(plan.target[329] == 0xF001)
    #expect(plan.target[330] == 0x0502)
  }

  @Test("Orders come last, after what restarts the unit")
  func lastOnes() throws {
    var visit = Visit()
    let plan = try visit.plan(
      [("set_soc_pct", 25_000), ("port_mode", 1), ("fully_charged_v", 3500)], try visit.survey())
    #expect(plan.writes.map(\.address) == [300, 340, 328])
  }

  @Test("A number of two words never leaves its limits on the way")
  func twoWords() throws {
    var visit = Visit([(312, 0), (313, 1)])
    let survey = try visit.survey()
    let plan = try visit.plan([("pulses_per_distance_unit", 40_000)], survey)
    #expect(plan.writes.map(\.to) == [1, 0, 40_000])
    var words = survey.current
    for write in plan.writes {
      words[write.address] = write.to
      #expect((1...100_000).contains(words.raw(try row("pulses_per_distance_unit")) ?? 0))
    }
  }

  @Test("Whatever the goal, no rule is broken after any single word", arguments: 0..<200)
  func anyGoal(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    func ladder() -> [Int64] {
      // Often close together, so that most orders would break a rule.
      var rung = Int64.random(in: 1200...1600, using: &random)
      return (0..<4).map { _ in
        rung += 10 + (random.oneIn(2) ? 0 : Int64.random(in: 0...600, using: &random))
        return rung
      }
    }
    func amperes() -> (Int64, Int64) {
      let lasting = Int64.random(in: 1...149, using: &random)
      return (lasting, Int64.random(in: lasting + 1...200, using: &random))
    }
    let (from, to, now, then) = (ladder(), ladder(), amperes(), amperes())
    let pulses = Int64.random(in: 1...100_000, using: &random)
    let old = UInt32.random(in: 1...100_000, using: &random)
    let names =
      ["cell_undervoltage_cutoff_v", "fully_discharged_v", "fully_charged_v"]
      + ["cell_overvoltage_cutoff_v"]
    let addresses = [316, 301, 300, 315]
    var visit = Visit(
      zip(addresses, from).map { ($0, UInt16($1)) } + [
        (317, UInt16(now.0)), (305, UInt16(now.1)), (312, UInt16(truncatingIfNeeded: old)),
        (313, UInt16(old >> 16)),
      ])
    var wishes =
      zip(names, to).map { ($0, $1) } + [
        ("discharge_overcurrent_a", then.0), ("peak_discharge_current_a", then.1),
        ("pulses_per_distance_unit", pulses),
      ]
    wishes.shuffle(using: &random)
    let survey = try visit.survey()
    let plan = try visit.plan(wishes, survey)
    #expect(plan.isAllowed, "seed \(seed): \(plan.refusals)")
    var words = survey.current
    for write in plan.writes {
      #expect(write.breaks == 0, "seed \(seed)")
      #expect(words[write.address] == write.from, "seed \(seed)")
      words[write.address] = write.to
      let rungs = addresses.map { Int(words[UInt16($0)] ?? 0) }
      for index in 1..<4 { #expect(rungs[index] - rungs[index - 1] >= 10, "seed \(seed)") }
      #expect((words[305] ?? 0) > (words[317] ?? 0), "seed \(seed)")
      let number = Int(words[312] ?? 0) | Int(words[313] ?? 0) << 16
      #expect((1...100_000).contains(number), "seed \(seed)")
    }
    #expect(words == plan.target, "seed \(seed)")
  }

  @Test("An order that cannot be avoided is told")
  func unavoidable() throws {
    // From a broken ladder not every goal can be reached without breaking a rule on the way.
    var visit = Visit([(300, 3400), (301, 3400), (315, 3405), (316, 3395)])
    let plan = try visit.plan(
      [
        ("fully_charged_v", 3450), ("fully_discharged_v", 2900),
        ("cell_overvoltage_cutoff_v", 3650), ("cell_undervoltage_cutoff_v", 2500),
      ], try visit.survey())
    #expect(plan.isAllowed)
    #expect(plan.writes.count == 4)
    #expect(plan.writes.contains { $0.breaks > 0 })
    #expect(plan.writes.last?.breaks == 0)
  }
}
