// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

/// The text that Victron's battery monitors (BMV, SmartShunt) send once a second without being asked.
///
/// Each line is a carriage return, a line feed, a label, a tab and a value; the last line of a block is
/// `Checksum` with one byte that makes the sum of all bytes of the block zero in eight bits. Frames in
/// hexadecimal digits, from `:` to a line feed, may stand between and inside blocks and are not summed.
///
/// Source: Victron "VE.Direct Protocol" 3.32; captures in the fixtures; docs/protocols/ve-direct.md.
public enum VEDirect {
  static let baud = 19_200
  static let carriage: UInt8 = 0x0D
  static let feed: UInt8 = 0x0A
  static let tab: UInt8 = 0x09
  static let colon: UInt8 = 0x3A
  /// The most bytes that a block is waited for.
  static let longest = 640

  /// What ends a block but for its last byte.
  static let ending: StaticString = "\r\nChecksum\t"

  /// What stands at the head of the bytes received.
  static func scan(_ bytes: borrowing Span<UInt8>, _ request: Request?) -> Scan {
    guard bytes.count > 0 else { return .incomplete }
    if bytes[0] == colon {
      switch hexFrame(bytes, at: 0) {
      case .whole(let length): return .skip(length)
      case .cut: return .incomplete
      case .none: return .skip(1)
      }
    }
    guard bytes[0] == carriage else { return .skip(toNextStart(bytes)) }
    guard bytes.count >= 2 else { return .incomplete }
    guard bytes[1] == feed else { return .skip(1) }
    var place = 2
    while place < bytes.count {
      if bytes[place] == colon {
        switch hexFrame(bytes, at: place) {
        case .whole(let length):
          place += length
          continue
        case .cut: return place < longest ? .incomplete : .skip(2)
        case .none: break
        }
      }
      if bytes[place] == tab, endsWithChecksum(bytes, place) {
        return .broadcast(length: place + 2)
      }
      place += 1
      if place > longest { return .skip(2) }
    }
    return .incomplete
  }

  /// A frame of hexadecimal digits.
  enum HexFrame {
    case whole(Int), cut, none
  }

  /// The frame of hexadecimal digits that begins at a colon; anything else behind it makes it none.
  static func hexFrame(_ bytes: borrowing Span<UInt8>, at start: Int) -> HexFrame {
    var sum: UInt8 = 0
    var high: UInt8?
    var index = start + 1
    while index < bytes.count {
      let byte = bytes[index]
      if byte == feed { return high == nil && sum == 0x55 ? .whole(index + 1 - start) : .none }
      guard let digit = TildeFrame.digit(byte), index - start < 80 else { return .none }
      // The command is one digit, all that follows are pairs.
      if index == start + 1 {
        sum = digit
      } else if let first = high {
        sum &+= first << 4 | digit
        high = nil
      } else {
        high = digit
      }
      index += 1
    }
    return .cut
  }

  private static func endsWithChecksum(_ bytes: borrowing Span<UInt8>, _ place: Int) -> Bool {
    let count = ending.utf8CodeUnitCount
    guard place + 1 >= count else { return false }
    for index in 0..<count {
      let expected = unsafe ending.utf8Start[index]
      if bytes[place + 1 - count + index] != expected { return false }
    }
    return true
  }

  private static func toNextStart(_ bytes: borrowing Span<UInt8>) -> Int {
    var index = 1
    while index < bytes.count, bytes[index] != carriage, bytes[index] != colon { index += 1 }
    return index
  }
}

extension Dialect {
  /// Victron's battery monitors on their VE.Direct port; they talk by themselves.
  public static func veDirect(_ options: DialectOptions) -> Dialect {
    let inverts = options.invertsCurrent
    return Dialect(
      name: "ve-direct", title: "Victron BMV, SmartShunt", maker: "Victron Energy",
      summary: "Victron battery monitors on VE.Direct: a battery without a word of its cells.",
      provenance: .captured, doors: [.uart(baud: VEDirect.baud)], polls: [],
      trust: Trust(.sum8), choices: DialectChoices(invertsCurrent: true),
      scan: VEDirect.scan,
      read: { bytes, _, facts, reading throws(WireError) in
        try VEDirect.read(bytes, &facts, &reading, inverts: inverts)
      },
      explain: { _, chunks, facts in VEDirect.explain(chunks, &facts, inverts: inverts) })
  }
}
