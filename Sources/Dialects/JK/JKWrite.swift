// SPDX-License-Identifier: Apache-2.0

public import Battery
import Wire

/// Why a write is not made.
public enum JKRefusal: UInt8, Error, Sendable {
  /// The board's account of itself and the form of its frames do not agree, or one is missing.
  case layoutUnknown
  /// Boards of this form do not have the setting, or nobody knows how it is written.
  case notThere
  /// The value lies outside the setting's range.
  case outside
}

extension JKRefusal: CustomStringConvertible {
  /// One sentence for people.
  public var description: String {
    switch self {
    case .layoutUnknown:
      "the board has not yet told for certain which kind it is: read it first, then write"
    case .notThere: "boards of this kind do not have the setting"
    case .outside: "the value lies outside the setting's range"
    }
  }
}

/// One write to a board, which does not acknowledge it: only the settings that it tells afterwards show
/// whether it was taken.
public struct JKWrite: Sendable {
  /// The row of the setting.
  public let row: Register
  /// The raw value to be set.
  public let raw: Int64
  /// What is sent.
  public let request: Request
  private let layout: JKLayout

  /// A write of a setting by its name, for a board of which a conversation has learnt `facts`.
  ///
  /// - Throws: `layoutUnknown` before the board has told both its version and its cells, or where the two
  ///   do not agree; `notThere` and `outside` as they say.
  public init(_ name: String, _ raw: Int64, knowing facts: Facts) throws(JKRefusal) {
    guard let layout = JKBLE.layout(facts) else { throw .layoutUnknown }
    try self.init(name, raw, on: layout)
  }

  /// A write of a setting by its name to a board of a form.
  init(_ name: String, _ raw: Int64, on layout: JKLayout) throws(JKRefusal) {
    let write = try Self(puttingBack: name, raw, on: layout)
    guard write.row.allows(raw) else { throw .outside }
    self = write
  }

  /// The same for a value that the board held already, whatever its range says.
  init(puttingBack name: String, _ raw: Int64, on layout: JKLayout) throws(JKRefusal) {
    self.layout = layout
    self.raw = raw
    let bytes: [UInt8]
    if layout == .jk04 {
      guard let setting = Self.setting04(name) else { throw .notThere }
      row = setting.row
      bytes = JK.encode(setting.code, setting.bytes(raw))
    } else {
      guard let setting = JK.setting(name), let code = setting.code(layout) else {
        throw .notThere
      }
      row = setting.row
      var value: [UInt8] = []
      value.appendLittle(UInt32(truncatingIfNeeded: raw))
      bytes = JK.encode(code, Array(value.prefix(setting.length)))
    }
    // A board says only that it is ready, whatever became of the write.
    request = Request(
      tag: UInt32(bytes[4]) << 16 | 1, bytes: bytes, tries: 1, pauseAfter: 500, isAnswered: false)
  }

  /// Whether settings that were told after the write, a checked frame, show that it was taken; `nil`
  /// where these bytes are no such frame.
  public func isTaken(_ answer: [UInt8]) -> Bool? {
    guard let frame = try? JKFrame(checked: answer.span), frame.kind == JK.Kind.settings else {
      return nil
    }
    if layout == .jk04 {
      return JK04.fitsSettings(frame) ? Self.setting04("\(row.name)")?.raw(frame) == raw : nil
    }
    return JKSettings.fits(frame) ? JK.setting("\(row.name)")?.raw(frame) == raw : nil
  }

  private static func setting04(_ name: String) -> JK04.Setting? {
    for setting in JK04.settings where setting.row.name.hasBytes(name.utf8) { return setting }
    return nil
  }
}

extension Register {
  /// Whether its words can hold a raw value, and its range allows it.
  func allows(_ raw: Int64) -> Bool {
    if let lowest, raw < lowest { return false }
    if let highest, raw > highest { return false }
    return bounds?.contains(raw) ?? true
  }
}
