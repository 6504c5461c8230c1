// SPDX-License-Identifier: Apache-2.0
import Charging
@testable import Gateway
import Inverters
import Quantities
import Testing
import Text

@Suite("Settings files")
struct SettingsFileTests {
  private let good = """
    {
      batteries: [{ name: "house", dialect: "tinybms", link: { serial: "/dev/ttyUSB0" } }],
      inverters: [{ name: "gx", link: { can: "can0" } }],
    }
    """

  @Test("The smallest useful file is one battery and one output; everything else has a default")
  func smallest() throws {
    let (settings, problems) = SettingsFile.read(Array(good.utf8))
    #expect(problems.isEmpty, "\(problems)")
    let battery = try #require(settings.batteries.first)
    #expect(battery.pollPeriod == 250)
    #expect(battery.link == .serial(SerialSettings(path: "/dev/ttyUSB0", baud: 115_200)))
    #expect(battery.charging.absorption == .millivolts(3450))
    #expect(settings.inverters.first?.link == .socketCAN("can0"))
    #expect(settings.inverters.first?.battery == "house")
    #expect(settings.history.path == "cellbus-history.db")
  }

  @Test("Each inverter has its own profile, victron where none is said")
  func profiles() throws {
    let names = InverterProfile.all.map { "\($0.name)" }
    #expect(names == ["victron", "pylontech-1.2", "pylontech-1.3", "sma"])
    let buses = names.enumerated().map { index, name in
      "{ name: \"i\(index)\", profile: \"\(name)\", link: { can: \"can\(index)\" } },"
    }
    let text = good.replacing(
      "inverters: [", with: "inverters: [" + buses.joined().replacing("can0", with: "can9"))
    let (settings, problems) = SettingsFile.read(Array(text.utf8))
    #expect(problems.isEmpty, "\(problems)")
    #expect(settings.inverters.map(\.profile) == names + ["victron"])
    #expect(settings.inverters.allSatisfy { $0.manufacturer == nil })

    let wrong = good.replacing("name: \"gx\"", with: "name: \"gx\", profile: \"pylontech\"")
    let problem = try #require(SettingsFile.read(Array(wrong.utf8)).problems.first)
    #expect(problem.expected.contains("\"pylontech-1.2\""))
  }

  @Test(
    "Each mistake is told with its line, what was found and what was expected",
    arguments: [
      (
        "dialect: \"tinybms\"", "dialect: \"tinybsm\"", 2, "\"tinybsm\"",
        "did you mean \"tinybms\"?"
      ),
      ("serial: \"/dev/ttyUSB0\"", "serial: 7", 2, "the number 7", "a text"),
      ("name: \"gx\"", "nam: \"gx\"", 3, "unknown setting \"nam\"", "did you mean \"name\"?"),
      ("can: \"can0\"", "", 3, "an object", "{ can: \"can0\" }"),
      (
        "link: { can: \"can0\" }", "link: { can: \"can0\" }, battery: \"boat\"", 3, "\"boat\"",
        "\"house\""
      ),
      (
        "name: \"house\",", "name: \"house\", poll_ms: 50,", 2, "the number 50",
        "from 100 to 10000 ms"
      ),
      (
        "name: \"house\",", "name: \"house\", charging: { chemistry: \"lead\" },", 2, "\"lead\"",
        "\"lfp\""
      ),
      (
        "name: \"house\",", "name: \"house\", charging: { absorption_cell_v: 34.5 },", 2, "34.5",
        "from 0.5 to 5 V"
      ),
      (
        "name: \"house\",",
        "name: \"house\", charging: { charge_cell_curve: [[3.4, 100], [3.3, 0]] },", 2, "a list",
        "rising"
      ),
      ("batteries: [", "batteries: [,", 2, "','", "a value"),
    ] as [(String, String, Int, String, String)])
  func mistakes(old: String, new: String, line: Int, found: String, expected: String) throws {
    let text = good.replacing(old, with: new, maxReplacements: 1)
    #expect(text != good)
    let (_, problems) = SettingsFile.read(Array(text.utf8))
    let problem = try #require(problems.first { $0.found.contains(found) }, "\(problems)")
    #expect(problem.position.line == line)
    #expect(problem.expected.contains(expected), "\(problem)")
  }

  @Test("All mistakes of a file are told at once, in the order of its lines")
  func all() {
    let text = """
      {
        batteries: [
          { name: "a", dialect: "tinybms", link: { serial: "/dev/x" }, poll_ms: 1 },
          { name: "a", dialect: "tinybms", link: { serial: "/dev/x" } },
        ],
        colour: "green",
      }
      """
    let (_, problems) = SettingsFile.read(Array(text.utf8))
    #expect(problems.map(\.position.line) == [3, 4, 4, 6])
  }

