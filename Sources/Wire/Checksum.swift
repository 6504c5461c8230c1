// SPDX-License-Identifier: Apache-2.0

/// The checksums that battery links carry.
public enum Checksum {
  /// CRC-16/MODBUS: polynomial 0x8005 reflected, start 0xFFFF, no final exclusive-or; sent low byte first.
  ///
  /// Four bytes at a time ("slicing"): each step of the plain way waits for the table's answer to the
  /// step before, which made the checksum a third of the time that a frame takes.
  ///
  /// Source: MODBUS over Serial Line V1.02, 6.2.2; TinyBMS Communication Protocols Rev D, 1.1.
  public static func crc16Modbus(_ bytes: borrowing Span<UInt8>, count: Int? = nil) -> UInt16 {
    let count = count ?? bytes.count
    let table = modbusTables.span
    var crc: UInt16 = 0xFFFF
    var index = 0
    while index + 4 <= count {
      let mixed = Int(crc ^ bytes.littleUInt16(at: index))
      crc =
        table[768 + (mixed & 0xFF)] ^ table[512 + (mixed >> 8)]
        ^ table[256 + Int(bytes[index + 2])] ^ table[Int(bytes[index + 3])]
      index += 4
    }
    while index < count {
      crc = (crc >> 8) ^ table[Int((crc ^ UInt16(bytes[index])) & 0xFF)]
      index += 1
    }
    return crc
  }

  /// CRC-8: polynomial 0x07, start 0, nothing reflected or exclusive-or'ed; the checksum of SMBus and of
  /// older boards, one byte further.
  ///
  /// Source: System Management Bus Specification 3.2, 5.4.
  public static func crc8(_ crc: UInt8, _ byte: UInt8) -> UInt8 {
    var crc = crc ^ byte
    for _ in 0..<8 { crc = crc & 0x80 != 0 ? crc << 1 ^ 0x07 : crc << 1 }
    return crc
  }

  /// What a byte does to the checksum when 0, 1, 2 or 3 bytes follow it in the same step.
  private static let modbusTables: [1024 of UInt16] = .init { place in
    var crc = UInt16(place & 0xFF)
    for _ in 0..<8 * ((place >> 8) + 1) { crc = crc & 1 == 1 ? (crc >> 1) ^ 0xA001 : crc >> 1 }
    return crc
  }
}
