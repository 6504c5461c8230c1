// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Testing

@testable import Gateway

/// Register maps of the owner's own in the settings file.
struct MapSettingsTests {
  static let map = """
    dialects: { "my-battery": {
      title: "Mine", unit: 7, function: 4, byte_addresses: true, pause_ms: 30,
      blocks: [{ address: 0x10, count: 4 }, { address: 0x100, count: 9, function: 3, every_s: 0 }],
      rows: [
        { address: 0x10, point: "voltage_v", scale: 0.1 },
        { address: 0x12, point: "charge_enabled", bit: 3 },
        { address: 0x14, type: "u32", word_order: "low_first", alarms: { "4": "afe_fault" },
          warnings: { "31": "soc_low" } },
        { address: 0x100, function: 3, cutoff: "overtemperature_c", type: "s16", offset: -40,
          absent: [-1, 99] },
      ],
    } },
    """
  static let battery = """
    batteries: [{ name: "a", dialect: "my-battery", link: { serial: "/dev/ttyUSB0" } }],
    """

  static func read(_ text: String) -> (settings: Settings, problems: [SettingProblem]) {
    SettingsFile.read(Array("{ \(text) }".utf8))
  }

  @Test func aBatteryCarriesItsMap() throws {
    let (settings, problems) = Self.read(Self.map + Self.battery)
    #expect(problems.isEmpty, "\(problems)")
    let battery = try #require(settings.batteries.first)
    let map = try #require(battery.door.map)
    #expect(map.name == "my-battery" && map.title == "Mine" && map.unit == 7 && map.step == 2)
    #expect(map.blocks == [.init(0x10, 4, function: 4), .init(0x100, 9, .once)])
    #expect(map.rows.count == 4)
    #expect(map.rows[0].scale == 100_000 && map.rows[0].target == .point(.voltage))
    #expect(map.rows[1].target == .flag(.chargeEnabled, bit: 3))
    #expect(map.rows[2].order == .lowFirst)
    #expect(
      map.rows[2].target == .alarms([.init(4, .afeFault), .init(31, .socLow, isWarning: true)]))
    #expect(map.rows[3].offset == -40 && map.rows[3].absent == [-1, 99])
    // The speed of the wire is that of the map, and the gateway speaks its language.
    guard case .serial(let serial) = battery.link else {
      Issue.record("a serial port")
      return
    }
    #expect(serial.baud == 9600)
    #expect(battery.door.language().name == "my-battery")
    #expect(battery.door.language().polls.first?.request.bytes.first == 7)
  }

  /// A changed map is another battery: what was known by the old one holds no longer.
  @Test func anotherMapIsAnotherBattery() {
    let before = Self.read(Self.map + Self.battery).settings.batteries[0]
    let after = Self.read(
      Self.map.replacing("scale: 0.1 }", with: "scale: 0.01 }") + Self.battery
    ).settings.batteries[0]
    #expect(before != after && before.dialect == after.dialect && before.door.map != after.door.map)
  }

  @Test(arguments: [
    ("\"my-battery\": {", "\"tinybms\": {", "a language that Cellbus knows"),
    ("\"my-battery\": {", "\"My battery\": {", "small letters"),
    ("point: \"voltage_v\"", "point: \"voltage\"", "did you mean \"voltage_v\"?"),
    ("cutoff: \"over", "point: \"soc_pct\", cutoff: \"over", "one of point, cells"),
    ("bit: 3", "bit: 16", "0 to 15"),
    ("\"4\": \"afe_fault\"", "\"32\": \"afe_fault\"", "\"0\" to \"31\""),
    ("\"4\": \"afe_fault\"", "\"4\": \"afe\"", "did you mean"),
    ("address: 0x12,", "address: 0x13,", "every second one"),
    ("scale: 0.1 }", "scale: 0 }", "worth"),
    ("rows: [", "rows: [{ address: 0x16 },", "a row that tells nothing"),
    ("unit: 7", "unit: 0", "1 to 247"),
  ])
  func mistakesHaveTheirPlace(_ found: String, _ changed: String, _ words: String) {
    let text = Self.map.replacing(found, with: changed)
    #expect(text != Self.map)
    let (_, problems) = Self.read(text + Self.battery)
    let told = problems.map(\.description)
    #expect(told.contains { $0.contains(words) }, "\(told)")
    #expect(problems.contains { $0.path.hasPrefix("dialects") }, "\(told)")
  }

  @Test func anUnknownLanguageIsToldWithTheOwnOnes() {
    let (_, problems) = Self.read(
      Self.map + Self.battery.replacing("my-battery", with: "my-batery"))
    #expect(problems.count == 1)
    #expect(problems.first?.expected.contains("did you mean \"my-battery\"?") == true)
  }

  @Test func aFileOfMapsAloneIsReadToo() {
    let (maps, problems) = SettingsFile.maps(Array("{ \(Self.map) }".utf8))
    #expect(problems.isEmpty && maps.map(\.name) == ["my-battery"])
    #expect(SettingsFile.maps(Array("{ batteries: [] }".utf8)).problems.count == 1)
    #expect(SettingsFile.maps(Array("{".utf8)).problems.count == 1)
  }
}
