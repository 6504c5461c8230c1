// SPDX-License-Identifier: Apache-2.0
import Battery
@testable import Gateway
import History
import Packs
import Quantities
import Testing

@Suite("Settings of banks")
struct BankSettingsTests {
  private func read(_ banks: String, batteries: String = "") -> (Settings, [SettingProblem]) {
    let names = ["a", "b", "c", "d"].map {
      "{ name: \"\($0)\", dialect: \"tinybms\", link: { serial: \"\($0)\" } },"
    }
    return SettingsFile.read(
      Array(
        """
        {
          version: 2,
          batteries: [\(names.joined())\(batteries)],
          banks: [\(banks)],
          inverters: [{ name: "gx", battery: "house", link: { can: "can0" } }],
        }
        """.utf8))
  }

  @Test("The smallest bank is a name and its members, in parallel")
  func smallest() throws {
    let (settings, problems) = read("{ name: \"house\", members: [\"a\", \"b\"] }")
    #expect(problems.isEmpty, "\(problems)")
    let bank = try #require(settings.banks.first)
    #expect(bank.wiring == .parallel([.pack(0), .pack(1)]) && bank.terms == BankTerms())
    #expect(settings.inverters.first?.battery == "house")
    #expect(settings.historyWriter.batteries == ["a", "b", "c", "d", "house"])
    var other = settings
    other.banks[0].terms.fewest = 2
    #expect(settings.changes(to: other) == ["bank house changed"])
    #expect(!settings.hasOtherHistory(than: other))
    other.banks = []
    #expect(settings.changes(to: other) == ["bank house removed"])
    #expect(settings.hasOtherHistory(than: other))
  }

  @Test("Groups are joined in their own way, in the order of the file")
  func groups() throws {
    let (settings, problems) = read(
      """
      { name: "house", arrangement: "series", lost: "stop_charging", open_guards: false, fewest: 3,
        difference_v: 0.3, difference_hold_s: 5, sharing_pct: 80, max_charge_current_a: 100,
        max_discharge_current_a: 120, rise_hold_s: 2, current_ramp_a: 1, voltage_ramp_v: 0.1,
        sources: { current: "d", soc_pct: "d" },
        members: ["c", { members: ["a", "b"], arrangement: "parallel" }] }
      """)
    #expect(problems.isEmpty, "\(problems)")
    let bank = try #require(settings.banks.first)
    #expect(bank.memberNames == ["c", "a", "b"])
    #expect(bank.wiring == .series([.pack(0), .parallel([.pack(1), .pack(2)])]))
    #expect(bank.arrangementText == "series of parallel")
    #expect(bank.sources.map(\.point) == [.current, .soc])
    var terms = BankTerms()
    terms.absence = .stop
    terms.guardsOpen = false
    terms.fewest = 3
    terms.apart = .millivolts(300)
    terms.apartHold = 5000
    terms.sharing = .percent(80)
    terms.maxChargeCurrent = .amperes(100)
    terms.maxDischargeCurrent = .amperes(120)
    terms.riseHold = 2000
    terms.currentRamp = .amperes(1)
    terms.voltageRamp = .millivolts(100)
    #expect(bank.terms == terms)
  }

  @Test(
    "What a bank may not be is said with the reason",
    arguments: [
      ("{ name: \"a\", members: [\"b\"] }", "a name that no battery and no other bank has"),
      ("{ name: \"house\", members: [] }", "at least 1"),
      ("{ name: \"house\" }", "the names of its batteries, such as"),
      ("{ name: \"house\", members: [7] }", "a battery's name or a group"),
      ("{ name: \"house\", members: [\"a\", \"a\"] }", "each battery once"),
      ("{ name: \"house\", members: [\"a\", \"sleepr\"] }", "did you mean \"sleeper\"?"),
      ("{ name: \"house\", members: [{ members: [\"a\"] }, \"b\"] }", "at least 2"),
      ("{ name: \"house\", members: [\"a\", \"b\"], fewest: 3 }", "at most 2"),
      (
        "{ name: \"house\", members: [\"a\"] }, { name: \"boat\", members: [\"a\"] }",
        "each battery in one bank"
      ),
      (
        "{ name: \"house\", members: [\"a\"], sources: { curent_a: \"b\" } }",
        "did you mean \"current_a\"?"
      ),
      (
        "{ name: \"house\", members: [\"a\"], sources: { cell_min_v: \"b\" } }",
        "one of voltage_v, current_a"
      ),
      ("{ name: \"house\", members: [\"a\"], sources: { soc: \"x\" } }", "names of batteries"),
      ("{ name: \"house\", members: [\"a\", \"sleeper\"] }", "may not drive an inverter"),
      ("{ name: \"house\", members: [\"a\", \"lto\"] }", "batteries of one chemistry"),
      ("{ name: \"house\", members: [\"fifteen\", \"sixteen\"] }", "as many cells in series"),
    ])
  func refused(banks: String, expected: String) {
    let link = "dialect: \"tinybms\", link: { serial:"
    let (_, problems) = read(
      banks,
      batteries: """
        { name: "sleeper", \(link) "s" }, low_power: true },
        { name: "lto", \(link) "l" }, charging: { chemistry: "lto", absorption_cell_v: 2.5, float_cell_v: 2.4 } },
        { name: "fifteen", \(link) "5" }, charging: { cells: 15 } },
        { name: "sixteen", \(link) "6" }, charging: { cells: 16 } },
        """)
    #expect(problems.contains { "\($0)".contains(expected) }, "\(problems)")
  }

  @Test("Unlike cells in series, or one above the other, are no mistake")
  func cells() {
    let link = "dialect: \"tinybms\", link: { serial:"
    let (_, problems) = read(
      "{ name: \"house\", arrangement: \"series\", members: [\"fifteen\", \"a\"] }",
      batteries: "{ name: \"fifteen\", \(link) \"5\" }, charging: { cells: 15 } },")
    #expect(problems.isEmpty, "\(problems)")
  }
}
