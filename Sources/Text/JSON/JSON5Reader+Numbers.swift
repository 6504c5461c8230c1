// SPDX-License-Identifier: Apache-2.0

extension JSON5Reader {
  /// Reads a number, its sign, first digit or point being next.
  mutating func number() throws(JSONError) -> JSONNumber {
    let first = index
    if !take(UInt8(ascii: "-")), grammar == .json5 { _ = take(UInt8(ascii: "+")) }
    if byte?.isWordByte == true, byte?.isDigit == false {
      let before = self
      let name = try asciiName() ?? ""
      if name == "Infinity" || name == "NaN" { throw before.notFinite(name) }
      throw before.unexpected("a digit")
    }
    if byte == UInt8(ascii: "0"), byte(ahead: 1).map({ $0 | 0x20 }) == UInt8(ascii: "x"),
      grammar == .json5
    {
      try hexadecimal()
    } else {
      try decimal()
    }
    if let next = byte, next.isWordByte || next == UInt8(ascii: ".") {
      throw unexpected("the end of the number")
    }
    return JSONNumber(checked: String(decoding: bytes[first..<index], as: UTF8.self))
  }

  private mutating func hexadecimal() throws(JSONError) {
    let start = position
    step()
    step()
    let first = index
    while byte?.hexValue != nil { step() }
    guard index > first else { throw unexpected("a hexadecimal digit") }
    let significant = bytes[first..<index].drop { $0 == UInt8(ascii: "0") }
    guard significant.count <= 16 else {
      throw JSONError(at: start, "found a hexadecimal number where at most 64 bits were expected")
    }
  }

  private mutating func decimal() throws(JSONError) {
    let isZero = byte == UInt8(ascii: "0")
    let whole = digits()
    if isZero, whole > 1 {
      throw JSONError(
        at: TextPosition(line: line, column: column - whole),
        "found a number that begins with 0 where one without was expected")
    }
    guard whole > 0 || grammar == .json5 && byte == UInt8(ascii: ".") else {
      throw unexpected("a digit")
    }
    if take(UInt8(ascii: ".")) {
      guard digits() > 0 || grammar == .json5 && whole > 0 else { throw unexpected("a digit") }
    }
    if byte.map({ $0 | 0x20 }) == UInt8(ascii: "e") {
      step()
      if !take(UInt8(ascii: "-")) { _ = take(UInt8(ascii: "+")) }
      guard digits() > 0 else { throw unexpected("a digit of the exponent") }
    }
  }

  /// Passes digits and counts them.
  private mutating func digits() -> Int {
    let first = index
    while byte?.isDigit == true { step() }
    return index - first
  }
}
