// SPDX-License-Identifier: Apache-2.0

import Gateway
import Text

/// `cellbus check`: explains every mistake in a settings file.
enum CheckCommand {
  static let command = Command(
    "check", "explain every mistake in a settings file",
    discussion: """
      Names every mistake with line, column, what was found and what was expected. A file of an older \
      version is understood; --migrate rewrites it for the newest version, keeps its comments and \
      layout, and leaves the old file beside it.
      """,
    arguments: [
      Argument("FILE", "the settings file; - is standard input", default: "cellbus.json5")
    ],
    options: [
      Option(flag: "json", "print one JSON object instead of lines"),
      Option(flag: "schema", "print the JSON Schema of the settings file, and check nothing"),
      Option(flag: "migrate", "rewrite the file for the newest version of the settings"),
      Option(flag: "dry-run", "with --migrate: only show what would change"),
    ],
    examples: [
      Command.Example("cellbus check cellbus.json5", "check before the gateway is started with it"),
      Command.Example("cellbus check --migrate --dry-run", "see what the newest version changes"),
    ],
    exitCodes: [.ok, .failed, .usage, .badData, .noInput, .cannotCreate],
    run: { parsed throws(CommandFailure) in try run(parsed) })

  private static func run(_ parsed: Parsed) throws(CommandFailure) -> ExitCode {
    let isMigration = parsed.flag("migrate")
    if parsed.flag("dry-run"), !isMigration {
      throw CommandFailure("--dry-run belongs to --migrate", .usage)
    }
    guard ["json", "schema", "migrate"].count(where: parsed.flag) < 2 else {
      throw CommandFailure("--json, --schema and --migrate exclude each other", .usage)
    }
    if parsed.flag("schema") {
      Console.print(SettingsSchema.text, terminator: "")
      return .ok
    }
    let path = try parsed.text("FILE")
    let bytes = try Console.read(path)
    let (settings, problems) = SettingsFile.read(bytes)
    let isGood = !problems.contains { $0.severity == .error }
    if parsed.flag("json") {
      Console.print(json(path, problems, isGood))
    } else if isMigration, isGood {
      return try migrate(path, bytes, onlyShow: parsed.flag("dry-run"))
    } else {
      for problem in problems { Console.print("\(path): \(problem)") }
      if isGood { Console.print("\(path): good: \(settings.summary)") }
      if isMigration { Console.complain("\(path) has mistakes; mend them first") }
    }
    return isGood ? .ok : .failed
  }

  private static func json(_ path: String, _ problems: [SettingProblem], _ isGood: Bool) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("file", path)
      writer.field("good", isGood)
      writer.array("problems") { writer in
        for problem in problems {
          writer.object { writer in
            writer.field("line", problem.position.line)
            writer.field("column", problem.position.column)
            writer.field("path", problem.path)
            writer.field("severity", problem.severity.rawValue)
            writer.field("found", problem.found)
            writer.field("expected", problem.expected)
          }
        }
      }
    }
    return writer.text
  }
}
