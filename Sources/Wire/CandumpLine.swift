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
      let moment = LogTime.inParentheses(time), let frame = CANFrame(text: frame)
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
    text.append(UInt8(ascii: "("))
    LogTime.append(microseconds, to: &text)
    text.append(UInt8(ascii: ")"))
    text.append(0x20)
    text.append(contentsOf: interface.utf8)
    text.append(0x20)
    text.append(contentsOf: frame.description.utf8)
    text.append(0x0A)
  }
}
