// SPDX-License-Identifier: Apache-2.0

/// Turns the words of a command line into a command and what is asked of it.
///
/// Understands `--name value`, `--name=value`, `-n value`, `-nvalue`, flags in one word (`-jv`), `--`
/// before words that are no options, `-` as an argument (standard input, by custom), options before or
/// after arguments, `-h` and `--help` everywhere, and `help` before the name of a command.
package enum Arguments {
  /// What a command line comes to.
  package enum Invocation: Sendable {
    /// A command to run; its `run` is not `nil`.
    case run(Command, Parsed)
    /// A text to print, such as help.
    case print(String)
  }

  /// Parses the words after the program's name.
  ///
  /// - Parameters:
  ///   - words: the words, without the program's name.
  ///   - root: the program, with all its commands.
  ///   - version: what `--version` prints; `nil` when there is no such option.
  ///   - width: the columns that help may use.
  /// - Returns: what to do.
  /// - Throws: what is wrong with the line, with `.usage`.
  package static func parse(
    _ words: [String], for root: Command, version: String? = nil, width: Int = 80
  ) throws(CommandFailure) -> Invocation {
    var parser = ArgumentsParser(words, root, version, width)
    return try parser.invocation()
  }

  /// Parses the words after the program's name and runs the command.
  ///
  /// - Parameters:
  ///   - words: the words, without the program's name.
  ///   - root: the program, with all its commands.
  ///   - version: what `--version` prints; `nil` when there is no such option.
  ///   - width: the columns that help may use.
  ///   - output: takes what is to be printed, with its line ends.
  ///   - errors: takes what is wrong, with its line ends.
  /// - Returns: the exit code.
  package static func execute(
    _ words: [String], for root: Command, version: String? = nil, width: Int = 80,
    output: (String) -> Void, errors: (String) -> Void
  ) -> Int32 {
    do throws(CommandFailure) {
      switch try parse(words, for: root, version: version, width: width) {
      case .print(let text):
        output(text)
        return ExitCode.ok.rawValue
      case .run(let command, let parsed):
        return try command.run?(parsed).rawValue ?? ExitCode.ok.rawValue
      }
    } catch {
      errors("\(root.name): \(error.message)\n")
      if let hint = error.hint { errors("\(hint)\n") }
      return error.exitCode.rawValue
    }
  }
}
