// SPDX-License-Identifier: Apache-2.0

import Testing
import Text

@Suite("Help is made from the declaration")
struct ArgumentsHelpTests {
  private typealias Fixture = ArgumentsFixture

  @Test("of a command")
  func command() throws {
    #expect(
      try Fixture.printed(["can", "dump", "--help"]) == """
        cellbus can dump: prints the frames of a bus.

        Usage:
          cellbus can dump [options] INTERFACE [FILTER...]

        Arguments:
          INTERFACE  the CAN interface, such as can0
          FILTER     identifiers (from 0 to 2047; may be repeated; optional)

        Options:
          -n, --count N   stop after N frames (from 1 to 1000)
              --for TIME  stop after a time (from 0 s to 1 h)
          -j, --json      print JSON
          -h, --help      show this help

        Examples:
          cellbus can dump can0 0x351
              print one kind of frame only

        Exit codes:
          0   all went well
          64  the command line is wrong
          69  a link, device or service does not answer
          77  the system does not permit it

        """)
  }

  @Test("of the program")
  func program() throws {
    #expect(
      try Fixture.printed(["help"]) == """
        cellbus: joins batteries to everything else.

        Usage:
          cellbus COMMAND ...

        Reads any battery.

          cellbus.json5 is the settings file

        Commands:
          can       looks at a CAN bus
          simulate  plays a battery
          check     checks a settings file

        Options:
          -j, --json     print JSON
          -h, --help     show this help
              --version  show the version

        Examples:
          cellbus can dump can0
              print the frames of a bus

        Exit codes:
          0   all went well
          64  the command line is wrong

        """)
  }

  @Test("of values with defaults, choices and needs")
  func notes() throws {
    let help = try Fixture.printed(["simulate", "-h"])
    #expect(help.contains("\n  cellbus simulate --seed N [options] DIALECT [PTY]\n"))
    #expect(help.contains("  DIALECT  what to speak (one of tinybms, jbd, daly-a5)\n"))
    #expect(help.contains("  PTY      where the port is made (default ./tty)\n"))
    #expect(help.contains("times real time (from 0.1 to 1000; default 1)\n"))
    #expect(help.contains("what goes wrong (may be repeated)\n"))
    #expect(help.contains("the start of the random numbers (required)\n"))
    #expect(help.contains("  -v, --verbose     say more\n"))
  }

  @Test("however it is asked for")
  func ways() throws {
    let help = try Fixture.printed(["can", "dump", "--help"])
    for line in [
      ["help", "can", "dump"], ["can", "help", "dump"], ["can", "dump", "-h"],
      ["help", "can", "dump", "--json"], ["can", "dump", "can0", "--count=5", "-jh"],
      ["can", "dump", "--help", "--bogus"],
    ] {
      #expect(try Fixture.printed(line) == help, "\(line)")
    }
    #expect(try Fixture.printed(["help", "can"]) == Fixture.printed(["can", "--help"]))
    #expect(try Fixture.printed(["--help"]) == Fixture.printed(["help"]))
  }

  @Test("no line is wider than asked for where words permit", arguments: [50, 60, 80, 120])
  func width(width: Int) throws {
    let words = String(repeating: "many words of help ", count: 20)
    let command = Command(
      "x", "does it", discussion: words + "\n\n" + words,
      arguments: [Argument("FILE", "a file with " + words)],
      options: [
        Option("a-very-long-name-of-an-option", "FILE", "long " + words), Option(flag: "a", words),
      ],
      examples: [.init("x FILE", "do it")]
    ) { _ throws(CommandFailure) in .ok }
    let invocation = try Arguments.parse(["--help"], for: command, width: width)
    guard case .print(let text) = invocation else {
      Issue.record("no help")
      return
    }
    let lines = text.split(separator: "\n").map { String($0).columns }
    #expect(lines.allSatisfy { $0 <= width })
    #expect(lines.contains { $0 > width - 12 })
  }

  @Test("the declaration is checked for what cannot work")
  func declaration() {
    #expect(Fixture.root.faults.isEmpty)
    let bad = Command(
      "x", "does it.",
      arguments: [
        Argument("A", "", isOptional: true, repeats: true),
        Argument("B", "b", .integer, default: "z"),
        Argument("C", "c"), Argument("C", "c"),
      ],
      options: [
        Option("one", short: "o", "N", "one", .integer(1...5), default: "6"),
        Option(flag: "two", short: "o", "two"), Option(flag: "two", "again"),
        Option("three", "", "t"),
      ],
      exitCodes: [.ok], subcommands: [Command("y", "nothing"), Command("y", "nothing")]
    ) { _ throws(CommandFailure) in .ok }
    #expect(
      Set(bad.faults) == [
        "x: the summary is empty or has a full stop", "x: has no example",
        "x: does not list the exit codes 0 and 64", "x: A has no summary",
        "x: A takes all that is left but is not the last",
        "x: B: the default 'z' is not valid", "x: C is required but follows an optional one",
        "x: --one: the default '6' is not valid",
        "x: --three has a value without a name, or a name without a value",
        "x: C is declared twice",
        "x: two is declared twice", "x: -o is declared twice", "x: command y is declared twice",
        "x y: does nothing",
      ])
  }
}
