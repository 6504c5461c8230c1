// SPDX-License-Identifier: Apache-2.0

/// The checksums that battery links carry.
public enum Checksum {
  /// CRC-16/MODBUS: polynomial 0x8005 reflected, start 0xFFFF, no final exclusive-or; sent low byte first.
  ///
  /// Source: MODBUS over Serial Line V1.02, 6.2.2; TinyBMS Communication Protocols Rev D, 1.1.
  @inlinable public static func crc16Modbus(_ bytes: borrowing Span<UInt8>, count: Int? = nil)
    -> UInt16
  {
    var crc: UInt16 = 0xFFFF
    for index in 0..<(count ?? bytes.count) {
      crc = (crc >> 8) ^ modbusTable[Int((crc ^ UInt16(bytes[index])) & 0xFF)]
    }
    return crc
  }

  @usableFromInline static let modbusTable: [256 of UInt16] = table(reflectedPolynomial: 0xA001)

  private static func table(reflectedPolynomial polynomial: UInt16) -> [256 of UInt16] {
    .init { index in
      var crc = UInt16(index)
      for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ polynomial : crc >> 1 }
      return crc
    }
  }
}
