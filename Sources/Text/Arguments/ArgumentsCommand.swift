// SPDX-License-Identifier: Apache-2.0

/// One command of a program, or a group of commands, as a value: all that its parser and its help need.
package struct Command: Sendable {
  /// A command line to copy, and what it does.
  package struct Example: Sendable {
    /// The whole line, the program's name included.
    package var line: String
    /// What it does, in a few words without a full stop.
    package var meaning: String

    /// An example from its line and meaning.
    package init(_ line: String, _ meaning: String) {
      self.line = line
      self.meaning = meaning
    }
  }

  /// What a command does with its arguments.
  package typealias Run = @Sendable (Parsed) throws(CommandFailure) -> ExitCode

  /// The word that calls it; for the root, the program's name.
  package var name: String
  /// Its purpose in one line, without a full stop.
  package var summary: String
  /// More about it: paragraphs with an empty line between; indented lines are kept as they are.
  package var discussion: String
  /// What stands on the line by position.
  package var arguments: [Argument]
  /// What stands on the line by name; also understood by every command below this one.
  package var options: [Option]
  /// Lines to copy.
  package var examples: [Example]
  /// The exit codes that it can end with.
  package var exitCodes: [ExitCode]
  /// The commands below this one.
  package var subcommands: [Command]
  /// What it does; `nil` when only the commands below do something.
  package var run: Run?

  /// A command from its parts.
  package init(
    _ name: String, _ summary: String, discussion: String = "", arguments: [Argument] = [],
    options: [Option] = [], examples: [Example] = [], exitCodes: [ExitCode] = [.ok, .usage],
    subcommands: [Command] = [], run: Run? = nil
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.arguments = arguments
    self.options = options
    self.examples = examples
    self.exitCodes = exitCodes
    self.subcommands = subcommands
    self.run = run
  }
}
