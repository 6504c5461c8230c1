// SPDX-License-Identifier: Apache-2.0

/// What a command line asks of a command; every value has been checked against its kind.
///
/// Options are asked for by their long name and arguments by theirs, such as `FILE`. A number is what the
/// kind says: itself, steps, milliseconds, or the index of a choice.
package struct Parsed: Sendable {
  struct Value: Sendable {
    let text: String
    let number: Int64
  }

  /// The words that called the command, the program's name first.
  package let path: [String]
  let values: [String: [Value]]
  let given: Set<String>

  /// Whether an option or argument stands on the line, as against taken by default.
  package func isGiven(_ name: String) -> Bool { given.contains(name) }

  /// Whether a flag is on.
  package func flag(_ name: String) -> Bool { count(name) > 0 }

  /// How many values there are, or how often a flag was given.
  package func count(_ name: String) -> Int { values[name]?.count ?? 0 }

  /// The text given, else the default, else `nil`.
  package func text(ifPresent name: String) -> String? { values[name]?.last?.text }

  /// The number given, else the default, else `nil`.
  package func number(ifPresent name: String) -> Int64? { values[name]?.last?.number }

  /// All texts of a repeated option or argument, in order.
  package func texts(_ name: String) -> [String] { values[name]?.map(\.text) ?? [] }

  /// All numbers of a repeated option or argument, in order.
  package func numbers(_ name: String) -> [Int64] { values[name]?.map(\.number) ?? [] }

  /// The text of what is required or has a default.
  ///
  /// Throws with `.internalFault` when the command did not declare it so.
  package func text(_ name: String) throws(CommandFailure) -> String { try value(name).text }

  /// The number of what is required or has a default.
  ///
  /// Throws with `.internalFault` when the command did not declare it so.
  package func number(_ name: String) throws(CommandFailure) -> Int64 { try value(name).number }

  private func value(_ name: String) throws(CommandFailure) -> Value {
    guard let value = values[name]?.last else {
      throw CommandFailure(
        "\(path.joined(separator: " ")) asks for \(name), which it declares neither as required "
          + "nor with a default", .internalFault)
    }
    return value
  }
}
