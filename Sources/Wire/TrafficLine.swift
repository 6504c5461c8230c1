// SPDX-License-Identifier: Apache-2.0

/// One line of a recording of bytes:
/// `(1700000000.123456) ttyUSB0 > AA030000003659D7 @8123.463333`.
///
/// A moment of the calendar as candump writes it, the wire, a direction, the bytes, and the same
/// moment by the clock that never goes back. Notes stand in the place of the bytes.
public struct TrafficLine: Equatable, Sendable {
  /// What happened.
  public enum Event: Equatable, Sendable {
    /// These bytes went out to the battery.
    case sent([UInt8])
    /// These bytes came from the battery.
    case received([UInt8])
    /// The wire was opened.
    case opened
    /// The wire was closed, or has gone.
    case closed
    /// So many lines are missing here: there was no room for them, or the disk refused them.
    case lost(UInt64)
  }

  /// When, in microseconds since the start of 1970 (UTC).
  public var wall: Int64
  /// When, in microseconds of the clock that never goes back.
  public var monotonic: Int64
  /// The wire's name, one word such as "ttyUSB0".
  public var wire: String
  /// What happened.
  public var event: Event

  /// A line of these parts.
  public init(wall: Int64, monotonic: Int64, wire: String, _ event: Event) {
    self.wall = wall
    self.monotonic = monotonic
    self.wire = wire
    self.event = event
  }

  /// Whether all parts are the same, byte for byte.
  public static func == (a: Self, b: Self) -> Bool {
    a.wall == b.wall && a.monotonic == b.monotonic && a.event == b.event
      && a.wire.utf8.elementsEqual(b.wire.utf8)
  }

  /// The line that this text is, without its end; `nil` for anything else.
  public init?(text: some Collection<UInt8>) {
    var words: [[UInt8]] = []
    for word in text.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) {
      words.append(Array(word))
    }
    guard words.count >= 5, let wall = LogTime.inParentheses(words[0]),
      let last = words.last, last.first == UInt8(ascii: "@"),
      let monotonic = LogTime.microseconds(last.dropFirst()), words[2].count == 1,
      let event = Self.event(words[2][0], Array(words[3..<words.count - 1]))
    else { return nil }
    self.init(
      wall: wall, monotonic: monotonic, wire: String(decoding: words[1], as: UTF8.self), event)
  }

  /// Appends the line and its end.
  public func append(to text: inout [UInt8]) {
    text.append(UInt8(ascii: "("))
    LogTime.append(wall, to: &text)
    text.append(UInt8(ascii: ")"))
    text.append(0x20)
    text.append(contentsOf: wire.utf8)
    text.append(0x20)
    switch event {
    case .sent(let bytes): Self.append(">", bytes, &text)
    case .received(let bytes): Self.append("<", bytes, &text)
    case .opened: Self.append(note: "opened", &text)
    case .closed: Self.append(note: "closed", &text)
    case .lost(let count): Self.append(note: "lost \(count)", &text)
    }
    text.append(0x20)
    text.append(UInt8(ascii: "@"))
    LogTime.append(monotonic, digits: 1, to: &text)
    text.append(0x0A)
  }

  private static func append(
    _ direction: Unicode.Scalar, _ bytes: [UInt8], _ text: inout [UInt8]
  ) {
    text.append(UInt8(ascii: direction))
    text.append(0x20)
    for byte in bytes { Hex.append(byte, upper: true, to: &text) }
  }

  private static func append(note: String, _ text: inout [UInt8]) {
    text.append(UInt8(ascii: "!"))
    text.append(0x20)
    text.append(contentsOf: note.utf8)
  }

  private static func event(_ mark: UInt8, _ words: [[UInt8]]) -> Event? {
    switch mark {
    case UInt8(ascii: ">"), UInt8(ascii: "<"):
      guard words.count == 1, let bytes = Hex.bytes(words[0]), !bytes.isEmpty else { return nil }
      return mark == UInt8(ascii: ">") ? .sent(bytes) : .received(bytes)
    case UInt8(ascii: "!"):
      if words.count == 1, words[0] == Array("opened".utf8) { return .opened }
      if words.count == 1, words[0] == Array("closed".utf8) { return .closed }
      guard words.count == 2, words[0] == Array("lost".utf8) else { return nil }
      return number(words[1]).map { .lost($0) }
    default: return nil
    }
  }

  private static func number(_ text: [UInt8]) -> UInt64? {
    guard !text.isEmpty, text.count <= 18 else { return nil }
    var value: UInt64 = 0
    for character in text {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character) else { return nil }
      value = value * 10 + UInt64(character - UInt8(ascii: "0"))
    }
    return value
  }
}
