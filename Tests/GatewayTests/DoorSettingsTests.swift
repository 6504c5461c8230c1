// SPDX-License-Identifier: Apache-2.0
import Dialects
import Testing

@testable import Gateway

@Suite("Settings of how batteries are reached")
struct DoorSettingsTests {
  private func read(
    _ batteries: String, inverters: String = ""
  ) -> (settings: Settings, problems: [SettingProblem]) {
    SettingsFile.read(
      Array("{ version: 2, batteries: [\(batteries)], inverters: [\(inverters)] }".utf8))
  }

  @Test(
    "A language is accepted on its own wires, at its own speed",
    arguments: [
      ("daly-can", "{ can: \"can0\" }", .can("can0")),
      (
        "daly-can", "{ slcan: \"/dev/a\" }",
        .slcan(SerialSettings(path: "/dev/a"), bitrate: 250_000)
      ),
      (
        "daly-can-hkms", "{ slcan: \"/dev/a\", bitrate: 500000, baud: 9600 }",
        .slcan(SerialSettings(path: "/dev/a", baud: 9600), bitrate: 500_000)
      ),
      ("daly-a5", "{ serial: \"/dev/a\" }", .serial(SerialSettings(path: "/dev/a", baud: 9600))),
    ] as [(String, String, ByteLinkSettings)])
  func accepted(_ dialect: String, _ link: String, _ expected: ByteLinkSettings) {
    let (settings, problems) = read("{ name: \"a\", dialect: \"\(dialect)\", link: \(link) }")
    #expect(problems.isEmpty, "\(problems)")
    #expect(settings.batteries.first?.link == expected)
  }

  @Test(
    "It is refused on others, with what it needs",
    arguments: [
      ("tinybms", "{ can: \"can0\" }", "TinyBMS is not read on CAN"),
      ("daly-a5", "{ slcan: \"/dev/a\" }", "on CAN, Daly is \"daly-can\" or \"daly-can-hkms\""),
      ("daly-can", "{ serial: \"/dev/a\" }", "a CAN bus, such as link: { can: \"can0\" }"),
      ("daly-can", "{ tcp: \"a:1\" }", "is not read on a serial line"),
      ("daly-can", "{ modbus_tcp: \"a\" }", "cannot be read over Modbus TCP"),
    ])
  func refused(_ dialect: String, _ link: String, _ words: String) throws {
    let problems = read("{ name: \"a\", dialect: \"\(dialect)\", link: \(link) }").problems
    #expect(problems.count == 1)
    let problem = try #require(problems.first)
    #expect(problem.path == "batteries[0].link" && problem.severity == .error)
    #expect(problem.expected.contains(words), "\(problem)")
  }

  @Test(
    "An inverter on a battery's bus is warned of another speed, and refused only where identifiers clash"
  )
  func sharedBus() throws {
    let battery = "{ name: \"a\", dialect: \"daly-can\", link: { can: \"can0\" } }"
    let (_, problems) = read(battery, inverters: "{ name: \"gx\", link: { can: \"can0\" } }")
    #expect(problems.map(\.severity) == [.warning])
    #expect(problems.first?.found.contains("250000 bit/s") == true)
    #expect(read(battery, inverters: "{ name: \"gx\", link: { can: \"can1\" } }").problems.isEmpty)
    let adapter = "{ name: \"a\", dialect: \"daly-can\", link: { slcan: \"/dev/a\" } }"
    let same = read(adapter, inverters: "{ name: \"gx\", link: { slcan: \"/dev/a\" } }").problems
    #expect(same.map(\.severity) == [.error])
  }

  @Test("Two batteries on one bus must be told apart")
  func twoOnABus() {
    func battery(_ name: String, _ dialect: String) -> String {
      "{ name: \"\(name)\", dialect: \"\(dialect)\", link: { can: \"can0\" } }"
    }
    let same = read(battery("a", "daly-can") + "," + battery("b", "daly-can")).problems
    #expect(same.map(\.severity) == [.error])
    #expect(same.first?.found.contains("identifiers") == true)
    #expect(read(battery("a", "daly-can") + "," + battery("b", "daly-can-hkms")).problems.isEmpty)
  }

