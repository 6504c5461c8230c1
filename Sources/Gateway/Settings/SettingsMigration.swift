// SPDX-License-Identifier: Apache-2.0

import Text

/// A settings file of an older version, rewritten for the newest one.
///
/// Only the keys that moved and the version are touched: comments and layout stay as they are.
package struct SettingsMigration: Sendable {
  /// The version that the file was of.
  package let from: Int64
  /// The version that it is rewritten for.
  package let to = SettingsVersion.newest
  /// The text as it was.
  package let before: [UInt8]
  /// The text for the newest version.
  package let after: [UInt8]

  /// Rewrites a file; `nil` for one that is of the newest version already, or that cannot be read.
  ///
  /// Ask `SettingsFile.read` first: a file with mistakes is to be mended, not rewritten.
  package init?(_ bytes: [UInt8]) {
    guard let document = try? JSON5Reader.read(bytes, as: .json5, maxBytes: SettingsFile.longest),
      let version = SettingsVersion.of(document), version < SettingsVersion.newest
    else { return nil }
    let (newer, moves) = SettingsVersion.upgrade(document)
    let text = SourceText(bytes)
    var edits = moves.map { move in
      let key = text.token(at: move.position)
      return SourceText.Edit(
        range: key, text: text.quoted(move.rename.to, like: key.lowerBound))
    }
    if let node = document["version"] {
      edits.append(.init(range: text.token(at: node.position), text: "\(to)"))
    } else if let first = document.members?.first {
      edits.append(text.insertion(of: to, before: first.keyPosition, in: document.position))
    }
    from = version
    before = bytes
    after = text.applying(edits)
    // What was written must say the same as what was read.
    guard let written = try? JSON5Reader.read(after, as: .json5), Self.isSame(written, newer, to)
    else { return nil }
  }

  /// Whether a file is of the newest version.
  package static func isNewest(_ bytes: [UInt8]) -> Bool {
    guard let document = try? JSON5Reader.read(bytes, as: .json5, maxBytes: SettingsFile.longest)
    else { return false }
    return SettingsVersion.of(document) == SettingsVersion.newest
  }

  private static func isSame(_ written: JSONValue, _ meant: JSONValue, _ version: Int64) -> Bool {
    func rest(_ document: JSONValue) -> [JSONMember]? {
      document.members?.filter { $0.key != "version" }
    }
    return written["version"]?.int64 == version && rest(written) == rest(meant)
  }
}

/// The bytes of a document, and where its places are among them.
private struct SourceText {
  /// Bytes that are replaced, and by what.
  struct Edit {
    let range: Range<Int>
    let text: String
  }

  let bytes: [UInt8]
  /// Where each line begins.
  private let lines: [Int]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var lines = [bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0]
    for (index, byte) in bytes.enumerated() {
      let isPair = byte == 0x0D && index + 1 < bytes.count && bytes[index + 1] == 0x0A
      if byte == 0x0A || byte == 0x0D && !isPair { lines.append(index + 1) }
    }
    self.lines = lines
  }

  /// The offset of a place; a column is one scalar.
  private func offset(_ position: TextPosition) -> Int {
    var index = lines[min(max(position.line, 1), lines.count) - 1]
    for _ in 1..<max(position.column, 1) where index < bytes.count {
      index += 1
      while index < bytes.count, bytes[index] & 0xC0 == 0x80 { index += 1 }
    }
    return index
  }

  /// The bytes of a key or a number that begins at a place.
  func token(at position: TextPosition) -> Range<Int> {
    let start = offset(position)
    var end = start
    let quote = start < bytes.count ? bytes[start] : 0
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      end += 1
      while end < bytes.count, bytes[end] != quote {
        end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
      }
      end += 1
    } else {
      while end < bytes.count, !Self.enders.contains(bytes[end]) { end += 1 }
    }
    return start..<min(end, bytes.count)
  }

  /// What can stand after a key or a number without being of it.
  private static let enders = Array(" \t\r\n\u{0B}\u{0C}:,}]/".utf8)

  /// A key in the quotes of the one that begins at an offset.
  func quoted(_ key: String, like offset: Int) -> String {
    switch bytes[offset] {
    case UInt8(ascii: "\""): "\"\(key)\""
    case UInt8(ascii: "'"): "'\(key)'"
    default: key
    }
  }

  /// The version as a new first member: in a line of its own where the first has one.
  func insertion(
    of version: Int64, before first: TextPosition, in root: TextPosition
  ) -> Edit {
    let key = offset(first)
    let text = "\(quoted("version", like: key)): \(version),"
    let line = lines[first.line - 1]
    let indent = bytes[line..<key]
    // Below the brace, above any comment that belongs to the first member.
    if first.line > root.line, indent.allSatisfy({ $0 == 0x20 || $0 == 0x09 }),
      let next = lineAfter(root)
    {
      let hasReturn = next >= 2 && bytes[next - 2] == 0x0D
      let end = hasReturn ? "\r\n" : String(decoding: bytes[(next - 1)..<next], as: UTF8.self)
      return Edit(
        range: next..<next, text: String(decoding: indent, as: UTF8.self) + text + end)
    }
    return Edit(range: key..<key, text: text + " ")
  }

  /// Where the line after the opening brace begins; `nil` where a comment goes on from one to the other.
  private func lineAfter(_ root: TextPosition) -> Int? {
    let start = offset(root) + 1
    let next = lines[root.line]
    let rest = String(decoding: bytes[start..<next], as: UTF8.self)
    return rest.contains("/*") ? nil : next
  }

  /// The text with these edits, which do not overlap.
  func applying(_ edits: [Edit]) -> [UInt8] {
    var result = bytes
    for edit in edits.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) {
      result.replaceSubrange(edit.range, with: edit.text.utf8)
    }
    return result
  }
}
