// SPDX-License-Identifier: Apache-2.0

import Text

/// Reads `cellbus.json5` and explains every mistake in it.
package enum SettingsFile {
  /// The most bytes that a settings file may have.
  package static let longest = 1 << 20

  /// The settings in a document and all that is wrong with them.
  ///
  /// The settings hold only where no problem is an error. A file of an older version is read as if it
  /// said the same in the newest one, with a warning for each setting that has moved.
  package static func read(
    _ bytes: [UInt8], secrets: SecretSource = .process
  ) -> (settings: Settings, problems: [SettingProblem]) {
    let written: JSONValue
    do throws(JSONError) {
      written = try JSON5Reader.read(bytes, as: .json5, maxBytes: longest)
    } catch {
      let problem = SettingProblem(
        position: TextPosition(line: error.line, column: error.column), path: "",
        found: error.found, expected: error.expected ?? "JSON5")
      return (Settings(), [problem])
    }
    if let problem = SettingsVersion.tooNew(written) { return (Settings(), [problem]) }
    let (document, moves) = SettingsVersion.upgrade(written)
    var reader = SettingReader(secrets: secrets)
    let settings = reader.read(SettingReader.Node(document, path: ""), Settings.table)
    let problems = (reader.problems + moves.map(\.problem)).sorted {
      ($0.position.line, $0.position.column) < ($1.position.line, $1.position.column)
    }
    return (settings, problems)
  }
}

extension JSONError {
  /// What stands there, of a message such as `found 'x' where a value was expected`.
  fileprivate var found: String {
    let rest = message.hasPrefix("found ") ? String(message.dropFirst(6)) : message
    return rest.firstRange(of: " where ").map { String(rest[..<$0.lowerBound]) } ?? rest
  }

  /// What should stand there, where the message tells it.
  fileprivate var expected: String? {
    guard let place = message.firstRange(of: " where ") else { return nil }
    let rest = message[place.upperBound...]
    return String(rest.firstRange(of: " was expected").map { rest[..<$0.lowerBound] } ?? rest)
  }
}