  @Test("What an owner tells of a battery arrives in its language")
  func options() throws {
    let (settings, problems) = read(
      "{ name: \"a\", dialect: \"daly-a5\", link: { serial: \"x\" }, address: 3, inverts_current: true }"
    )
    #expect(problems.isEmpty, "\(problems)")
    let door = try #require(settings.batteries.first?.door)
    #expect(door.address == 3 && door.invertsCurrent)
    #expect(door.language().polls[0].request.bytes[1] == 0x42)
    // Two of one kind on a bus are told apart by their numbers.
    let two = ["1", "2"].map {
      "{ name: \"b\($0)\", dialect: \"daly-can\", link: { can: \"can0\" }, address: \($0) }"
    }
    #expect(read(two.joined(separator: ",")).problems.isEmpty)
  }

  @Test(
    "What a language has no use for is refused with the reason",
    arguments: [
      ("tinybms", "address: 1", "none: Enepaq TinyBMS has no number"),
      ("daly-a5", "address: 32", "1 to 31 for Daly, classic"),
      ("daly-a5", "address: 0", "1 to 31"), ("daly-d2", "address: 1", "has no number"),
      ("jbd", "inverts_current: true", "no other sign is known"),
      ("jbd", "module: \"A4:C1:38:00:11:22\"", "does not ask for one"),
      ("jbd", "module: \"A4:C1:38:00:11\"", "six bytes"),
      ("jbd", "module: \"+4:C1:38:00:11:2\"", "six"),
    ])
  func optionsRefused(_ dialect: String, _ option: String, _ words: String) throws {
    let problems = read(
      "{ name: \"a\", dialect: \"\(dialect)\", link: { serial: \"x\" }, \(option) }"
    ).problems
    #expect(problems.count == 1)
    let problem = try #require(problems.first)
    #expect(problem.severity == .error && problem.expected.contains(words), "\(problem)")
  }

  private let doors = """
    doors: [{ dialect: "daly-a5", link: { serial: "x" } }, { dialect: "daly-can", link: { can: "can0" } }]
    """

  @Test("Several doors stand in the place of one, in their order, each with its own speed")
  func severalDoors() throws {
    let (settings, problems) = read("{ name: \"a\", \(doors), fallback_ms: 3000 }")
    #expect(problems.isEmpty, "\(problems)")
    let battery = try #require(settings.batteries.first)
    #expect(battery.doors.map(\.dialect) == ["daly-a5", "daly-can"])
    #expect(battery.link == .serial(SerialSettings(path: "x", baud: 9600)))
    #expect(battery.doorTerms.fallback == 3000)
    let usual = try #require(read("{ name: \"a\", \(doors) }").settings.batteries.first)
    #expect(usual.doorTerms.fallback == 4000)
  }

  @Test(
    "What does not fit several doors is refused",
    arguments: [
      ("dialect: \"daly-a5\"", "inside \"doors\""), ("address: 1", "inside \"doors\""),
      ("low_power: true", "one door that asks"), ("fallback_ms: 10000", "less than aging_ms"),
    ])
  func doorsRefused(_ setting: String, _ words: String) {
    let problems = read("{ name: \"a\", \(doors), \(setting) }").problems
    #expect(problems.count == 1 && problems[0].expected.contains(words), "\(problems)")
  }

  @Test("A door is checked like a battery with one, and two doors on one wire are none")
  func eachDoor() {
    let wrong = "doors: [{ dialect: \"daly-a5\", link: { can: \"can0\" }, address: 99 }]"
    let paths = read("{ name: \"a\", \(wrong) }").problems.map(\.path)
    #expect(paths == ["batteries[0].doors[0].link", "batteries[0].doors[0].address"])
    let door = "{ dialect: \"daly-a5\", link: { serial: \"x\" } }"
    let twice = read("{ name: \"a\", doors: [\(door), \(door)] }").problems
    #expect(twice.map(\.found) == ["two doors on one wire"])
    #expect(read("{ name: \"a\", doors: [] }").problems.count == 1)
  }

  @Test(
    "A line is shared by batteries with numbers of their own, with the same wire, and all asked or none",
    arguments: [
      ("address: 2", nil), ("address: 1", "an address of its own"),
      ("listen: true", "listen of both"),
    ] as [(String, String?)])
  func sharedLine(_ second: String, _ words: String?) {
    func battery(_ name: String, _ more: String) -> String {
      "{ name: \"\(name)\", dialect: \"daly-a5\", link: { serial: \"x\" }, \(more) }"
    }
    let (settings, problems) = read(battery("a", "") + "," + battery("b", second))
    if let words {
      #expect(problems.count == 1 && problems[0].expected.contains(words), "\(problems)")
    } else {
      #expect(problems.isEmpty, "\(problems)")
      #expect(settings.sharedLinks == [settings.batteries[0].link])
    }
  }
}
