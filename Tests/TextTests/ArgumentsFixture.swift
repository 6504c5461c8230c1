// SPDX-License-Identifier: Apache-2.0

import Text

/// A small program to parse lines for.
enum ArgumentsFixture {
  static let root = Command(
    "cellbus", "joins batteries to everything else",
    discussion: "Reads any battery.\n\n  cellbus.json5 is the settings file",
    options: [Option(flag: "json", short: "j", "print JSON")],
    examples: [.init("cellbus can dump can0", "print the frames of a bus")],
    subcommands: [can, simulate, check])

  static let can = Command(
    "can", "looks at a CAN bus",
    subcommands: [
      Command(
        "dump", "prints the frames of a bus",
        arguments: [
          Argument("INTERFACE", "the CAN interface, such as can0"),
          Argument("FILTER", "identifiers", .integer(0...0x7FF), isOptional: true, repeats: true),
        ],
        options: [
          Option("count", short: "n", "N", "stop after N frames", .integer(1...1000)),
          Option("for", "TIME", "stop after a time", .duration(0...3_600_000)),
        ],
        examples: [.init("cellbus can dump can0 0x351", "print one kind of frame only")],
        exitCodes: [.ok, .usage, .unavailable, .denied], run: echo),
      Command(
        "decode", "explains frames", examples: [.init("cellbus can decode", "explain")], run: echo),
    ])

  static let simulate = Command(
    "simulate", "plays a battery",
    arguments: [
      Argument("DIALECT", "what to speak", .choice(["tinybms", "jbd", "daly-a5"])),
      Argument("PTY", "where the port is made", default: "./tty"),
    ],
    options: [
      Option("speed", "N", "times real time", .decimal(places: 2, 10...100_000), default: "1"),
      Option("fault", short: "f", "NAME", "what goes wrong", repeats: true),
      Option("seed", "N", "the start of the random numbers", .integer, isRequired: true),
      Option("since", "TIME", "the time on the clock", .time),
      Option(flag: "verbose", short: "v", "say more"),
    ],
    examples: [.init("cellbus simulate tinybms --seed 1", "play")], run: echo)

  static let check = Command(
    "check", "checks a settings file",
    arguments: [Argument("FILE", "the settings file", isOptional: true)],
    examples: [.init("cellbus check cellbus.json5", "check")],
    run: { _ throws(CommandFailure) in
      throw CommandFailure("cellbus.json5: no such file", .noInput, hint: "Make one first.")
    })

  private static func echo(_ parsed: Parsed) throws(CommandFailure) -> ExitCode { .failed }

  /// What a line comes to, or the failure.
  static func parse(_ line: [String]) -> Result<Arguments.Invocation, CommandFailure> {
    Result { () throws(CommandFailure) in
      try Arguments.parse(line, for: root, version: "cellbus 1.0.0")
    }
  }

  /// What is asked of a command.
  static func parsed(_ line: [String]) throws -> Parsed {
    guard case .run(_, let parsed) = try parse(line).get() else {
      throw CommandFailure("\(line) does not run", .internalFault)
    }
    return parsed
  }

  /// The text that a line prints.
  static func printed(_ line: [String]) throws -> String {
    guard case .print(let text) = try parse(line).get() else {
      throw CommandFailure("\(line) does not print", .internalFault)
    }
    return text
  }
}
