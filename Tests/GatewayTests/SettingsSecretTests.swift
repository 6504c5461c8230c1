// SPDX-License-Identifier: Apache-2.0
@testable import Gateway
import Glibc
import TestKit
import Testing
import Text

/// Secrets come from outside the settings file and are shown nowhere.
@Suite("Secrets in the settings")
struct SettingsSecretTests {
  private static let secret = "hunter2-ä"

  private func read(
    _ password: String, _ environment: [String: String] = [:]
  ) -> (password: Secret?, problems: [SettingProblem]) {
    let text = """
      { batteries: [{ name: "house", dialect: "tinybms", link: { serial: "x" },
        password: \(password) }] }
      """
    let (settings, problems) = SettingsFile.read(
      Array(text.utf8), secrets: SecretSource { environment[$0] })
    for problem in problems {
      #expect(problem.path.hasPrefix("batteries[0].password") && problem.position.line == 2)
      #expect(!problem.description.contains("hunter2"), "a message shows the secret")
    }
    return (settings.batteries.first?.password, problems)
  }

  private let expected = Secret(Array(secret.utf8))

  @Test("A variable of the environment")
  func variable() {
    let good = read("{ env: \"BMS\" }", ["BMS": Self.secret])
    #expect(good.password == expected && good.problems.isEmpty)
    let none = read("{ env: \"BMS\" }")
    #expect(none.password == nil)
    #expect(none.problems.map(\.found) == ["no variable BMS in the environment"])
    #expect(none.problems.map(\.severity) == [.warning])
    #expect(
      read("{ env: \"BMS\" }", ["BMS": ""]).problems.map(\.found) == ["nothing in the variable BMS"]
    )
  }

  @Test("A credential of systemd")
  func credential() throws {
    let folder = try Scratch()
    try folder.write(Self.secret + "\n", to: "bms")
    let environment = ["CREDENTIALS_DIRECTORY": folder.path]
    // Its mode is for systemd to choose.
    #expect(unsafe chmod(folder("bms"), 0o440) == 0)
    let good = read("{ credential: \"bms\" }", environment)
    #expect(good.password == expected && good.problems.isEmpty)

    let none = read("{ credential: \"other\" }", environment)
    #expect(none.password == nil && none.problems.first?.found.contains("ENOENT") == true)
    let outside = read("{ credential: \"bms\" }").problems
    #expect(outside.first?.found.contains("$CREDENTIALS_DIRECTORY is not set") == true)
    #expect(outside.first?.expected.contains("LoadCredential=bms:") == true)
    for name in ["../bms", "/etc/passwd", "..", "."] {
      let problems = read("{ credential: \"\(name)\" }", environment).problems
      #expect(problems.first?.found == "a credential with a path", "\(name)")
    }
  }

  @Test(
    "A file that only its owner may read; any other is refused with the reason",
    arguments: [0o600, 0o400, 0o640, 0o604, 0o620, 0o644, 0o666] as [UInt32])
  func modes(_ mode: UInt32) throws {
    let folder = try Scratch()
    try folder.write(Self.secret, to: "bms")
    #expect(unsafe chmod(folder("bms"), mode) == 0)
    let (password, problems) = read("{ file: \"\(folder("bms"))\" }")
    if mode & 0o077 == 0 {
      #expect(password == expected && problems.isEmpty)
    } else {
      #expect(password == nil)
      let problem = try #require(problems.first)
      #expect(problem.severity == .warning)
      #expect(problem.found.hasSuffix("open to others (mode \(String(mode, radix: 8)))"))
      #expect(problem.expected.hasSuffix("chmod 600 \(folder("bms"))"))
    }
  }

  @Test("What is no file with a secret is told, and holds nobody up")
  func noSecret() throws {
    let folder = try Scratch()
    #expect(
      read("{ file: \"\(folder("none"))\" }").problems.first?.found.contains("ENOENT") == true)
    #expect(unsafe mkfifo(folder("pipe"), 0o600) == 0)
    #expect(
      read("{ file: \"\(folder("pipe"))\" }").problems.first?.found.hasSuffix("is no file") == true)
    for (text, isGood) in [
      (String(repeating: "h", count: 64), true), (String(repeating: "h", count: 64) + "\r\n", true),
      (String(repeating: "h", count: 65), false), (String(repeating: "h", count: 5000), false),
      ("", false), ("\n", false), ("a\0b", false), (" a \n", true),
    ] {
      try folder.write(text, to: "bms")
      #expect(unsafe chmod(folder("bms"), 0o600) == 0)
      let (password, problems) = read("{ file: \"\(folder("bms"))\" }")
      #expect((password != nil) == isGood && problems.isEmpty == isGood, "\(text.count) bytes")
    }
    try folder.write("hunter2\r\n", to: "bms")
    #expect(read("{ file: \"\(folder("bms"))\" }").password == Secret(Array("hunter2".utf8)))
    try folder.write("hunter2\n\n", to: "bms")
    #expect(read("{ file: \"\(folder("bms"))\" }").password == Secret(Array("hunter2\n".utf8)))
  }

  @Test("A secret in the file itself is an error that does not repeat it")
  func plain() throws {
    for text in ["\"hunter2\"", "1234"] {
      let (password, problems) = read(text)
      let problem = try #require(problems.first)
      #expect(password == nil && problems.count == 1 && problem.severity == .error)
      #expect(problem.found == "a secret in plain text")
      #expect(problem.expected.contains("{ env: \"NAME\" }, { credential: \"name\" }"))
      #expect(!problem.description.contains("1234"))
    }
    for text in [
      "null", "[]", "{}", "{ env: \"A\", file: \"b\" }", "{ env: 7 }", "{ envy: \"A\" }",
    ] {
      let problems = read(text).problems
      #expect(problems.count == 1 && problems.first?.severity == .error, "\(text)")
    }
  }

  @Test("Nothing that describes a secret, or holds one, shows it")
  func masked() {
    let secret = Secret(Array("~~~~~~~~".utf8))
    var settings = Settings()
    settings.batteries = [BatterySettings(name: "a", dialect: "b", link: .serial(.init(path: "c")))]
    settings.batteries[0].password = secret
    var dumped = ""
    dump(settings, to: &dumped)
    dump(secret, to: &dumped)
    for text in ["\(secret)", String(reflecting: secret), "\(settings)", dumped, "\([secret])"] {
      #expect(text.contains(Secret.mask))
      #expect(!text.contains("~~") && !text.contains("126"), "\(text)")
    }
    let field = BatterySettings.table.fields.first { $0.row.key == "password" }
    #expect(field?.value(settings.batteries[0]) == .string(Secret.mask))
  }
}
