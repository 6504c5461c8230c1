// SPDX-License-Identifier: Apache-2.0

/// CAN frames as text over a serial line, as LAWICEL adapters and their many kin speak it.
///
/// A line ends with a carriage return: `t3518E803…` is a frame with 11 bits of identifier, `T` one
/// with 29. The text carries no checksum, so a line counts only if every character of it fits.
///
/// Source: LAWICEL CAN232 Version 3 Manual, section 3; linux/drivers/net/can/slcan.
public struct SLCAN: Sendable {
  /// What a received byte completed.
  public enum Event: Equatable, Sendable {
    /// A frame from the bus.
    case frame(CANFrame)
    /// The adapter has done what it was told.
    case accepted
    /// The adapter has refused what it was told (BEL).
    case refused
    /// A remote frame or an answer that is no frame.
    case other
    /// A line that is nothing an adapter says.
    case noise
  }

  /// The longest line: `T`, 8 digits, the count, 16 digits and 4 of a time stamp.
  static let longest = 30

  private var line: [32 of UInt8] = .init(repeating: 0)
  /// How many characters the line has; over `longest` when it is too long to be anything.
  private var count = 0

  /// A decoder at the start of a line.
  public init() {}

  /// Forgets the line begun so far.
  public mutating func reset() { count = 0 }

  /// Takes one received byte; `nil` within a line.
  public mutating func feed(_ byte: UInt8) -> Event? {
    switch byte {
    case 0x0D:
      defer { count = 0 }
      return read()
    case 0x07:
      count = 0
      return .refused
    case 0x0A where count == 0:
      // Some adapters end their lines with both characters.
      return nil
    default:
      if count < Self.longest { line[count] = byte }
      count = min(count + 1, Self.longest + 1)
      return nil
    }
  }

  /// Takes received bytes and answers the frames that they complete.
  public mutating func feed(_ bytes: borrowing Span<UInt8>) -> [CANFrame] {
    var frames: [CANFrame] = []
    for index in 0..<bytes.count {
      if case .frame(let frame)? = feed(bytes[index]) { frames.append(frame) }
    }
    return frames
  }

  private func read() -> Event {
    guard count > 0 else { return .accepted }
    guard count <= Self.longest else { return .noise }
    switch line[0] {
    case UInt8(ascii: "t"): return frame(digits: 3)
    case UInt8(ascii: "T"): return frame(digits: 8)
    case UInt8(ascii: "z"), UInt8(ascii: "Z"): return count == 1 ? .accepted : .noise
    case UInt8(ascii: "r"), UInt8(ascii: "R"), UInt8(ascii: "V"), UInt8(ascii: "v"),
      UInt8(ascii: "N"), UInt8(ascii: "F"):
      return .other
    default: return .noise
    }
  }

  private func frame(digits: Int) -> Event {
    guard let id = number(1, digits), let size = number(1 + digits, 1), size <= 8 else {
      return .noise
    }
    let start = 2 + digits
    let end = start + Int(size) * 2
    // Four more digits are a time stamp, which an adapter may have been set to send.
    guard count == end || count == end + 4 && number(end, 4) != nil else { return .noise }
    let isExtended = digits == 8
    guard id <= (isExtended ? 0x1FFF_FFFF : 0x7FF) else { return .noise }
    var data: [8 of UInt8] = .init(repeating: 0)
    for index in 0..<Int(size) {
      guard let byte = number(start + index * 2, 2) else { return .noise }
      data[index] = UInt8(truncatingIfNeeded: byte)
    }
    return .frame(CANFrame(id: id, isExtended: isExtended, data.span.extracting(0..<Int(size))))
  }

  /// The number in `digits` hexadecimal digits from `start`; `nil` when the line ends before or has
  /// something else there.
  private func number(_ start: Int, _ digits: Int) -> UInt32? {
    guard start + digits <= count else { return nil }
    var value: UInt32 = 0
    for index in start..<start + digits {
      guard let digit = Hex.digit(line[index]) else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}

extension SLCAN {
  /// Appends the line that sends a frame.
  public static func append(_ frame: CANFrame, to text: inout [UInt8]) {
    text.append(UInt8(ascii: frame.isExtended ? "T" : "t"))
    let digits: UInt32 = frame.isExtended ? 8 : 3
    for place in 0..<digits {
      text.append(digit(UInt8(truncatingIfNeeded: frame.id >> ((digits - 1 - place) * 4)) & 0xF))
    }
    text.append(digit(frame.count))
    for index in 0..<Int(frame.count) {
      text.append(digit(frame.data[index] >> 4))
      text.append(digit(frame.data[index] & 0xF))
    }
    text.append(0x0D)
  }

  /// The line that sends a frame.
  public static func encode(_ frame: CANFrame) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(longest)
    append(frame, to: &text)
    return text
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
  }
}
