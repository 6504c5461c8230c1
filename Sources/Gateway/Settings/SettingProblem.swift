// SPDX-License-Identifier: Apache-2.0

package import Text

/// One mistake in a settings file: where it stands, what was found and what was expected.
package struct SettingProblem: Error, Sendable, Equatable {
  /// How bad it is.
  package enum Severity: String, Sendable {
    /// The gateway cannot start with it.
    case error
    /// The gateway starts, but probably not as it was meant.
    case warning
  }

  /// How bad it is.
  package var severity: Severity = .error
  /// Where it stands in the file.
  package var position: TextPosition
  /// The setting, such as `batteries[0].link.serial`; empty for the file as a whole.
  package var path: String
  /// What stands there.
  package var found: String
  /// What should.
  package var expected: String
}

extension SettingProblem: CustomStringConvertible {
  /// One line for people, without the file's name.
  package var description: String {
    let place = path.isEmpty ? "" : "\(path): "
    return "line \(position.line), column \(position.column): \(severity.rawValue): "
      + "\(place)found \(found), expected \(expected)"
  }
}
