// SPDX-License-Identifier: Apache-2.0

/// One line of a CAN log as `candump -L` writes it and `canplayer` reads it:
/// `(1700000000.123456) can0 351#14027400`.
public struct CandumpLine: Equatable, Sendable {
  /// When, in microseconds since the start of 1970 (UTC).
  public var microseconds: Int64
  /// The interface's name, such as "can0".
  public var interface: String
  /// The frame.
  public var frame: CANFrame

  /// A line of these parts.
  public init(microseconds: Int64, interface: String, _ frame: CANFrame) {
    self.microseconds = microseconds
    self.interface = interface
    self.frame = frame
  }

  /// Whether moment, interface and frame are the same, byte for byte: texts compared by characters
  /// would bring the tables of Unicode into every pure build.
  public static func == (a: Self, b: Self) -> Bool {
    a.microseconds == b.microseconds && a.frame == b.frame
      && a.interface.utf8.elementsEqual(b.interface.utf8)
  }

  /// The line that this text is, without its end; `nil` for anything else.
  ///
  /// Remote, error and CAN FD frames are something else. A direction ("R" or "T") after the frame
  /// is allowed.
  public init?(text: some Collection<UInt8>) {
    var words = text.split(whereSeparator: { $0 == 0x20 || $0 == 0x0D || $0 == 0x09 })
      .makeIterator()
    guard let time = words.next(), let name = words.next(), let frame = words.next(),
      let moment = Self.moment(time), let frame = CANFrame(text: frame)
    else { return nil }
    if let direction = words.next() {
      guard direction.count == 1, let letter = direction.first,
        letter == UInt8(ascii: "R") || letter == UInt8(ascii: "T"), words.next() == nil
      else { return nil }
    }
    self.init(
      microseconds: moment, interface: String(decoding: name, as: UTF8.self), frame)
  }

  /// Appends the line and its end.
  public func append(to text: inout [UInt8]) {
    let moment = UInt64(clamping: microseconds)
    text.append(UInt8(ascii: "("))
    Self.append(moment / 1_000_000, digits: 10, to: &text)
    text.append(UInt8(ascii: "."))
    Self.append(moment % 1_000_000, digits: 6, to: &text)
    text.append(UInt8(ascii: ")"))
    text.append(0x20)
    text.append(contentsOf: interface.utf8)
    text.append(0x20)
    text.append(contentsOf: frame.description.utf8)
    text.append(0x0A)
  }

  /// Appends a number with at least `digits` decimal digits.
  private static func append(_ value: UInt64, digits: Int, to text: inout [UInt8]) {
    let start = text.count
    var rest = value
    while rest > 0 || text.count < start + digits {
      text.insert(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10), at: start)
      rest /= 10
    }
  }

  /// `(seconds.microseconds)`, with 1 to 6 decimals.
  private static func moment(_ text: some Collection<UInt8>) -> Int64? {
    var value: Int64 = 0
    var decimals: Int?
    var digits = 0
    var index = text.startIndex
    guard index != text.endIndex, text[index] == UInt8(ascii: "(") else { return nil }
    text.formIndex(after: &index)
    while index != text.endIndex {
      let character = text[index]
      text.formIndex(after: &index)
      switch character {
      case UInt8(ascii: ")"):
        guard index == text.endIndex, let places = decimals, (1...6).contains(places) else {
          return nil
        }
        for _ in places..<6 { value *= 10 }
        return value
      case UInt8(ascii: ".") where decimals == nil && digits > 0: decimals = 0
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        // 12 digits of seconds last for 30,000 years; more would overflow.
        if let places = decimals { decimals = places + 1 } else { digits += 1 }
        guard digits <= 12, decimals ?? 0 <= 6 else { return nil }
        value = value * 10 + Int64(character - UInt8(ascii: "0"))
      default: return nil
      }
    }
    return nil
  }
}
