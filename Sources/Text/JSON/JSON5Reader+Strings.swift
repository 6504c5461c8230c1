// SPDX-License-Identifier: Apache-2.0

extension JSON5Reader {
  /// Reads a text in quotes, the opening one being next.
  mutating func quoted() throws(JSONError) -> String {
    let start = position
    guard let quote = byte else { throw unexpected("a text") }
    step()
    // Most texts have no escape: they are taken as one run.
    let first = index
    passPlain(until: quote)
    if byte == quote {
      let text = String(decoding: bytes[first..<index], as: UTF8.self)
      step()
      return text
    }
    var text = Array(bytes[first..<index])
    while let next = byte, next != quote {
      if next == UInt8(ascii: "\\") {
        try escape(into: &text)
      } else if next == 0x0A || next == 0x0D {
        throw unexpected("the closing quote of the text of \(start)")
      } else {
        // What is left is a control character.
        guard grammar == .json5 else { throw unexpected("an escape such as '\\n' or '\\u0009'") }
        text.append(next)
        step()
      }
      let run = index
      passPlain(until: quote)
      text.append(contentsOf: bytes[run..<index])
    }
    guard take(quote) else {
      throw unexpected("the closing quote of the text of \(start)")
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Passes everything that stands for itself.
  private mutating func passPlain(until quote: UInt8) {
    var end = index
    var scalars = 0
    while end < bytes.count {
      let next = bytes[end]
      if next == quote || next == UInt8(ascii: "\\") || next < 0x20 { break }
      if next & 0xC0 != 0x80 { scalars += 1 }
      end += 1
    }
    index = end
    column += scalars
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
    let start = position
    step()
    let known = "an escape that JSON has"
    guard let (next, count) = scalar else { throw unexpected(known) }
    switch next {
    case "\"", "\\", "/": text.append(UInt8(ascii: next))
    case "b": text.append(0x08)
    case "f": text.append(0x0C)
    case "n": text.append(0x0A)
    case "r": text.append(0x0D)
    case "t": text.append(0x09)
    case "u":
      step()
      text.append(contentsOf: UTF8.encode(try unicodeEscape(from: start)) ?? .init())
      return
    case _ where grammar == .json: throw unexpected(known)
    case "v": text.append(0x0B)
    case "0" where byte(ahead: 1)?.isDigit != true: text.append(0)
    case "0"..."9": throw unexpected("an escape, and none has a digit first")
    case "x":
      step()
      let value = Unicode.Scalar(UInt8(truncatingIfNeeded: try hexDigits(2)))
      text.append(contentsOf: UTF8.encode(value) ?? .init())
      return
    case "\n", "\r":
      _ = takeNewline()
      return
    case "\u{2028}", "\u{2029}": break
    default: text.append(contentsOf: UTF8.encode(next) ?? .init())
    }
    step(count)
  }

  /// Reads the digits after `\u`, and the second half when they are the first half of a pair.
  ///
  /// - Parameter start: where the escape begins.
  /// - Returns: the scalar that one or two escapes stand for.
  /// - Throws: the fault of a digit that is none, or of half a pair.
  mutating func unicodeEscape(from start: TextPosition) throws(JSONError) -> Unicode.Scalar {
    let first = try hexDigits(4)
    if let value = Unicode.Scalar(first) { return value }
    let alone = JSONError(at: start, "found half of a surrogate pair where both were expected")
    guard first < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw alone }
    let second = try hexDigits(4)
    guard second >= 0xDC00, second < 0xE000,
      let value = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw alone }
    return value
  }

  private mutating func hexDigits(_ count: Int) throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<count {
      guard let digit = byte?.hexValue else { throw unexpected("a hexadecimal digit") }
      value = value << 4 | UInt32(digit)
      step()
    }
    return value
  }
}
