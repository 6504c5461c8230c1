// SPDX-License-Identifier: Apache-2.0

public import Wire

/// A serial-line CAN adapter as the program at its serial port sees it: it obeys the commands of the
/// LAWICEL protocol and is silent until its bus is opened.
///
/// Source: LAWICEL CAN232 Version 3 Manual, section 3.
public struct SimulatedAdapter: Sendable {
  /// The longest line that an adapter takes.
  private static let longest = 32

  /// Whether the bus was opened (`O`, `L`) and not closed since (`C`).
  public private(set) var isOpen = false
  private var line: [UInt8] = []

  /// An adapter whose bus is closed.
  public init() {}

  /// Takes bytes from the serial port.
  ///
  /// - Returns: the frames that go out on the bus, and what the adapter answers.
  public mutating func received(_ bytes: borrowing Span<UInt8>) -> (
    frames: [CANFrame], answer: [UInt8]
  ) {
    var frames: [CANFrame] = []
    var answer: [UInt8] = []
    for index in 0..<bytes.count {
      guard bytes[index] == 0x0D else {
        if line.count <= Self.longest { line.append(bytes[index]) }
        continue
      }
      answer += obey(&frames)
      line.removeAll(keepingCapacity: true)
    }
    return (frames, answer)
  }

  private mutating func obey(_ frames: inout [CANFrame]) -> [UInt8] {
    let refusal: [UInt8] = [0x07]
    switch line.first {
    case nil: return [0x0D]
    case UInt8(ascii: "O"), UInt8(ascii: "L"):
      guard !isOpen else { return refusal }
      isOpen = true
      return [0x0D]
    case UInt8(ascii: "C"):
      isOpen = false
      return [0x0D]
    case UInt8(ascii: "S"), UInt8(ascii: "Z"): return isOpen ? refusal : [0x0D]
    case UInt8(ascii: "V"): return Array("V1013\r".utf8)
    case UInt8(ascii: "N"): return Array("NSIM1\r".utf8)
    case UInt8(ascii: "F"): return Array("F00\r".utf8)
    case UInt8(ascii: "t"), UInt8(ascii: "T"):
      var codec = SLCAN()
      let found = codec.feed((line + [0x0D]).span)
      guard isOpen, let frame = found.first else { return refusal }
      frames.append(frame)
      return [UInt8(ascii: frame.isExtended ? "Z" : "z"), 0x0D]
    default: return refusal
    }
  }
}
