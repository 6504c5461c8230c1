// SPDX-License-Identifier: Apache-2.0

/// The parser behind `Arguments.parse`, for one command line.
struct ArgumentsParser {
  private var words: ArraySlice<String>
  private let version: String?
  private let width: Int
  /// The commands named so far, the program first.
  private var chain: [Command]
  private var current: Command
  private var positionals: [String] = []
  private var values: [String: [Parsed.Value]] = [:]
  /// A text that ends the parsing at once.
  private var answer: String?

  init(_ words: [String], _ root: Command, _ version: String?, _ width: Int) {
    self.words = words[...]
    self.version = version
    self.width = width
    chain = [root]
    current = root
  }

  mutating func invocation() throws(CommandFailure) -> Arguments.Invocation {
    var isLiteral = false
    while let word = words.popFirst() {
      if isLiteral || word == "-" || isNegativeNumber(word) {
        positionals.append(word)
      } else if word == "--" {
        isLiteral = true
      } else if word.utf8.starts(with: "--".utf8) {
        try long(String(word.dropFirst(2)))
      } else if word.utf8.starts(with: "-".utf8) {
        try short(word.unicodeScalars.dropFirst())
      } else {
        try plain(word)
      }
      if let answer { return .print(answer) }
    }
    return try finished()
  }

  /// Options of the command and of those above it, nearest first.
  private var options: [Option] { chain.reversed().flatMap(\.options) }

  private func isNegativeNumber(_ word: String) -> Bool {
    guard word.utf8.first == UInt8(ascii: "-"), JSONNumber(word) != nil else { return false }
    let letter = word.unicodeScalars.dropFirst().first
    return !options.contains { $0.short == letter }
  }

  // MARK: Words

  private mutating func plain(_ word: String) throws(CommandFailure) {
    guard positionals.isEmpty, !current.subcommands.isEmpty else { return positionals.append(word) }
    if let next = current.subcommands.first(where: { $0.name == word }) {
      chain.append(next)
      current = next
    } else if word == "help" {
      while let name = words.popFirst() {
        guard let next = current.subcommands.first(where: { $0.name == name }) else {
          // `help can --json` and `help --help` still mean help.
          if name.utf8.first == UInt8(ascii: "-") { continue }
          throw unknownCommand(name)
        }
        chain.append(next)
        current = next
      }
      answer = help
    } else if current.arguments.isEmpty {
      throw unknownCommand(word)
    } else {
      positionals.append(word)
    }
  }

