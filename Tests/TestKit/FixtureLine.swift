// SPDX-License-Identifier: Apache-2.0
package import Machine

/// One line of a fixtures file, with its place for the message of a failing test.
package struct FixtureLine: Hashable, Sendable {
  /// The file's name.
  package let file: String
  /// The line's number, from 1.
  package let line: Int
  /// The line itself, without its end.
  package let text: String

  /// The lines of a file, without those that are blank.
  package static func load(_ path: String) throws(SystemError) -> [FixtureLine] {
    let bytes = try Repository.bytes(path)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    var lines: [FixtureLine] = []
    for (index, line) in bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
      let text = String(decoding: line, as: UTF8.self)
      if text.utf8.contains(where: { $0 > 32 }) {
        lines.append(FixtureLine(file: name, line: index + 1, text: text))
      }
    }
    return lines
  }
}

extension FixtureLine: CustomStringConvertible {
  package var description: String { "\(file):\(line)" }
}
