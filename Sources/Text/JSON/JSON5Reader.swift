// SPDX-License-Identifier: Apache-2.0

/// Reads JSON (RFC 8259) or JSON5 (the 1.0.0 specification) into a tree with places.
///
/// Never traps, whatever the bytes. Stricter than JSON5 where a settings file needs it: infinities
/// and what is not a number are refused, and so are keys that stand twice in one object, halves of
/// surrogate pairs and hexadecimal numbers beyond 64 bits.
package struct JSON5Reader {
  /// What a text may contain.
  package enum Grammar: Sendable {
    /// RFC 8259 and nothing more.
    case json
    /// JSON5: comments, trailing commas, unquoted keys, single quotes and more.
    case json5
  }

  let bytes: [UInt8]
  let grammar: Grammar
  let maxDepth: Int
  var index = 0
  var line = 1
  var column = 1
  private var depth = 0

  /// Reads one document.
  ///
  /// - Parameters:
  ///   - bytes: UTF-8, with or without a byte order mark.
  ///   - grammar: what the text may contain.
  ///   - maxBytes: the longest text accepted.
  ///   - maxDepth: how many arrays and objects may stand inside each other.
  /// - Returns: the tree.
  /// - Throws: the first fault, with its place.
  package static func read(
    _ bytes: [UInt8], as grammar: Grammar = .json5, maxBytes: Int = 1 << 24, maxDepth: Int = 64
  ) throws(JSONError) -> JSONValue {
    guard bytes.count <= maxBytes else {
      throw JSONError(
        at: TextPosition(line: 1, column: 1),
        "found \(bytes.count) bytes where at most \(maxBytes) are accepted")
    }
    try checkUTF8(bytes)
    var reader = JSON5Reader(bytes: bytes, grammar: grammar, maxDepth: maxDepth)
    return try reader.document()
  }

  /// Reads one document from a string; see `read(_:as:maxBytes:maxDepth:)`.
  package static func read(
    _ text: String, as grammar: Grammar = .json5, maxBytes: Int = 1 << 24, maxDepth: Int = 64
  ) throws(JSONError) -> JSONValue {
    try read(Array(text.utf8), as: grammar, maxBytes: maxBytes, maxDepth: maxDepth)
  }

  private init(bytes: [UInt8], grammar: Grammar, maxDepth: Int) {
    self.bytes = bytes
    self.grammar = grammar
    self.maxDepth = maxDepth
  }

  private mutating func document() throws(JSONError) -> JSONValue {
    index = Self.byteOrderMark(bytes)
    try skipSpace()
    let value = try value()
    try skipSpace()
    guard byte == nil else { throw unexpected("the end of the text") }
    return value
  }

  /// Reads the value that begins here.
  mutating func value() throws(JSONError) -> JSONValue {
    let start = position
    let content: JSONValue.Content =
      switch byte {
      case UInt8(ascii: "{"):
        .object(try nested(start) { reader throws(JSONError) in try reader.members(start) })
      case UInt8(ascii: "["):
        .array(try nested(start) { reader throws(JSONError) in try reader.elements(start) })
      case UInt8(ascii: "\""): .string(try quoted())
      case UInt8(ascii: "'") where grammar == .json5: .string(try quoted())
      case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")):
        .number(try number())
      case UInt8(ascii: "+") where grammar == .json5: .number(try number())
      case UInt8(ascii: ".") where grammar == .json5: .number(try number())
      default: try word()
      }
    return JSONValue(content, at: start)
  }

  private mutating func nested<T>(
    _ start: TextPosition, _ body: (inout JSON5Reader) throws(JSONError) -> T
  ) throws(JSONError) -> T {
    guard depth < maxDepth else {
      throw JSONError(
        at: start, "found arrays and objects more than \(maxDepth) levels deep")
    }
    depth += 1
    defer { depth -= 1 }
    return try body(&self)
  }

  private mutating func elements(_ start: TextPosition) throws(JSONError) -> [JSONValue] {
    var values: [JSONValue] = []
    step()
    try skipSpace()
    if take(UInt8(ascii: "]")) { return values }
    while true {
      values.append(try value())
      try skipSpace()
      if take(UInt8(ascii: "]")) { return values }
      guard take(UInt8(ascii: ",")) else { throw unexpected("',' or ']'", opened: "[", start) }
      try skipSpace()
      if grammar == .json5, take(UInt8(ascii: "]")) { return values }
    }
  }

  private mutating func members(_ start: TextPosition) throws(JSONError) -> [JSONMember] {
    var members: [JSONMember] = []
    var keys = KeyRegister()
    step()
    try skipSpace()
    if take(UInt8(ascii: "}")) { return members }
    while true {
      let keyPosition = position
      let key = try key(start)
      if let first = keys.insert(key, after: members) {
        throw JSONError(
          at: keyPosition,
          "found the key \(JSONValue.string(key.cut(to: 40)).text()) again; it stands already in "
            + "line \(members[first].keyPosition.line)")
      }
      try skipSpace()
      guard take(UInt8(ascii: ":")) else { throw unexpected("':' after the key") }
      try skipSpace()
      members.append(JSONMember(key, try value(), keyAt: keyPosition))
      try skipSpace()
      if take(UInt8(ascii: "}")) { return members }
      guard take(UInt8(ascii: ",")) else { throw unexpected("',' or '}'", opened: "{", start) }
      try skipSpace()
      if grammar == .json5, take(UInt8(ascii: "}")) { return members }
    }
  }

  private mutating func key(_ start: TextPosition) throws(JSONError) -> String {
    switch byte {
    case UInt8(ascii: "\""): return try quoted()
    case UInt8(ascii: "'") where grammar == .json5: return try quoted()
    default:
      guard grammar == .json5 else { throw unexpected("a key in double quotes") }
      guard let name = try identifier() else { throw unexpected("a key", opened: "{", start) }
      return name
    }
  }
}

/// Finds a key that stands twice, in time that grows with the text and not with its square.
private struct KeyRegister {
  private var many: [[UInt8]: Int] = [:]
  /// Up to here a plain search is quicker than hashing.
  private static let few = 12

  /// The index of the member that has this key already.
  mutating func insert(_ key: String, after members: [JSONMember]) -> Int? {
    guard members.count >= Self.few else {
      return members.firstIndex { $0.key.utf8.elementsEqual(key.utf8) }
    }
    if members.count == Self.few {
      for (index, member) in members.enumerated() { many[Array(member.key.utf8)] = index }
    }
    if let first = many[Array(key.utf8)] { return first }
    many[Array(key.utf8)] = members.count
    return nil
  }
}
