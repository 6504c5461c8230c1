// SPDX-License-Identifier: Apache-2.0

/// The line with which a recording of bytes begins, and with which each part that is added to it
/// begins:
/// `# cellbus traffic 1 link=/dev/ttyUSB0 dialect=tinybms wall=1700000000.123456 monotonic=8123.45`.
public struct TrafficHeader: Equatable, Sendable {
  /// The version of the format that this code writes.
  public static let version = 1

  /// The version of the format.
  public var version = TrafficHeader.version
  /// The whole name of the link, such as "/dev/serial/by-id/usb-…".
  public var link: String
  /// The language that was spoken; `nil` when nobody spoke, and the line was only listened to.
  public var dialect: String?
  /// When this part was begun, in microseconds since the start of 1970 (UTC).
  public var wall: Int64
  /// The same moment in microseconds of the clock that never goes back.
  public var monotonic: Int64

  /// A header of this version.
  public init(link: String, dialect: String?, wall: Int64, monotonic: Int64) {
    self.link = link
    self.dialect = dialect
    self.wall = wall
    self.monotonic = monotonic
  }

  /// Whether all parts are the same, byte for byte.
  public static func == (a: Self, b: Self) -> Bool {
    a.version == b.version && a.wall == b.wall && a.monotonic == b.monotonic
      && a.link.utf8.elementsEqual(b.link.utf8)
      && (a.dialect == nil) == (b.dialect == nil)
      && (a.dialect ?? "").utf8.elementsEqual((b.dialect ?? "").utf8)
  }

  private static let opening = Array("# cellbus traffic ".utf8)

  /// The header that this text is, without its end; `nil` for anything else.
  ///
  /// Fields that a later version may add are passed over.
  public init?(text: [UInt8]) {
    guard text.starts(with: Self.opening) else { return nil }
    var words = text.dropFirst(Self.opening.count)
      .split(whereSeparator: { $0 == 0x20 || $0 == 0x0D }).makeIterator()
    guard let first = words.next(), first.count <= 4 else { return nil }
    version = 0
    for character in first {
      guard (0x30...0x39).contains(character) else { return nil }
      version = version * 10 + Int(character - 0x30)
    }
    var fields: (link: String?, wall: Int64?, monotonic: Int64?) = (nil, nil, nil)
    while let word = words.next() {
      guard let sign = word.firstIndex(of: UInt8(ascii: "=")) else { continue }
      let value = word[(sign + 1)...]
      let key = Array(word[..<sign])
      if key == Array("link".utf8) { fields.link = Self.plain(value) }
      if key == Array("dialect".utf8) { dialect = Self.plain(value) }
      if key == Array("wall".utf8) { fields.wall = LogTime.microseconds(value) }
      if key == Array("monotonic".utf8) { fields.monotonic = LogTime.microseconds(value) }
    }
    guard let link = fields.link, let wall = fields.wall, let monotonic = fields.monotonic else {
      return nil
    }
    self.link = link
    self.wall = wall
    self.monotonic = monotonic
  }

  /// Appends the header and its end.
  public func append(to text: inout [UInt8]) {
    text.append(contentsOf: Self.opening)
    text.append(contentsOf: "\(version) link=".utf8)
    Self.append(word: link, &text)
    if let dialect {
      text.append(contentsOf: " dialect=".utf8)
      Self.append(word: dialect, &text)
    }
    text.append(contentsOf: " wall=".utf8)
    LogTime.append(wall, to: &text)
    text.append(contentsOf: " monotonic=".utf8)
    LogTime.append(monotonic, digits: 1, to: &text)
    text.append(0x0A)
  }

  /// Appends a text as one word: blanks, control characters and `%` as `%20` and so on.
  private static func append(word: String, _ text: inout [UInt8]) {
    for byte in word.utf8 {
      if byte > 0x20, byte != 0x7F, byte != UInt8(ascii: "%") {
        text.append(byte)
      } else {
        text.append(UInt8(ascii: "%"))
        Hex.append(byte, upper: true, to: &text)
      }
    }
  }

  private static func plain(_ word: ArraySlice<UInt8>) -> String {
    var bytes: [UInt8] = []
    var index = word.startIndex
    while index < word.endIndex {
      if word[index] == UInt8(ascii: "%"), index + 2 < word.endIndex,
        let byte = Hex.bytes(word[index + 1...index + 2])
      {
        bytes += byte
        index += 3
      } else {
        bytes.append(word[index])
        index += 1
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
