// SPDX-License-Identifier: Apache-2.0

import Wire

/// The language of the Enepaq and Energus TinyBMS s516.
///
/// Two families of commands share one serial line, the start byte 0xAA and CRC-16/MODBUS: the
/// maker's own, with the low byte first, and Modbus functions 03 and 10 for slave 0xAA, with the
/// high byte first. Source: Tiny BMS Communication Protocols Rev D (2025-07-04), Tiny BMS User
/// Manual Rev D (2025-07-04).
public enum TinyBMS {
  /// The first byte of every frame, and the Modbus slave address.
  public static let start: UInt8 = 0xAA
  /// Bits a second on the serial line; cannot be changed.
  public static let baud = 115_200
  /// Bits a second on the maker's converter to CAN.
  public static let bitrate = 500_000
  /// The most cells in series.
  public static let maximumCells = 16
  /// Payload bytes of a packet that is not the last of its answer (functions 07 and 09).
  public static let packetPayload = 63

  /// The code of a refusal for a command that the unit does not accept.
  public static let commandError: UInt8 = 0
  /// The code of a refusal for a request whose checksum is wrong.
  public static let checksumError: UInt8 = 1

  /// One register with the word in it.
  public struct Word: Hashable, Sendable {
    /// Address of the register.
    public var address: UInt16
    /// What is in it, or is to be written.
    public var value: UInt16

    /// A register with its word.
    public init(_ address: UInt16, _ value: UInt16) {
      self.address = address
      self.value = value
    }
  }

  /// Appends the checksum of all bytes so far.
  static func seal(_ bytes: inout [UInt8]) {
    bytes.appendLittle(Checksum.crc16Modbus(bytes.span))
  }

  /// Whether the last two bytes are the checksum of those before.
  static func check(_ frame: borrowing Span<UInt8>, length: Int) throws(WireError) {
    let found = frame.littleUInt16(at: length - 2)
    let computed = Checksum.crc16Modbus(frame, count: length - 2)
    guard found == computed else {
      throw .badChecksum(found: found, computed: computed)
    }
  }
}
