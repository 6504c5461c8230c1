// SPDX-License-Identifier: Apache-2.0

extension JSON5Reader {
  /// Reads `true`, `false` or `null`.
  mutating func word() throws(JSONError) -> JSONValue.Content {
    let before = self
    guard let name = try asciiName() else { throw unexpected("a value") }
    switch name {
    case "null": return .null
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "Infinity", "NaN": throw before.notFinite(name)
    default:
      let near = EditDistance.nearest(name, in: ["true", "false", "null"])
      let advice = near.map { "; did you mean \($0)?" } ?? "; a text needs quotes"
      throw JSONError(
        at: before.position, "found '\(name.cut(to: 40))' where a value was expected\(advice)")
    }
  }

  /// The fault of a number that is not finite.
  func notFinite(_ name: String) -> JSONError {
    JSONError(at: position, "found \(name) where a finite number was expected")
  }

  /// Reads a word of ASCII letters, digits, `_` and `$`; `nil` when none begins here.
  mutating func asciiName() throws(JSONError) -> String? {
    let start = index
    while let next = byte, next.isWordByte, index > start || !next.isDigit { step() }
    return index > start ? String(decoding: bytes[start..<index], as: UTF8.self) : nil
  }

  /// Reads an ECMAScript 5.1 identifier name, as JSON5 allows for a key without quotes.
  ///
  /// `nil` when none begins here.
  mutating func identifier() throws(JSONError) -> String? {
    var name = String.UnicodeScalarView()
    while let (next, count) = scalar {
      if next == "\\" {
        let start = position
        step()
        guard take(UInt8(ascii: "u")) else { throw unexpected("'u' and four digits") }
        let value = try unicodeEscape(from: start)
        guard value.continuesIdentifier, !name.isEmpty || value.beginsIdentifier else {
          throw JSONError(
            at: start, "found an escaped character that a key without quotes cannot have")
        }
        name.append(value)
      } else {
        guard next.continuesIdentifier, !name.isEmpty || next.beginsIdentifier else { break }
        name.append(next)
        step(count)
      }
    }
    return name.isEmpty ? nil : String(name)
  }
}

extension UInt8 {
  /// Whether this is an ASCII letter, digit, `_` or `$`.
  var isWordByte: Bool {
    let lower = self | 0x20
    return isDigit || lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
      || self == UInt8(ascii: "_") || self == UInt8(ascii: "$")
  }
}

extension Unicode.Scalar {
  /// Whether an identifier may begin with this.
  fileprivate var beginsIdentifier: Bool {
    if let ascii = UInt8(exactly: value), ascii < 0x80 { return ascii.isWordByte && !ascii.isDigit }
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .letterNumber:
      return true
    default: return false
    }
  }

  /// Whether an identifier may go on with this.
  fileprivate var continuesIdentifier: Bool {
    if beginsIdentifier || self == "\u{200C}" || self == "\u{200D}" { return true }
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .decimalNumber, .connectorPunctuation: return true
    default: return false
    }
  }
}
