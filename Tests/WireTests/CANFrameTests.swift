// SPDX-License-Identifier: Apache-2.0
import Testing
import Wire

@Suite("CAN frames")
struct CANFrameTests {
  @Test(
    "Text of can-utils and back",
    arguments: [
      "351#4302E8039E07D001", "35E#5245432D424D5300", "7FF#", "000#00", "18904001#0102",
      "1FFFFFFF#AA",
    ])
  func text(text: String) throws {
    let frame = try #require(CANFrame(text: text.utf8))
    #expect(frame.description == text)
    #expect(
      frame.isExtended == (text.utf8.firstIndex(of: UInt8(ascii: "#"))?.utf16Offset(in: text) == 8))
  }

  @Test(
    "What is not a classic data frame is refused",
    arguments: [
      "", "#", "351", "351#1", "800#00", "351#001122334455667788", "20000000#00", "123456789#00",
      "351#zz", "351#R",
    ])
  func refused(text: String) {
    #expect(CANFrame(text: text.utf8) == nil)
  }

  @Test("Words that the frame does not reach are absent")
  func words() {
    let frame = CANFrame(id: 0x355, [0x3C, 0x00, 0x64, 0x00])
    #expect(frame.littleUInt16(at: 0) == 60)
    #expect(frame.littleUInt16(at: 2) == 100)
    #expect(frame.littleUInt16(at: 4) == nil)
    #expect(frame.littleUInt32(at: 0) == 0x0064_003C)
    #expect(frame.littleUInt32(at: 2) == nil)
    #expect(CANFrame(id: 0x356, [0xD3, 0xFE]).littleInt16(at: 0) == -301)
  }

  @Test("More than eight bytes are cut, and only the bytes that count make frames equal")
  func cutting() {
    let frame = CANFrame(id: 0x1FFF, Array(0...20))
    #expect(frame.id == 0x7FF)
    #expect(frame.payload == Array(0...7))
    #expect(CANFrame(id: 1, [1]) != CANFrame(id: 1, [1, 0]))
    #expect(CANFrame(id: 1, [1]) == CANFrame(id: 1, [1]))
  }
}

@Suite struct CANRecordTests {
  @Test(arguments: [
    CANFrame(id: 0x351, [1, 2, 3]),
    CANFrame(id: 0x1890_4001, isExtended: true, [9, 8, 7, 6, 5, 4, 3, 2]),
    CANFrame(id: 0, []), CANFrame(id: 0x7FF, isExtended: true, [0]),
  ])
  func comesBack(_ frame: CANFrame) {
    let bytes = [0xEE] + CANRecord.bytes(frame)
    #expect(bytes.count == 1 + CANRecord.length)
    #expect(CANRecord.frame(bytes.span, at: 1) == frame)
    #expect(CANRecord.frame(bytes.span, at: 1)?.isExtended == frame.isExtended)
  }

  @Test func whatIsNoRecordIsNone() {
    var bytes = CANRecord.bytes(CANFrame(id: 0x351, [1]))
    let short = Array(bytes.dropLast())
    #expect(CANRecord.frame(short.span) == nil)
    #expect(CANRecord.frame(bytes.span, at: -1) == nil)
    bytes[4] = 9
    #expect(CANRecord.frame(bytes.span) == nil)
    bytes[4] = 1
    bytes[2] = 0x08
    #expect(CANRecord.frame(bytes.span) == nil, "an identifier of 12 bits")
  }
}
