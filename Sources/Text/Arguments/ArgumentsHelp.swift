// SPDX-License-Identifier: Apache-2.0

/// The help of one command, made from what it declares.
struct ArgumentsHelp {
  /// The program, the commands on the way, and the command itself.
  let chain: [Command]
  let hasVersion: Bool
  /// The columns to keep within.
  let width: Int

  private var path: String { chain.map(\.name).joined(separator: " ") }

  /// The whole text, ended by a line feed.
  var text: String {
    guard let command = chain.last else { return "" }
    var blocks = ["\(path): \(command.summary)."]
    blocks.append("Usage:\n" + usage(command).map { "  \($0)\n" }.joined())
    if !command.discussion.isEmpty { blocks.append(Self.wrapped(command.discussion, to: width)) }
    blocks.append(list("Commands", command.subcommands.map { ($0.name, $0.summary) }))
    blocks.append(list("Arguments", command.arguments.map { ($0.name, Self.summary(of: $0)) }))
    blocks.append(list("Options", options(command)))
    blocks.append(examples(command))
    blocks.append(
      list("Exit codes", command.exitCodes.map { (String($0.rawValue), $0.meaning) }))
    return blocks.filter { !$0.isEmpty }
      .map { $0.last == "\n" ? $0 : $0 + "\n" }
      .joined(separator: "\n")
  }

  private func usage(_ command: Command) -> [String] {
    var lines: [String] = []
    if command.run != nil {
      let required = chain.flatMap(\.options).filter(\.isRequired).map {
        " --\($0.name) \($0.placeholder)"
      }
      let arguments = command.arguments.map { argument in
        let name = argument.name + (argument.repeats ? "..." : "")
        return argument.isOptional ? " [\(name)]" : " \(name)"
      }
      lines.append(path + required.joined() + " [options]" + arguments.joined())
    }
    if !command.subcommands.isEmpty { lines.append("\(path) COMMAND ...") }
    return lines
  }

  private func options(_ command: Command) -> [(String, String)] {
    var rows: [(String, String)] = []
    var seen: Set<String> = []
    for option in chain.reversed().flatMap(\.options) where seen.insert(option.name).inserted {
      let value = option.placeholder.isEmpty ? "" : " \(option.placeholder)"
      rows.append(
        (Self.spelling(option.name, option.short) + value, Self.summary(of: option)))
    }
    if !seen.contains("help") { rows.append((Self.spelling("help", "h"), "show this help")) }
    if hasVersion, chain.count == 1, !seen.contains("version") {
      rows.append((Self.spelling("version", nil), "show the version"))
    }
    return rows
  }

  private static func spelling(_ name: String, _ short: Unicode.Scalar?) -> String {
    (short.map { "-\($0), " } ?? "    ") + "--\(name)"
  }

  private static func summary(of option: Option) -> String {
    var notes: [String] = []
    if let limits = option.kind?.limits { notes.append(limits) }
    if option.isRequired { notes.append("required") }
    if option.repeats, option.kind != nil { notes.append("may be repeated") }
    if let text = option.defaultText { notes.append("default \(text)") }
    return noted(option.summary, notes)
  }

  private static func summary(of argument: Argument) -> String {
    var notes: [String] = []
    if let limits = argument.kind.limits { notes.append(limits) }
    if argument.repeats { notes.append("may be repeated") }
    if let text = argument.defaultText {
      notes.append("default \(text)")
    } else if argument.isOptional {
      notes.append("optional")
    }
    return noted(argument.summary, notes)
  }

  private static func noted(_ summary: String, _ notes: [String]) -> String {
    notes.isEmpty ? summary : "\(summary) (\(notes.joined(separator: "; ")))"
  }

  private func examples(_ command: Command) -> String {
    guard !command.examples.isEmpty else { return "" }
    let lines = command.examples.map { "  \($0.line)\n      \($0.meaning)\n" }
    return "Examples:\n" + lines.joined()
  }

  /// Names at the left and what they mean at the right, wrapped.
  private func list(_ title: String, _ rows: [(name: String, summary: String)]) -> String {
    guard !rows.isEmpty else { return "" }
    let widest = 26
    let fitting = rows.map(\.name.columns).filter { $0 <= widest }
    let column = 2 + (fitting.max() ?? widest) + 2
    var text = "\(title):\n"
    for row in rows {
      let lines = Self.lines(of: row.summary, width: max(20, width - column))
      let name = "  \(row.name)"
      var rest = lines[...]
      if row.name.columns <= widest {
        text += name.padded(to: column) + (rest.popFirst() ?? "") + "\n"
      } else {
        text += name + "\n"
      }
      for line in rest { text += String(repeating: " ", count: column) + line + "\n" }
    }
    return text
  }

  /// Paragraphs wrapped to a width; an indented line stays as it is.
  static func wrapped(_ text: String, to width: Int) -> String {
    var result: [String] = []
    var paragraph = ""
    func finish() {
      if !paragraph.isEmpty { result += lines(of: paragraph, width: width) }
      paragraph = ""
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty || line.first == " " {
        finish()
        result.append(String(line))
      } else {
        paragraph += (paragraph.isEmpty ? "" : " ") + line
      }
    }
    finish()
    return result.map { $0 + "\n" }.joined()
  }

  /// Words in lines of at most `width` columns; a longer word has a line of its own.
  private static func lines(of text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.columns + 1 + String(word).columns > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return line.isEmpty ? lines : lines + [line]
  }
}
