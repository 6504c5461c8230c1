// SPDX-License-Identifier: Apache-2.0

// Moving over the text. The bytes are known to be UTF-8 before anything here runs.

extension JSON5Reader {
  /// The place of the next byte.
  var position: TextPosition { TextPosition(line: line, column: column) }

  /// The next byte, or `nil` at the end.
  var byte: UInt8? { byte(ahead: 0) }

  /// The byte `count` after the next one.
  func byte(ahead count: Int) -> UInt8? {
    index + count < bytes.count ? bytes[index + count] : nil
  }

  /// The next scalar and how many bytes it takes.
  var scalar: (value: Unicode.Scalar, count: Int)? {
    guard let first = byte else { return nil }
    let count = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    var value = UInt32(first) & (count == 1 ? 0x7F : 0xFF >> UInt32(count + 1))
    for offset in 1..<max(1, count) {
      value = value << 6 | UInt32(byte(ahead: offset) ?? 0) & 0x3F
    }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", count)
  }

  /// Passes one scalar of `count` bytes that ends no line.
  mutating func step(_ count: Int = 1) {
    index += count
    column += 1
  }

  /// Passes one byte when it is this one.
  mutating func take(_ expected: UInt8) -> Bool {
    guard byte == expected else { return false }
    step()
    return true
  }

  /// Passes one end of line, if there is one here.
  mutating func takeNewline() -> Bool {
    switch byte {
    case 0x0A: index += 1
    case 0x0D: index += byte(ahead: 1) == 0x0A ? 2 : 1
    default: return false
    }
    line += 1
    column = 1
    return true
  }

  /// Passes white space, and in JSON5 comments.
  mutating func skipSpace() throws(JSONError) {
    while let next = byte {
      switch next {
      case 0x20, 0x09: step()
      case 0x0A, 0x0D: _ = takeNewline()
      case UInt8(ascii: "/"):
        guard byte(ahead: 1) == UInt8(ascii: "/") || byte(ahead: 1) == UInt8(ascii: "*") else {
          return
        }
        try skipComment()
      case 0x0B, 0x0C:
        guard grammar == .json5 else { return }
        step()
      default:
        guard next >= 0x80, grammar == .json5, let (value, count) = scalar, value.isJSON5Space
        else { return }
        step(count)
      }
    }
  }

  private mutating func skipComment() throws(JSONError) {
    let start = position
    guard grammar == .json5 else {
      throw JSONError(at: start, "found a comment, which JSON does not have (JSON5 does)")
    }
    let isBlock = byte(ahead: 1) == UInt8(ascii: "*")
    step()
    step()
    while let (value, count) = scalar {
      if isBlock {
        if value == "*", byte(ahead: 1) == UInt8(ascii: "/") {
          step()
          step()
          return
        }
      } else if value == "\n" || value == "\r" || value == "\u{2028}" || value == "\u{2029}" {
        return
      }
      if !takeNewline() { step(count) }
    }
    guard isBlock else { return }
    throw JSONError(at: start, "found a comment without its end '*/'")
  }

  /// The fault of finding here something else than what is expected.
  ///
  /// - Parameters:
  ///   - what: what belongs here.
  ///   - bracket: what is still open, for when the text ends.
  ///   - start: where that was opened.
  /// - Returns: the fault, at this place.
  func unexpected(_ what: String, opened bracket: String? = nil, _ start: TextPosition = .none)
    -> JSONError
  {
    var message = "found \(found) where \(what) was expected"
    if let bracket, byte == nil { message += " for the '\(bracket)' of \(start)" }
    return JSONError(at: position, message)
  }

  /// What stands here, in words.
  private var found: String {
    guard let (value, _) = scalar else { return "the end of the text" }
    if value == "\n" || value == "\r" { return "the end of the line" }
    switch value.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned,
      .nonspacingMark, .enclosingMark:
      let digits = String(value.value, radix: 16, uppercase: true)
      return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    default: return "'\(value)'"
    }
  }

  /// Refuses bytes that are not UTF-8.
  static func checkUTF8(_ bytes: [UInt8]) throws(JSONError) {
    var offset = 0
    do {
      _ = try UTF8Span(validating: bytes.span)
      return
    } catch {
      offset = error.byteOffsets.lowerBound
    }
    var place = JSON5Reader.Place()
    // A byte order mark takes no column.
    for index in min(byteOrderMark(bytes), offset)..<min(offset, bytes.count) {
      place.pass(bytes[index], before: index + 1 < bytes.count ? bytes[index + 1] : nil)
    }
    let digits = offset < bytes.count ? String(bytes[offset], radix: 16, uppercase: true) : "?"
    throw JSONError(at: place.position, "found byte 0x\(digits), which is not UTF-8")
  }

  /// How many bytes of byte order mark a text begins with.
  static func byteOrderMark(_ bytes: [UInt8]) -> Int {
    bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// Counts lines and columns byte by byte.
  private struct Place {
    var position = TextPosition(line: 1, column: 1)

    mutating func pass(_ byte: UInt8, before next: UInt8?) {
      if byte == 0x0A || byte == 0x0D && next != 0x0A {
        position = TextPosition(line: position.line + 1, column: 1)
      } else if byte & 0xC0 != 0x80, byte != 0x0D {
        position.column += 1
      }
    }
  }
}

extension Unicode.Scalar {
  /// Whether JSON5 counts this as white space or an end of line; ASCII is handled elsewhere.
  var isJSON5Space: Bool {
    switch self {
    case "\u{FEFF}", "\u{2028}", "\u{2029}": true
    default: properties.generalCategory == .spaceSeparator
    }
  }
}
