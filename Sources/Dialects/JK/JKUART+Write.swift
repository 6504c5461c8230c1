// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension JKUART {
  /// One write to a board on its display port, which does not acknowledge it: only the tags that it tells
  /// afterwards show whether it was taken.
  struct Write: Sendable {
    /// The row of the setting.
    let row: Register
    /// The raw value to be set.
    let raw: Int64
    /// What is sent.
    let request: Request

    /// A write of a setting by its name to a board that told `answer`, a whole checked frame.
    ///
    /// - Throws: `layoutUnknown` where these bytes are no such frame; `notThere` where the board did not tell the
    ///   setting, or it cannot be written; `outside` where its range does not allow the value.
    init(_ name: String, _ raw: Int64, after answer: [UInt8]) throws(JKRefusal) {
      guard let body = try? JKUART.body(answer.span, nil) else { throw .layoutUnknown }
      guard let row = JKUART.row(name), row.access == .write, JKTags(body).raw(row) != nil else {
        throw .notThere
      }
      guard row.allows(raw) else { throw .outside }
      self.row = row
      self.raw = raw
      request = JKUART.writing(row, raw)
    }

    /// Whether a frame that was told after the write shows that it was taken; `nil` where these bytes are no
    /// whole checked frame.
    func isTaken(_ answer: [UInt8]) -> Bool? {
      guard let body = try? JKUART.body(answer.span, nil) else { return nil }
      return JKTags(body).raw(row) == raw
    }
  }

  /// The request that writes a raw value to a row.
  static func writing(_ row: Register, _ raw: Int64) -> Request {
    var value: [UInt8] = []
    for index in 0..<row.bytes {
      value.append(UInt8(truncatingIfNeeded: raw >> (8 * Int64(row.bytes - 1 - index))))
    }
    return Request(
      tag: UInt32(row.address) << 8 | 1,
      bytes: encode(Command.write, UInt8(row.address >> 8), value), tries: 1, pauseAfter: 500,
      isAnswered: false)
  }

  /// The row with a name; `nil` where there is none.
  static func row(_ name: String) -> Register? {
    for row in rows where row.name.hasBytes(name.utf8) { return row }
    return nil
  }
}

extension Register {
  /// Bytes of its value behind a tag.
  var bytes: Int {
    switch form {
    case .uint8Low, .int8Low: 1
    case .uint32: 4
    default: 2
    }
  }
}
