// SPDX-License-Identifier: Apache-2.0

import Testing
import Text

@Suite("The command line")
struct ArgumentsTests {
  private typealias Fixture = ArgumentsFixture

  @Test("a command in a command, options before, between and after")
  func path() throws {
    for line in [
      ["can", "dump", "can0", "--json", "--count", "5"],
      ["--json", "can", "dump", "--count=5", "can0"],
      ["can", "-j", "dump", "-n", "5", "can0"],
      ["can", "dump", "-jn5", "--", "can0"],
      ["can", "dump", "-jn", "0x5", "can0", "--"],
    ] {
      let parsed = try Fixture.parsed(line)
      #expect(parsed.path == ["cellbus", "can", "dump"], "\(line)")
      #expect(parsed.flag("json"), "\(line)")
      #expect(parsed.number(ifPresent: "count") == 5, "\(line)")
      #expect(try parsed.text("INTERFACE") == "can0", "\(line)")
      #expect(parsed.texts("FILTER").isEmpty, "\(line)")
    }
  }

  @Test("values become what their kinds say")
  func kinds() throws {
    let parsed = try Fixture.parsed([
      "simulate", "jbd", "--seed", "-7", "--speed=2.505", "--since", "1970-01-01T00:00:01Z",
      "-f", "silent", "--fault=weak cell=3", "-vv",
    ])
    #expect(try parsed.text("DIALECT") == "jbd")
    #expect(try parsed.number("DIALECT") == 1)
    #expect(try parsed.number("seed") == -7)
    #expect(try parsed.number("speed") == 251)
    #expect(try parsed.text("speed") == "2.505")
    #expect(parsed.number(ifPresent: "since") == 1000)
    #expect(parsed.texts("fault") == ["silent", "weak cell=3"])
    #expect(parsed.count("verbose") == 2)
    let dump = try Fixture.parsed(["can", "dump", "can0", "0x351", "853", "--for", "1.5 min"])
    #expect(dump.numbers("FILTER") == [0x351, 853])
    #expect(try dump.number("for") == 90_000)
  }