  @Test("Two inverters on one bus are refused")
  func oneBus() {
    let text = good.replacing(
      "inverters: [", with: "inverters: [{ name: \"b\", link: { can: \"can0\" } }, ",
      maxReplacements: 1)
    let (_, problems) = SettingsFile.read(Array(text.utf8))
    #expect(problems.contains { $0.found.contains("the bus of another inverter") })
  }

  @Test("Charge settings that do not fit together are refused with the reason")
  func relations() {
    let text = good.replacing(
      "name: \"house\",",
      with: "name: \"house\", charging: { float_cell_v: 3.6, absorption_cell_v: 3.4 },",
      maxReplacements: 1)
    let (_, problems) = SettingsFile.read(Array(text.utf8))
    #expect(!problems.isEmpty)
    #expect(problems.allSatisfy { $0.position.line == 2 })
  }

  @Test("A number that does not fit is told under its own key, where it stands")
  func relationPlace() throws {
    let text = good.replacing(
      "name: \"house\",", with: "name: \"house\", charging: { float_cell_v: 3.6 },",
      maxReplacements: 1)
    let (_, problems) = SettingsFile.read(Array(text.utf8))
    let problem = try #require(problems.first { $0.path.hasSuffix("charging.float_cell_v") })
    #expect(problem.found == "the number 3.6")
    #expect(problem.expected.contains(" V to "))
    let nmc = good.replacing(
      "name: \"house\",", with: "name: \"house\", charging: { chemistry: \"nmc\" },",
      maxReplacements: 1)
    let missing = SettingsFile.read(Array(nmc.utf8)).problems
    for key in ["float_cell_v", "sustain_cell_v", "sustain_release_cell_v"] {
      #expect(missing.contains { $0.found.contains(key) }, "\(key) in \(missing)")
    }
  }

  @Test(
    "What cannot work together is refused",
    arguments: [
      ("can: \"can0\"", "can: \"can0\", slcan: \"/dev/ttyACM0\"", "more than one of"),
      ("can: \"can0\"", "slcan: \"/dev/ttyACM0\", bitrate: 333333", "333333"),
      ("can: \"can0\"", "slcan: \"/dev/ttyUSB0\"", "the port of a battery"),
      (
        "inverters: [", "inverters: [{ name: \"gx\", link: { can: \"can1\" } }, ",
        "a second inverter"
      ),
      ("name: \"house\",", "name: \"house\", fresh_ms: 20000, stale_ms: 9000,", "the ages"),
    ])
  func contradictions(old: String, new: String, found: String) {
    let text = good.replacing(old, with: new, maxReplacements: 1)
    let (_, problems) = SettingsFile.read(Array(text.utf8))
    #expect(problems.contains { $0.found.contains(found) }, "\(problems)")
  }

  @Test("A preset that leaves numbers to the owner asks for them")
  func presets() {
    for chemistry in ["nmc", "lto"] {
      let text = good.replacing(
        "name: \"house\",", with: "name: \"house\", charging: { chemistry: \"\(chemistry)\" },",
        maxReplacements: 1)
      let (_, problems) = SettingsFile.read(Array(text.utf8))
      #expect(!problems.isEmpty, "\(chemistry)")
    }
  }

  @Test(
    "Every field of the charge settings can be set, under the key by which its mistakes are told")
  func fieldsHaveKeys() throws {
    // Bounds that belong to the chemistry and not to the owner.
    let fixed: Set<String> = ["lowestAbsorption", "highestAbsorption"]
    let fields = Mirror(reflecting: ChargeSettings.lfp).children.compactMap(\.label)
    #expect(fields.count > 50)
    var keys: [String] = []
    for field in fields where !fixed.contains(field) {
      keys.append(try #require(ChargeSettings.key(of: field), "\(field) has no key"))
    }
    #expect(Set(keys).count == keys.count)
    #expect(Set(keys + ["chemistry"]) == Set(ChargeSettings.table.keys))
  }

  @Test("Every setting of the charge control has a key of its own and reads back what it writes")
  func chargingRows() throws {
    let fields = ChargeSettings.table.fields
    #expect(Set(fields.map(\.row.key)).count == fields.count)
    let body = fields.map { "\($0.row.key): \($0.value(.lfp).text())" }.filter {
      !$0.hasSuffix(": null")
    }
    let text = good.replacing(
      "name: \"house\",", with: "name: \"house\", charging: { \(body.joined(separator: ", ")) },",
      maxReplacements: 1)
    let (settings, problems) = SettingsFile.read(Array(text.utf8))
    #expect(problems.isEmpty, "\(problems)")
    #expect(settings.batteries.first?.charging == .lfp)
  }
}
