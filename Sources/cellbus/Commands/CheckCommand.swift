// SPDX-License-Identifier: Apache-2.0

import Gateway
import Text

/// `cellbus check`: explains every mistake in a settings file.
enum CheckCommand {
  static let command = Command(
    "check", "explain every mistake in a settings file",
    arguments: [
      Argument("FILE", "the settings file; - is standard input", default: "cellbus.json5")
    ],
    options: [Option(flag: "json", "print one JSON object instead of lines")],
    examples: [
      Command.Example("cellbus check cellbus.json5", "check before the gateway is started with it")
    ],
    exitCodes: [.ok, .failed, .usage, .noInput],
    run: { parsed throws(CommandFailure) in
      let path = try parsed.text("FILE")
      let (settings, problems) = SettingsFile.read(try Console.read(path))
      let isGood = !problems.contains { $0.severity == .error }
      if parsed.flag("json") {
        Console.print(json(path, problems, isGood))
      } else {
        for problem in problems { Console.print("\(path): \(problem)") }
        if isGood { Console.print("\(path): good: \(settings.summary)") }
      }
      return isGood ? .ok : .failed
    })

  private static func json(_ path: String, _ problems: [SettingProblem], _ isGood: Bool) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("file", path)
      writer.field("good", isGood)
      writer.array("problems") { writer in
        for problem in problems {
          writer.object { writer in
            writer.field("severity", problem.severity.rawValue)
            writer.field("line", problem.position.line)
            writer.field("column", problem.position.column)
            writer.field("path", problem.path)
            writer.field("found", problem.found)
            writer.field("expected", problem.expected)
          }
        }
      }
    }
    return writer.text
  }
}
