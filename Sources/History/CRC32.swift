// SPDX-License-Identifier: Apache-2.0

/// CRC-32 as in IEEE 802.3: polynomial 0x04C11DB7 reflected, start and final exclusive-or of all
/// ones.
///
/// Finds every single changed byte and every burst of up to 32 bits in a block.
enum CRC32 {
  private static let table: [256 of UInt32] = .init { index in
    var crc = UInt32(index)
    for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0xEDB8_8320 : crc >> 1 }
    return crc
  }

  /// The checksum of the first `count` bytes.
  static func of(_ bytes: [UInt8], count: Int) -> UInt32 {
    var crc: UInt32 = .max
    for index in 0..<count {
      crc = (crc >> 8) ^ table[Int((crc ^ UInt32(bytes[index])) & 0xFF)]
    }
    return ~crc
  }
}
