// SPDX-License-Identifier: Apache-2.0

/// Why a command did not do what was asked.
package struct CommandFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, with the name of the thing and, where there is one, the next step.
  package var message: String
  /// What the caller sees.
  package var exitCode: ExitCode
  /// A line below the message that tells where to read more.
  package var hint: String?

  /// A failure from its message and exit code.
  package init(_ message: String, _ exitCode: ExitCode, hint: String? = nil) {
    self.message = message
    self.exitCode = exitCode
    self.hint = hint
  }

  /// The message.
  package var description: String { message }
}
