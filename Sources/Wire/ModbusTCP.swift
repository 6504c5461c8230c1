// SPDX-License-Identifier: Apache-2.0

/// Modbus on a network: a header in front of the same message that has a checksum behind it on a
/// serial line.
///
/// Source: MODBUS Messaging on TCP/IP Implementation Guide V1.0b, 3.1.3; MODBUS Application Protocol
/// V1.1b3, 6 and 7.
public enum ModbusTCP {
  /// The port that a server listens on unless it was told another.
  public static let port: UInt16 = 502
  /// Bytes of the header: transaction, protocol and length, a word each, and the unit.
  public static let headerLength = 7
  /// What the length may be: the unit, a function and at least one byte, up to 253 bytes of message.
  public static let lengths = 3...254

  /// What stands at the head of received bytes.
  public enum Head: Equatable, Sendable {
    /// More bytes are needed.
    case incomplete
    /// A message of so many bytes, header included.
    case message(length: Int)
    /// A message of so many bytes of another protocol than Modbus.
    case foreign(length: Int)
    /// No message can begin like this: the place in the stream is lost.
    case lost
  }

  /// Looks at the head of received bytes.
  public static func scan(_ bytes: borrowing Span<UInt8>) -> Head {
    guard bytes.count >= 6 else { return .incomplete }
    let length = Int(bytes.bigUInt16(at: 4))
    guard lengths.contains(length) else { return .lost }
    guard bytes.count >= 6 + length else { return .incomplete }
    return bytes.bigUInt16(at: 2) == 0 ? .message(length: 6 + length) : .foreign(length: 6 + length)
  }

  /// The number by which the two sides know the message at the head again.
  public static func transaction(_ message: borrowing Span<UInt8>) -> UInt16 {
    message.bigUInt16(at: 0)
  }

  /// Appends a frame of a serial line, checksum included, as it goes over a network.
  public static func append(
    _ frame: borrowing Span<UInt8>, transaction: UInt16, to bytes: inout [UInt8]
  ) {
    bytes.appendBig(transaction)
    bytes.appendBig(0)
    bytes.appendBig(UInt16(truncatingIfNeeded: frame.count - 2))
    for index in 0..<frame.count - 2 { bytes.append(frame[index]) }
  }

  /// Appends a whole message as it goes over a serial line.
  public static func append(frameOf message: borrowing Span<UInt8>, to bytes: inout [UInt8]) {
    let frame = message.extracting(6..<message.count)
    for index in 0..<frame.count { bytes.append(frame[index]) }
    bytes.appendLittle(Checksum.crc16Modbus(frame))
  }

  /// What a code of an exception means, in a few words.
  ///
  /// Source: MODBUS Application Protocol V1.1b3, 7.
  public static func meaning(of code: UInt8) -> StaticString {
    switch code {
    case 1: "the function is not known there"
    case 2: "there is no such register"
    case 3: "it may not be asked like this"
    case 4: "the device failed"
    case 5: "it takes longer"
    case 6: "the device is busy"
    case 8: "its memory is damaged"
    case 10: "the gateway has no way to the device; check its settings"
    case 11: "the gateway hears nothing from the device; check power, wiring and the unit's number"
    default: "the reason is not known"
    }
  }
}
