// SPDX-License-Identifier: Apache-2.0

import Glibc
import Text

let root = Command(
  "cellbus-bench", "measures speed and cost, optimised, each against something in the same run",
  discussion: """
    Prints medians with the range from the lowest to the highest round. A slow machine is no failure: \
    the exit code is 1 only when something could not be measured at all.

    Names what is measured: \(Benchmark.all.map { "\($0.name) (\($0.summary))" }.joined(separator: "; ")).
    """,
  arguments: [
    Argument(
      "NAME", "what to measure; all that does not take minutes when there is none",
      .choice(Benchmark.all.map(\.name)),
      isOptional: true, repeats: true)
  ],
  options: [
    Option(flag: "quick", "shorter rounds: a first idea, not a figure to quote"),
    Option(flag: "json", "print one JSON document instead of tables"),
  ],
  examples: [
    Command.Example("cellbus-bench", "measure everything, about two and a half minutes"),
    Command.Example("cellbus-bench --quick decode latency", "a first idea of two things"),
  ],
  exitCodes: [.ok, .failed, .usage],
  run: { parsed throws(CommandFailure) in
    let names = parsed.texts("NAME")
    let chosen = Benchmark.all.filter { names.isEmpty ? !$0.isLong : names.contains($0.name) }
    return Report.run(
      chosen, parsed.flag("quick") ? .quick : .full, asJSON: parsed.flag("json"))
  })

// The reader of a pseudo-terminal or pipe that has gone is an error of the write, not the end.
signal(SIGPIPE, SIG_IGN)
exit(
  Arguments.execute(
    Array(CommandLine.arguments.dropFirst()), for: root,
    output: { Console.print($0) }, errors: { Console.complain($0) }))
