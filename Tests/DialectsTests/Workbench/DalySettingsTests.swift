// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Testing

@testable import Dialects

@Suite("Settings of Daly boards") struct DalySettingsTests {
  static let boards: [(map: SettingsMap, store: DalyStore, names: [String])] = [
    (
      .dalyD2(DialectOptions()), .d2,
      ["cell_high_l2_v", "cell_high_l1_v", "cell_low_l1_v", "balance_start_v"]
    ),
    (
      .daly81(DialectOptions()), .p81,
      ["cell_high_protect_v", "cell_high_alarm_v", "cell_low_alarm_v", "balance_start_v"]
    ),
  ]
  private let values: [Int64] = [3500, 3480, 2900, 3380]

  private func wishes(_ names: [String]) -> [(String, SettingValue)] {
    zip(names, values).map { ($0, .number($1)) }
  }

  @Test("Limits are read, written one by one in an order that keeps their relations, and read back")
  func set() throws {
    for (map, store, names) in Self.boards {
      var bench = WireBench(store)
      let outcome: SettingsOutcome
      if map.language.name.hasBytes("daly-81".utf8) {
        // Its warning must stay below its protection, and its release too.
        outcome = try bench.set(
          [("cell_high_recover_v", .number(3400))] + wishes(names), map)
      } else {
        outcome = try bench.set(wishes(names), map)
      }
      #expect(outcome.isApplied, "\(map.language.name): \(outcome)")
      for (name, value) in zip(names, values) {
        let row = try #require(map.row(name))
        #expect(bench.unit.registers[row.address] == UInt16(value))
      }
      #expect(bench.requests.allSatisfy { $0.count == 8 && [3, 6].contains($0[1]) })
    }
  }

  @Test("Live values and orders among the registers change no plan, and are in no backup")
  func orders() throws {
    for (map, store, names) in Self.boards {
      for row in map.rows {
        #expect(![0xA5, 0xA6, 0xA7, 0xCF, 0x116, 0x121, 0x122].contains(row.address))
      }
      var bench = WireBench(store)
      let survey = try bench.survey(map)
      let plan = try WireBench<DalyStore>.plan([(names[3], .number(3380))], survey, map)
      bench.unit.registers[0x116] = 333
      bench.unit.registers[0xA7] = 333
      guard case .ended(let outcome) = bench.run(.apply(plan, to: survey, map, at: bench.now))
      else {
        Issue.record("it was not carried out")
        continue
      }
      #expect(outcome.isApplied)
    }
  }

  @Test("A board that acknowledges and does not keep is found out, and the others are undone")
  func stubborn() throws {
    for (map, store, names) in Self.boards {
      var bench = WireBench(store)
      let row = try #require(map.row(names[3]))
      bench.unit.stubborn = [row.address]
      let outcome = try bench.set([(names[2], .number(2850)), (names[3], .number(3380))], map)
      #expect(outcome.failure == .holds(3400), "\(outcome)")
      #expect(outcome.isUnchanged)
      #expect(bench.unit.registers == store.registers)
    }
  }

  @Test(
    "Whatever is lost at whichever step, the board ends old or new, or what is not is named",
    arguments: [Trouble.requestLost, .answerLost, .answerDamaged, .powerBefore, .powerAfter])
  func trouble(_ trouble: Trouble) throws {
    for (map, store, names) in Self.boards {
      let wishes = [(names[2], SettingValue.number(2850)), (names[3], .number(3380))]
      for step in 0..<24 {
        var bench = WireBench(store)
        let survey = try bench.survey(map)
        let plan = try WireBench<DalyStore>.plan(wishes, survey, map)
        bench.mend()
        bench.trouble = { number, _ in number == step ? trouble : nil }
        let end = bench.run(.apply(plan, to: survey, map, at: bench.now))
        guard case .ended(let outcome) = end else {
          #expect(bench.unit.registers == store.registers)
          continue
        }
        var new = store.registers
        for write in plan.writes { new[write.address] = write.to }
        #expect(
          bench.unit.registers == (outcome.isApplied ? new : store.registers),
          "\(trouble) at \(step): \(outcome)")
        #expect(outcome.isApplied || outcome.isUnchanged)
      }
    }
  }

  @Test("Currents of a board at 0xD2, which have either sign, are read only")
  func currents() throws {
    let (map, store, _) = Self.boards[0]
    var bench = WireBench(store)
    let survey = try bench.survey(map)
    let row = try #require(map.row("discharge_current_l2_a"))
    #expect(survey.current.value(row).map(row.text) == "16 A")
    let plan = try WireBench<DalyStore>.plan([("discharge_current_l2_a", .number(1))], survey, map)
    #expect(plan.refusals.map { "\($0.kind)" } == ["read_only"])
  }

  @Test("The high word of a number of two comes first")
  func highFirst() throws {
    let (map, store, _) = Self.boards[1]
    var bench = WireBench(store)
    let survey = try bench.survey(map)
    let row = try #require(map.row("rated_ah"))
    #expect(survey.current.value(row).map(row.text) == "100 Ah")
    var words = SettingsWords(base: 10, [1, 2])
    words.isHighFirst = true
    let number = Register(10, "number", .int32, .settings, .write, "A number.")
    words.set(number, -2)
    #expect(words[10] == 0xFFFF && words[11] == 0xFFFE && words.raw(number) == -2)
  }

  @Test("A board with the classic language tells its limits, and none can be written")
  func classic() throws {
    let map = SettingsMap.dalyA5(DialectOptions())
    var bench = WireBench(DalyClassicStore())
    let survey = try bench.survey(map)
    func told(_ name: String) throws -> String? {
      let row = try #require(map.row(name))
      return survey.current.value(row).map(row.text)
    }
    #expect(try told("cell_high_l2_v") == "3.65 V" && told("cell_low_l2_v") == "2.5 V")
    #expect(try told("charge_high_l1_c") == "55 °C" && told("discharge_low_l2_c") == "-20 °C")
    #expect(try told("rated_ah") == "30 Ah")
    #expect(try told("pack_high_l1_v") == nil)
    #expect(map.isReadOnly)
    for row in map.rows {
      let plan = SettingsPlan([.init(row, 1)], of: survey, map)
      #expect(plan.writes.isEmpty)
    }
  }
}
