// SPDX-License-Identifier: Apache-2.0

public import Battery

/// What a setting holds.
public enum SettingValue: Hashable, Sendable {
  /// A raw number, as on the wire.
  case number(Int64)
  /// The characters of a text.
  case text([UInt8])

  /// The raw number; `nil` for a text.
  public var raw: Int64? {
    if case .number(let raw) = self { raw } else { nil }
  }

  /// The characters; `nil` for a number.
  public var characters: [UInt8]? {
    if case .text(let bytes) = self { bytes } else { nil }
  }
}

extension Register {
  /// The most characters of a setting that is a text.
  static let longestText = 31

  /// A value with its unit, such as `3.65 V` or `"front"`.
  public func text(_ value: SettingValue) -> String {
    switch value {
    case .number(let raw): text(raw)
    case .text(let bytes): "\"\(characters(bytes))\""
    }
  }

  /// A value without its unit.
  public func number(_ value: SettingValue) -> String {
    switch value {
    case .number(let raw): raw == absent ? "–" : number(raw)
    case .text(let bytes): characters(bytes)
    }
  }

  /// The value that a text stands for; see `raw(of:)`.
  public func value(of text: some Sequence<UInt8>) throws(SettingTextError) -> SettingValue {
    guard form == .text else { return .number(try raw(of: text)) }
    let bytes = [UInt8](text)
    guard bytes.count <= Self.longestText else { throw .tooLarge }
    for byte in bytes where byte < 0x20 || byte > 0x7E { throw .notPlain }
    return .text(bytes)
  }

  /// Printable characters as they are, others as a question mark.
  private func characters(_ bytes: [UInt8]) -> String {
    var text = ""
    for byte in bytes {
      text.unicodeScalars.append(Unicode.Scalar((0x20...0x7E).contains(byte) ? byte : 0x3F))
    }
    return text
  }
}