  @Test("defaults stand in for what is not given")
  func defaults() throws {
    let parsed = try Fixture.parsed(["simulate", "tinybms", "--seed=1"])
    #expect(try parsed.number("speed") == 100)
    #expect(try parsed.text("PTY") == "./tty")
    #expect(!parsed.isGiven("speed"))
    #expect(!parsed.isGiven("PTY"))
    #expect(parsed.isGiven("seed"))
    #expect(!parsed.flag("verbose"))
    #expect(parsed.text(ifPresent: "since") == nil)
    #expect(
      try Fixture.parsed(["simulate", "tinybms", "x", "--seed=1", "--speed=1"]).isGiven("speed"))
  }

  @Test("asking for what is not declared is a fault of the program, not a trap")
  func undeclared() throws {
    let parsed = try Fixture.parsed(["simulate", "tinybms", "--seed=1"])
    let failure = #expect(throws: CommandFailure.self) { try parsed.text("sped") }
    #expect(failure?.exitCode == .internalFault)
    #expect(parsed.text(ifPresent: "sped") == nil)
    #expect(!parsed.flag("sped"))
  }

  @Test("words that look like options but are none")
  func literal() throws {
    #expect(try Fixture.parsed(["check", "-"]).text("FILE") == "-")
    #expect(try Fixture.parsed(["check", "--", "--json"]).text("FILE") == "--json")
    #expect(try Fixture.parsed(["check", "--", "--"]).text("FILE") == "--")
    #expect(try Fixture.parsed(["check", "-5"]).text("FILE") == "-5")
    #expect(try Fixture.parsed(["check", "help"]).text("FILE") == "help")
    #expect(try Fixture.parsed(["check", ""]).text("FILE") == "")
    let simulate = try Fixture.parsed(["simulate", "jbd", "--seed=1", "--fault=--json", "-f-x"])
    #expect(simulate.texts("fault") == ["--json", "-x"])
  }

  @Test(
    "what is wrong is said, with the next step, and ends with 64",
    arguments: [
      (["simulate", "--sped", "1"], "unknown option --sped; did you mean --speed?", "simulate"),
      (["--speed", "1"], "unknown option --speed; it belongs after 'simulate'", ""),
      (["--count", "1"], "unknown option --count; it belongs after 'can dump'", ""),
      (["can", "dump", "--speed", "1"], "unknown option --speed", "can dump"),
      (["simulate", "--sp\u{1B}[2J"], "unknown option --sp␛[2J", "simulate"),
      (["simulate", "-x"], "unknown option -x", "simulate"),
      (["simulat"], "unknown command 'simulat'; did you mean simulate?", ""),
      (["frobnicate"], "unknown command 'frobnicate'; there are can, simulate, check", ""),
      (["can", "dmup"], "unknown command 'dmup'; did you mean dump?", "can"),
      (["help", "can", "dumb"], "unknown command 'dumb'; did you mean dump?", "can"),
      (["can"], "'cellbus can' needs a command after it: dump, decode", "can"),
      ([], "'cellbus' needs a command after it: can, simulate, check", ""),
      (["can", "dump"], "INTERFACE is missing: the CAN interface, such as can0", "can dump"),
      (["can", "decode", "x"], "unexpected argument 'x'", "can decode"),
      (["simulate", "jbd", "a", "b", "--seed=1"], "unexpected argument 'b'", "simulate"),
      (["simulate", "jbd"], "option --seed N is missing", "simulate"),
      (["simulate", "jbd", "--seed"], "option --seed needs a value: --seed=N", "simulate"),
      (
        ["simulate", "--seed", "--json", "jbd"], "option --seed needs a value: --seed=N", "simulate"
      ),
      (["simulate", "--seed", "-v"], "option --seed needs a value: --seed=N", "simulate"),
      (["simulate", "--seed", "--"], "option --seed needs a value: --seed=N", "simulate"),
      (["simulate", "--json=1"], "option --json takes no value", "simulate"),
      (
        ["simulate", "--seed=1", "--seed=2"], "option --seed is given twice: '1' and '2'",
        "simulate"
      ),
      (
        ["simulate", "--seed=1.5"],
        "option --seed: found '1.5' where a whole number was expected", "simulate"
      ),
      (
        ["simulate", "--speed", "0.05"],
        "option --speed: found '0.05' where a number from 0.1 to 1000 was expected", "simulate"
      ),
      (
        ["simulate", "--since=today"],
        "option --since: found 'today' where a time such as 2026-11-21T01:12:25Z was expected",
        "simulate"
      ),
      (
        ["can", "dump", "--for=2h"],
        "option --for: found '2h' where a duration such as 250ms or 2h from 0 s to 1 h was expected",
        "can dump"
      ),
      (
        ["can", "dump", "can0", "0x800"],
        "FILTER: found '0x800' where a whole number from 0 to 2047 was expected", "can dump"
      ),
      (
        ["simulate", "tinybsm", "--seed=1"],
        "DIALECT: found 'tinybsm' where one of tinybms, jbd, daly-a5 was expected; did you mean "
          + "tinybms?", "simulate"
      ),
    ])
  func faults(line: [String], message: String, command: String) {
    guard case .failure(let failure) = Fixture.parse(line) else {
      Issue.record("\(line) is accepted")
      return
    }
    #expect(failure.message == message)
    #expect(failure.exitCode == .usage)
    #expect(failure.hint == "See 'cellbus\(command.isEmpty ? "" : " ")\(command) --help'.")
  }

  @Test("running gives the command's exit code, and a failure goes to the errors")
  func execute() {
    func run(_ line: [String]) -> (code: Int32, output: String, errors: String) {
      var output = ""
      var errors = ""
      let code = Arguments.execute(
        line, for: Fixture.root, version: "cellbus 1.0.0", output: { output += $0 },
        errors: { errors += $0 })
      return (code, output, errors)
    }
    #expect(run(["can", "decode"]) == (1, "", ""))
    #expect(run(["--version"]) == (0, "cellbus 1.0.0\n", ""))
    #expect(run(["check"]) == (66, "", "cellbus: cellbus.json5: no such file\nMake one first.\n"))
    #expect(
      run(["--bogus"]) == (64, "", "cellbus: unknown option --bogus\nSee 'cellbus --help'.\n"))
    let help = run(["--help"])
    #expect(help.code == 0)
    #expect(help.output.hasPrefix("cellbus: joins batteries to everything else.\n"))
    #expect(help.errors.isEmpty)
  }

  @Test("the exit codes are those of sysexits")
  func exitCodes() {
    #expect(ExitCode.allCases.map(\.rawValue) == [0, 1, 64, 65, 66, 69, 70, 73, 74, 77])
    #expect(Set(ExitCode.allCases.map(\.meaning)).count == ExitCode.allCases.count)
  }

  @Test("no words can trap the parser", arguments: 1...5 as ClosedRange<UInt64>)
  func fuzz(seed: UInt64) {
    var random = Seeded(seed)
    let words = [
      "can", "dump", "decode", "simulate", "check", "help", "--", "-", "", "--json", "-jn5", "-n",
      "--=",
      "---", "--count", "--count=", "=", "-=", "--seed=1", "--speed=1e400", "jbd", "--help", "-h",
      "é",
      "--é=\u{0}", "-😀", "0x351", "-1", "--for=999999999999d", "--since=x", "--version",
    ]
    for _ in 0..<5000 {
      let line = (0..<Int.random(in: 0...6, using: &random)).map { _ in
        words.randomElement(using: &random) ?? ""
      }
      switch Fixture.parse(line) {
      case .success(.run(let command, _)): #expect(command.run != nil, "seed \(seed): \(line)")
      case .success(.print(let text)): #expect(text.last == "\n", "seed \(seed): \(line)")
      case .failure(let failure): #expect(failure.exitCode == .usage, "seed \(seed): \(line)")
      }
    }
  }
}