  private mutating func long(_ word: String) throws(CommandFailure) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    let attached = parts.count > 1 ? String(parts[1]) : nil
    guard let option = options.first(where: { $0.name == name }) else {
      if name == "help" { return answer = help }
      if name == "version", let version { return answer = version + "\n" }
      let names = options.map(\.name) + ["help"] + (version == nil ? [] : ["version"])
      let near = EditDistance.nearest(name, in: names).map { "; did you mean --\($0)?" }
      let owner = Self.owner(of: name, below: current).map { "; it belongs after '\($0)'" }
      throw usage("unknown option --\(name.printable)\(owner ?? near ?? "")")
    }
    guard option.kind == nil else {
      if let attached { return try add(attached, to: option) }
      return try add(next(for: option), to: option)
    }
    guard attached == nil else { throw usage("option --\(name) takes no value") }
    values[name, default: []].append(Parsed.Value(text: "", number: 1))
  }

  /// The first command below one that has an option.
  private static func owner(of name: String, below command: Command) -> String? {
    for next in command.subcommands {
      if next.options.contains(where: { $0.name == name }) { return next.name }
      if let deeper = owner(of: name, below: next) { return "\(next.name) \(deeper)" }
    }
    return nil
  }

  private mutating func short(_ letters: Substring.UnicodeScalarView) throws(CommandFailure) {
    var letters = letters
    while let letter = letters.popFirst() {
      guard let option = options.first(where: { $0.short == letter }) else {
        if letter == "h" { return answer = help }
        throw usage("unknown option -\(String(letter).printable)")
      }
      guard option.kind == nil else {
        return try add(letters.isEmpty ? next(for: option) : String(letters), to: option)
      }
      values[option.name, default: []].append(Parsed.Value(text: "", number: 1))
    }
  }

  // MARK: Values

  /// The next word as an option's value.
  private mutating func next(for option: Option) throws(CommandFailure) -> String {
    guard let word = words.first, !isOption(word) else {
      throw usage(
        "option --\(option.name) needs a value: --\(option.name)=\(option.placeholder)")
    }
    words = words.dropFirst()
    return word
  }

  /// Whether a word is surely meant as an option and not as a value.
  private func isOption(_ word: String) -> Bool {
    if word == "--" || word == "-h" { return true }
    if word.utf8.starts(with: "--".utf8) {
      let name = word.dropFirst(2).prefix { $0 != "=" }
      return name == "help" || options.contains { $0.name == name }
    }
    let letters = word.unicodeScalars
    guard letters.count == 2, letters.first == "-" else { return false }
    return options.contains { $0.short == letters.last }
  }

  private mutating func add(_ text: String, to option: Option) throws(CommandFailure) {
    if !option.repeats, let first = values[option.name]?.last {
      throw usage(
        "option --\(option.name) is given twice: '\(first.text.printable)' and "
          + "'\(text.printable)'")
    }
    let value = try checked(text, option.kind ?? .text, "option --\(option.name)")
    values[option.name, default: []].append(value)
  }

  private func checked(_ text: String, _ kind: ValueKind, _ name: String) throws(CommandFailure)
    -> Parsed.Value
  {
    guard let number = kind.number(of: text) else {
      let near = kind.suggestion(for: text).map { "; did you mean \($0)?" } ?? ""
      throw usage(
        "\(name): found '\(text.printable)' where \(kind.expectation) was expected\(near)")
    }
    return Parsed.Value(text: text, number: number)
  }

  // MARK: The end of the line

  private mutating func finished() throws(CommandFailure) -> Arguments.Invocation {
    guard current.run != nil else {
      let names = current.subcommands.map(\.name).joined(separator: ", ")
      if let word = positionals.first { throw unknownCommand(word) }
      throw usage("'\(path)' needs a command after it: \(names)")
    }
    try assignPositionals()
    for option in options where option.isRequired && values[option.name] == nil {
      throw usage("option --\(option.name) \(option.placeholder) is missing")
    }
    let given = Set(values.keys)
    let defaults =
      options.map { ($0.name, $0.kind, $0.defaultText) }
      + current.arguments.map { ($0.name, $0.kind, $0.defaultText) }
    for (name, kind, text) in defaults where values[name] == nil {
      guard let text, let kind else { continue }
      guard let number = kind.number(of: text) else {
        throw CommandFailure("the default of \(name), '\(text)', is not valid", .internalFault)
      }
      values[name] = [Parsed.Value(text: text, number: number)]
    }
    return .run(current, Parsed(path: chain.map(\.name), values: values, given: given))
  }

  private mutating func assignPositionals() throws(CommandFailure) {
    var rest = positionals[...]
    for argument in current.arguments {
      guard !rest.isEmpty else {
        if argument.isOptional { continue }
        throw usage("\(argument.name) is missing: \(argument.summary)")
      }
      let taken = argument.repeats ? rest : rest.prefix(1)
      rest = rest.dropFirst(taken.count)
      for text in taken {
        values[argument.name, default: []].append(
          try checked(text, argument.kind, argument.name))
      }
    }
    if let extra = rest.first { throw usage("unexpected argument '\(extra.printable)'") }
  }

  // MARK: Answers

  private var path: String { chain.map(\.name).joined(separator: " ") }

  private var help: String {
    ArgumentsHelp(chain: chain, hasVersion: version != nil, width: width).text
  }

  private func usage(_ message: String) -> CommandFailure {
    CommandFailure(message, .usage, hint: "See '\(path) --help'.")
  }

  private func unknownCommand(_ word: String) -> CommandFailure {
    let names = current.subcommands.map(\.name)
    let near = EditDistance.nearest(word, in: names).map { "; did you mean \($0)?" }
    let advice = near ?? (names.isEmpty ? "" : "; there are \(names.joined(separator: ", "))")
    return usage("unknown command '\(word.printable)'\(advice)")
  }
}
