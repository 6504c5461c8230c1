// SPDX-License-Identifier: Apache-2.0
import Testing
import Wire

struct ModbusTCPTests {
  /// MODBUS Application Protocol V1.1b3, 6.3: read holding registers 108 to 110, as unit 17.
  private let question: [UInt8] = [0x11, 0x03, 0x00, 0x6B, 0x00, 0x03, 0x76, 0x87]
  private let words: [UInt8] = [0x11, 0x03, 0x06, 0x02, 0x2B, 0x00, 0x00, 0x00, 0x64]

  @Test func aFrameGetsAHeaderAndLosesItsChecksum() {
    var bytes: [UInt8] = []
    ModbusTCP.append(question.span, transaction: 0x1501, to: &bytes)
    #expect(
      bytes == [0x15, 0x01, 0x00, 0x00, 0x00, 0x06, 0x11, 0x03, 0x00, 0x6B, 0x00, 0x03])
    #expect(scan(bytes) == .message(length: 12))
    #expect(transaction(bytes) == 0x1501)
    var frame: [UInt8] = []
    ModbusTCP.append(frameOf: bytes.span, to: &frame)
    #expect(frame == question)
  }

  @Test func theHeadIsToldFromItsLength() {
    let message: [UInt8] = [0, 1, 0, 0, 0, 9] + words
    for count in 0..<message.count {
      #expect(scan(Array(message[..<count])) == .incomplete)
    }
    #expect(scan((message + [1, 2])) == .message(length: 15))
    var other = message
    other[3] = 1
    #expect(scan(other) == .foreign(length: 15))
    for length: UInt16 in [0, 1, 2, 255, 0x8000, 0xFFFF] {
      other = message
      other[4] = UInt8(length >> 8)
      other[5] = UInt8(length & 0xFF)
      #expect(scan(other) == .lost)
    }
  }

  @Test func onlyWholeRequestsOfModbusAreRequests() {
    #expect(isRequest(question))
    for count in 0..<question.count {
      #expect(!isRequest(Array(question[..<count])))
    }
    for place in question.indices {
      var bytes = question
      bytes[place] ^= 0x40
      #expect(!isRequest(bytes), "byte \(place)")
    }
    func whole(_ body: [UInt8]) -> [UInt8] {
      var bytes = body
      bytes.appendLittle(Checksum.crc16Modbus(body.span))
      return bytes
    }
    #expect(isRequest(whole([1, 0x10, 0, 1, 0, 2, 4, 0, 10, 1, 2])))
    #expect(!isRequest(whole([1, 0x10, 0, 1, 0, 2, 4, 0, 10, 1])))
    #expect(isRequest(whole([1, 0x06, 0, 1, 0, 3])))
    // Numbers that makers use for orders of their own.
    for function: UInt8 in [0x00, 0x07, 0x11, 0x14, 0x18, 0x1D, 0x83] {
      #expect(!isRequest(whole([0xAA, function, 0, 1, 0, 3])))
    }
    #expect(!isRequest(whole([0xAA, 0x02, 0x05])))
  }

  @Test func anAnswerHasTheUnitTheFunctionAndTheLength() {
    let message: [UInt8] = [0, 1, 0, 0, 0, 9] + words
    #expect(answers(message, unit: 17, function: 3))
    #expect(!answers(message, unit: 18, function: 3))
    #expect(!answers(message, unit: 17, function: 4))
    #expect(!answers((message + [0]), unit: 17, function: 3))
    #expect(!answers(message.dropLast().map(\.self), unit: 17, function: 3))
    let exception: [UInt8] = [0, 1, 0, 0, 0, 3, 0x11, 0x83, 0x02]
    #expect(answers(exception, unit: 17, function: 3))
    #expect(!answers(exception, unit: 17, function: 4))
    let written: [UInt8] = [0, 1, 0, 0, 0, 6, 0x11, 0x10, 0x00, 0x01, 0x00, 0x02]
    #expect(answers(written, unit: 17, function: 16))
    #expect(!answers(written, unit: 17, function: 3))
  }

  @Test func anExceptionSaysWhatIsToBeDone() {
    #expect(
      "\(WireError.exception(function: 3, code: 11))"
        == "Modbus exception 11 to function 0x03: the gateway hears nothing from the device; "
        + "check power, wiring and the unit's number")
    #expect(WireError.exception(function: 3, code: 2) == .exception(function: 3, code: 2))
    #expect(WireError.exception(function: 3, code: 2) != .exception(function: 3, code: 1))
    #expect(WireError.exception(function: 3, code: 2) != .exception(function: 4, code: 2))
  }
}

// Expectations cannot hold spans.

private func scan(_ bytes: [UInt8]) -> ModbusTCP.Head { ModbusTCP.scan(bytes.span) }
private func transaction(_ bytes: [UInt8]) -> UInt16 { ModbusTCP.transaction(bytes.span) }
private func isRequest(_ bytes: [UInt8]) -> Bool { ModbusTCP.isRequest(bytes.span) }
private func answers(_ bytes: [UInt8], unit: UInt8, function: UInt8) -> Bool {
  ModbusTCP.answers(bytes.span, unit: unit, function: function)
}
