// SPDX-License-Identifier: Apache-2.0

import Wire

/// What all languages of JK (Jikong) boards share: frames of 300 bytes and the commands that ask for
/// them.
///
/// Source: captures in the fixtures; syssi/esphome-jk-bms; docs/protocols/jk.md.
public enum JK {
  static let maker: StaticString = "JK"
  /// Bits a second of every serial port of a board.
  static let baud = 115_200

  /// How a frame of a board begins.
  static let head: [4 of UInt8] = [0x55, 0xAA, 0xEB, 0x90]
  /// How a command, and the short message of a board, begins.
  static let commandHead: [4 of UInt8] = [0xAA, 0x55, 0x90, 0xEB]
  /// Bytes of a command.
  public static let commandLength = 20

  /// What a frame is about: its fifth byte.
  enum Kind {
    static let settings: UInt8 = 0x01
    static let cells: UInt8 = 0x02
    static let device: UInt8 = 0x03
    static let log: UInt8 = 0x05
  }

  /// The commands that ask for something.
  enum Command {
    static let settings: UInt8 = 0x96
    static let device: UInt8 = 0x97
    static let log: UInt8 = 0xA1
    /// The short message of a board that it is ready, or has taken an order.
    static let ready: UInt8 = 0xC8
  }

  /// The sum of the first `count` bytes, in eight bits.
  static func sum(_ bytes: borrowing Span<UInt8>, count: Int) -> UInt8 {
    var sum: UInt8 = 0
    for index in 0..<count { sum &+= bytes[index] }
    return sum
  }

  /// A command with its value of up to 13 bytes; what follows the value is zero.
  static func encode(_ command: UInt8, _ value: [UInt8] = []) -> [UInt8] {
    var bytes: [UInt8] = [0xAA, 0x55, 0x90, 0xEB, command, UInt8(min(13, value.count))]
    bytes += value.prefix(13)
    while bytes.count < commandLength - 1 { bytes.append(0) }
    bytes.append(sum(bytes.span, count: commandLength - 1))
    return bytes
  }

  /// Register and value of a command, once its checksum is found to hold; `nil` where these bytes are
  /// none.
  static func command(_ bytes: borrowing Span<UInt8>) -> (register: UInt8, value: [UInt8])? {
    guard bytes.count >= commandLength, begins(bytes, with: commandHead), bytes[5] <= 13,
      bytes[commandLength - 1] == sum(bytes, count: commandLength - 1)
    else { return nil }
    return (bytes[4], bytes.copy(6, 6 + Int(bytes[5])))
  }

  /// Whether the first bytes, as far as there are any, are those of a head.
  static func begins(_ bytes: borrowing Span<UInt8>, with head: [4 of UInt8]) -> Bool {
    for index in 0..<min(4, bytes.count) where bytes[index] != head[index] { return false }
    return true
  }

  /// Where the next frame may begin, after the first byte.
  static func nextHead(_ bytes: borrowing Span<UInt8>, before end: Int? = nil) -> Int {
    let end = min(end ?? bytes.count, bytes.count)
    var index = 1
    while index < end {
      if bytes[index] == head[0], begins(bytes.extracting(index..<bytes.count), with: head) {
        return index
      }
      index += 1
    }
    return end
  }

  /// What stands at the head of a stream of frames that are 300 bytes long, whoever asked for them.
  ///
  /// A frame that lost bytes on its way runs into the next one, which then begins inside of it.
  static func scan(_ bytes: borrowing Span<UInt8>) -> Scan {
    guard bytes.count > 0 else { return .incomplete }
    guard begins(bytes, with: head) else { return .skip(nextHead(bytes)) }
    guard bytes.count >= JKFrame.length else { return .incomplete }
    if bytes[JKFrame.length - 1] != sum(bytes, count: JKFrame.length - 1) {
      let next = nextHead(bytes, before: JKFrame.length)
      if next < JKFrame.length { return .skip(next) }
    }
    return .frame(length: JKFrame.length)
  }
}
