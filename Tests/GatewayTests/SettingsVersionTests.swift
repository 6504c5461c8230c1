// SPDX-License-Identifier: Apache-2.0
@testable import Gateway
import Testing
import Text

@Suite("Versions of the settings file")
struct SettingsVersionTests {
  private static let old = """
    // Written by hand.
    {
      // In the shed.
      batteries: [{ name: "house", dialect: "tinybms", link: { serial: "x" } }],
      inverters: [
        { name: "gx", link: { can: "can0" }, log: "a.log" /* for a while */ },
        { "name": 'b', "link": { can: "can1" }, "log" : "b.log" },
      ],
    }

    """

  private func migrated(_ text: String) -> String? {
    SettingsMigration(Array(text.utf8)).map { String(decoding: $0.after, as: UTF8.self) }
  }

  @Test("An older file is read as the newest would say it, with a warning for each moved key")
  func older() throws {
    for text in [Self.old, Self.old.replacing("batteries:", with: "version: 1, batteries:")] {
      let (settings, problems) = SettingsFile.read(Array(text.utf8))
      #expect(settings.inverters.map(\.traffic?.path) == ["a.log", "b.log"])
      #expect(problems.map(\.path) == ["inverters[0].log", "inverters[1].log"])
      #expect(problems.map(\.position.line) == [6, 7])
      #expect(
        problems.allSatisfy { $0.severity == .warning && $0.expected.contains("\"traffic\"") })
    }
  }

  @Test("The old key in a file of the new version is told with the new one")
  func moved() throws {
    let text = Self.old.replacing("batteries:", with: "version: 2, batteries:")
    let (settings, problems) = SettingsFile.read(Array(text.utf8))
    #expect(settings.inverters.allSatisfy { $0.traffic == nil })
    #expect(problems.count == 2)
    let problem = try #require(problems.first)
    #expect(problem.severity == .error && problem.found == "the unknown setting \"log\"")
    #expect(problem.expected.hasSuffix("since version 2 it is \"traffic\""))
    // The object of the same name at the top has not moved.
    #expect(SettingsVersion.rename(of: "log", at: "") == nil)
  }

  @Test("A file that has both keys is not guessed at")
  func both() {
    let text = Self.old.replacing("log: \"a.log\"", with: "log: \"a.log\", traffic: \"c.log\"")
    let (settings, problems) = SettingsFile.read(Array(text.utf8))
    #expect(settings.inverters.first?.traffic?.path == "c.log")
    #expect(problems.contains { $0.severity == .error && $0.found.contains("\"log\"") })
  }

  @Test("A newer file is refused, and nothing else is said of it")
  func newer() {
    let newest = SettingsVersion.newest
    let (settings, problems) = SettingsFile.read(Array("{ version: \(newest + 1), new: 1 }".utf8))
    #expect(settings.batteries.isEmpty)
    #expect(problems.map(\.found) == ["version \(newest + 1) of the settings"])
    #expect(problems.first?.expected.contains("at most version \(newest)") == true)
    #expect(SettingsMigration(Array("{ version: \(newest + 1) }".utf8)) == nil)
  }

  @Test("What is no version is told", arguments: ["0", "-1", "\"2\"", "1.5", "null"])
  func noVersion(_ version: String) {
    let text = Self.old.replacing("batteries:", with: "version: \(version), batteries:")
    let problems = SettingsFile.read(Array(text.utf8)).problems
    #expect(problems.contains { $0.path == "version" && $0.severity == .error })
    #expect(migrated(text) == nil)
  }

  @Test("A migrated file keeps its comments and layout and has nothing left to tell")
  func migration() throws {
    let new = try #require(migrated(Self.old))
    #expect(
      new
        == Self.old.replacing("  // In the shed.", with: "  version: 2,\n  // In the shed.")
        .replacing("log: \"a.log\"", with: "traffic: \"a.log\"")
        .replacing("\"log\" :", with: "\"traffic\" :"))
    #expect(SettingsFile.read(Array(new.utf8)).problems.isEmpty)
    #expect(migrated(new) == nil && SettingsMigration.isNewest(Array(new.utf8)))
  }

  @Test(
    "The version finds its place in any layout",
    arguments: [
      ("{ a: 1 }", "{ version: 2, a: 1 }"),
      ("{\"a\": 1}", "{\"version\": 2, \"a\": 1}"),
      ("{'a': 1}", "{'version': 2, 'a': 1}"),
      ("{\n\ta: 1,\n}", "{\n\tversion: 2,\n\ta: 1,\n}"),
      ("{\r\n  a: 1,\r\n}", "{\r\n  version: 2,\r\n  a: 1,\r\n}"),
      ("{\r  a: 1,\r}", "{\r  version: 2,\r  a: 1,\r}"),
      ("\u{FEFF}{\n  a: 1 }", "\u{FEFF}{\n  version: 2,\n  a: 1 }"),
      ("{ // ä\n  a: 1 }", "{ // ä\n  version: 2,\n  a: 1 }"),
      ("{ /* x\n y */ a: 1 }", "{ /* x\n y */ version: 2, a: 1 }"),
      ("{ /* x\n y */\n a: 1 }", "{ /* x\n y */\n version: 2, a: 1 }"),
      ("{ // x /* y\n a: 1 }", "{ // x /* y\n version: 2, a: 1 }"),
      ("{ b: 'ä€😀', version: 1 }", "{ b: 'ä€😀', version: 2 }"),
      ("{version:0x1}", "{version:2}"),
      ("{ \"v\\u0065rsion\": 1 }", "{ \"v\\u0065rsion\": 2 }"),
    ])
  func layouts(_ before: String, _ after: String) {
    #expect(migrated(before) == after)
  }

  @Test(
    "A key finds its new name however it is written",
    arguments: [
      ("log: 1", "traffic: 1"), ("'log': 1", "'traffic': 1"), ("\"log\":1", "\"traffic\":1"),
      ("l\\u006fg: 1", "traffic: 1"), ("\"l\\u006fg\": 1", "\"traffic\": 1"),
      ("/*log*/log/*log*/:1", "/*log*/traffic/*log*/:1"), ("a: '😀', log: 1", "a: '😀', traffic: 1"),
      ("a: 'log', b: { log: 2 }, log: 1", "a: 'log', b: { log: 2 }, traffic: 1"),
    ])
  func keys(_ before: String, _ after: String) {
    let new = migrated("{ inverters: [{ \(before) }], log: { log: 3 } }")
    #expect(new == "{ version: 2, inverters: [{ \(after) }], log: { log: 3 } }")
  }
}
