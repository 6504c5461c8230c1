// SPDX-License-Identifier: Apache-2.0
import Testing
import Wire

@Suite("Checksums")
struct ChecksumTests {
  @Test(
    "CRC-16/MODBUS of frames from the vendor's document and of a captured refusal",
    arguments: [
      // TinyBMS Communication Protocols Rev D, 1.3.1 and 1.3.2.
      ("aa10013b000204106809c4", 0x6119), ("aa0300050005", 0x138C),
      // The check value of the CRC catalogue: "123456789".
      ("313233343536373839", 0x4B37),
      // A refusal captured from a unit (ESP32-P4 project, commit f136c45).
      ("aa001000", 0x3C2C),
    ] as [(String, UInt16)])
  func modbus(hex: String, crc: UInt16) throws {
    let bytes = try #require(Hex.bytes(hex.utf8))
    #expect(Checksum.crc16Modbus(bytes.span) == crc)
  }

  @Test("Every length agrees with the definition, bit by bit", arguments: 0...40)
  func lengths(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 91) }
    var crc: UInt16 = 0xFFFF
    for byte in bytes {
      crc ^= UInt16(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0xA001 : crc >> 1 }
    }
    #expect(Checksum.crc16Modbus(bytes.span) == crc)
    #expect(Checksum.crc16Modbus((bytes + [1, 2, 3]).span, count: count) == crc)
  }

  @Test("Every single flipped bit changes the checksum")
  func bitFlips() throws {
    let bytes = try #require(Hex.bytes("aa030a97409740972c972c972c".utf8))
    let whole = Checksum.crc16Modbus(bytes.span)
    for bit in 0..<bytes.count * 8 {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(Checksum.crc16Modbus(flipped.span) != whole)
    }
  }
}

@Suite("Bytes as text")
struct HexTests {
  @Test("Digits come back as bytes, anything else does not")
  func reading() {
    #expect(Hex.bytes("AA 0b".utf8) == [0xAA, 0x0B])
    #expect(Hex.bytes("".utf8) == [])
    #expect(Hex.bytes("A".utf8) == nil)
    #expect(Hex.bytes("0g".utf8) == nil)
    let bytes: [UInt8] = Array(0...255)
    #expect(Hex.bytes(Hex.string(bytes.span).utf8) == bytes)
  }
}
