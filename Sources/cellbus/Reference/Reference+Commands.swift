// SPDX-License-Identifier: Apache-2.0

import Text

extension Reference {
  /// A command with the words that call it, and the options of the groups above it.
  struct Call {
    let path: String
    let command: Command
    let options: [Option]
  }

  /// Every command that does something, in the order of help.
  static var calls: [Call] { calls(Program.root, [], []) }

  private static func calls(_ command: Command, _ path: [String], _ above: [Option]) -> [Call] {
    let path = path + [command.name]
    let options = command.options + above
    let own =
      command.run == nil
      ? [] : [Call(path: path.joined(separator: " "), command: command, options: options)]
    return own + command.subcommands.flatMap { calls($0, path, options) }
  }

  static var commands: Page {
    Page(
      section: .commands, title: "Commands and their options",
      summary: "Every command understands `--help` too. An option in brackets may be left out.",
      tables: calls.map { call in
        let arguments = call.command.arguments.map { argument in
          [
            argument.isOptional ? "[\(argument.name)]" : argument.name, argument.kind.expectation,
            argument.defaultText ?? "", argument.summary,
          ]
        }
        let options = call.options.map { option in
          [
            option.isRequired ? option.spelling : "[\(option.spelling)]",
            option.kind?.expectation ?? "", option.defaultText ?? "", option.summary,
          ]
        }
        return ReferenceTable(
          call.path, ["argument or option", "value", "default", "meaning"], arguments + options)
      })
  }

  static func writeCommands(_ writer: inout JSONWriter) {
    writer.array("commands") { writer in
      for call in calls {
        writer.object { writer in
          writer.field("command", call.path)
          writer.field("summary", call.command.summary)
          writer.array("arguments") { writer in
            for argument in call.command.arguments { writer.object { $0.fields(of: argument) } }
          }
          writer.array("options") { writer in
            for option in call.options { writer.object { $0.fields(of: option) } }
          }
          writer.array("exit_codes") { writer in
            for code in call.command.exitCodes { writer.value(code.rawValue) }
          }
          writer.array("examples") { writer in
            for example in call.command.examples {
              writer.object { writer in
                writer.field("line", example.line)
                writer.field("meaning", example.meaning)
              }
            }
          }
        }
      }
    }
  }
}

extension Option {
  /// How it is written, such as `-c, --config FILE`.
  fileprivate var spelling: String {
    let letter = short.map { "-\($0), " } ?? ""
    return letter + "--\(name)" + (placeholder.isEmpty ? "" : " \(placeholder)")
  }
}

extension JSONWriter {
  fileprivate mutating func fields(of argument: Argument) {
    field("name", argument.name)
    fields(of: argument.kind)
    field("default", argument.defaultText)
    field("required", !argument.isOptional)
    field("repeats", argument.repeats)
    field("summary", argument.summary)
  }

  fileprivate mutating func fields(of option: Option) {
    field("name", option.name)
    field("short", option.short.map { "\($0)" })
    if let kind = option.kind {
      field("value", option.placeholder)
      fields(of: kind)
    }
    field("default", option.defaultText)
    field("required", option.isRequired)
    field("repeats", option.repeats)
    field("summary", option.summary)
  }

  private mutating func fields(of kind: ValueKind) {
    field("expects", kind.expectation)
    if case .choice(let words) = kind {
      array("choices") { writer in for word in words { writer.value(word) } }
    }
  }
}
