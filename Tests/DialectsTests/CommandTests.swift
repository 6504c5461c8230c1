// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

/// Every command and every answer, there and back.
struct CommandTests {
  static let version = TinyBMS.Version(
    hardware: 2, hardwareChanges: 1, firmware: 1, internalFirmware: 242)
  static let list = TinyBMS.EventList(
    now: 16_683_981, events: [.init(time: 4646, id: 0x65), .init(time: 12_144_194, id: 0x03)])
  static let words: [UInt16] = (0..<57).map { UInt16($0 * 1000) }

  static let exchanges: [(TinyBMS.Command, TinyBMS.Reply)] = [
    (.reset(.clearEvents), .acknowledged(command: 0x02)),
    (.reset(.clearStatistics), .acknowledged(command: 0x02)),
    (.reset(.restart), .acknowledged(command: 0x02)),
    (.readModbus(address: 0, count: 57), .readModbus(words)),
    (.readModbus(address: 0, count: 127), .readModbus([UInt16](repeating: 7, count: 127))),
    (.readBlock(address: 300, count: 31), .readBlock(Array(words.prefix(31)))),
    (.readBlock(address: 0, count: 57), .readBlock(words)),
    (.readBlock(address: 0, count: 100), .readBlock([UInt16](repeating: 0xAA03, count: 100))),
    (
      .readIndividual([36, 37, 343]), .readIndividual([.init(36, 1), .init(37, 2), .init(343, 3)])
    ),
    (
      .readIndividual((0..<20).map { UInt16($0) }),
      .readIndividual((0..<20).map { TinyBMS.Word(UInt16($0), UInt16($0) * 3) })
    ),
    (.writeBlock(address: 315, [4200, 2900]), .acknowledged(command: 0x0B)),
    (.writeIndividual([.init(315, 4200), .init(316, 2500)]), .acknowledged(command: 0x0D)),
    (.writeModbus(address: 315, [4200, 2500]), .writtenModbus(address: 315, count: 2)),
    (.newestEvents, .newestEvents(list)), (.allEvents, .allEvents(list)),
    (.allEvents, .allEvents(.init(now: 5, events: []))),
    (.packVoltage, .packVoltage(Binary32(bits: 0x425F_1EB8))),
    (.packCurrent, .packCurrent(Binary32(bits: 0xC041_EB85))),
    (.highestCell, .highestCell(3990)), (.lowestCell, .lowestCell(3980)), (.status, .status(0x97)),
    (.lifetime, .lifetime(16_683_981)), (.soc, .soc(83_554_824)),
    (.temperatures, .temperatures(internal: 97, external1: -32768, external2: -100)),
    (.cells, .cells([39_800, 39_810, 39_820, 39_830])),
    (.settings(.minimum, count: 44), .settings(Array(words.prefix(44)))),
    (.settings(.maximum, count: 100), .settings(Array(words.prefix(44)))),
    (.settings(.byDefault, count: 1), .settings([9])),
    (.settings(.current, count: 2), .settings([9, 10])),
    (.version, .version(version)),
    (.extendedVersion, .extendedVersion(version, bootloader: 24, registerMap: 4)),
    (.trip, .trip(speed: Binary32(bits: 0x41A0_0000), distance: 70_000, time: 3600)),
  ]

  @Test func everyCodeOfTheDocumentIsHere() {
    let codes = Set(Self.exchanges.map(\.0.code))
    #expect(codes == Set([2, 3, 7, 9, 11, 13, 16, 17, 18] + (0x14...0x20).map { UInt8($0) }))
  }

  @Test(arguments: exchanges)
  func requestsGoThereAndBack(_ command: TinyBMS.Command, _ reply: TinyBMS.Reply) {
    let bytes = command.encode()
    #expect(TinyBMS.parseRequest(bytes.span) == .command(command, length: bytes.count))
    for length in 0..<bytes.count {
      #expect(TinyBMS.parseRequest(Array(bytes[..<length]).span) == .incomplete)
    }
    #expect(
      TinyBMS.parseRequest((bytes + [0xAA, 3]).span) == .command(command, length: bytes.count))
    #expect(TinyBMS.parseRequest(([1, 2, 3] + bytes).span) == .skip(3))
    var spoilt = bytes
    spoilt[bytes.count - 1] ^= 1
    #expect(
      TinyBMS.parseRequest(spoilt.span)
        == .refused(command: command.code, code: 1, length: bytes.count))
    #expect(command.isWrite == (command.request.pauseAfter > 0))
  }

  @Test(arguments: exchanges)
  func answersGoThereAndBack(_ command: TinyBMS.Command, _ reply: TinyBMS.Reply) throws {
    let bytes = reply.encode()
    #expect(try TinyBMS.Reply(bytes.span, to: command) == reply)
    #expect(Dialect.tinyBMS.scan(bytes.span, command.request) == .frame(length: bytes.count))
    if let length = command.replyLength { #expect(bytes.count == length) }
    for length in 0..<bytes.count {
      #expect(throws: WireError.self) {
        try TinyBMS.Reply(Array(bytes[..<length]).span, to: command)
      }
    }
    for bit in 0..<bytes.count * 8 {
      var spoilt = bytes
      spoilt[bit / 8] ^= 1 << (bit % 8)
      // Nobody knows how the packets of a long answer are numbered; their numbers are not looked
      // at, but their checksums are.
      #expect(throws: WireError.self, "bit \(bit)") {
        try TinyBMS.Reply(spoilt.span, to: command)
      }
    }
    let refusal = TinyBMS.Reply.refused(command: command.code, code: 0)
    #expect(try TinyBMS.Reply(refusal.encode().span, to: command) == refusal)
    #expect(Dialect.tinyBMS.scan(refusal.encode().span, command.request) == .frame(length: 6))
  }

  /// No answer passes for the answer to another command.
  @Test(arguments: exchanges)
  func answersFitTheirOwnCommandOnly(_ command: TinyBMS.Command, _ reply: TinyBMS.Reply) {
    let bytes = reply.encode()
    for (other, _) in Self.exchanges where other.code != command.code {
      #expect(throws: WireError.self) { try TinyBMS.Reply(bytes.span, to: other) }
    }
  }

  /// A request that comes back, alone and before its answer, whole and in pieces.
  @Test(arguments: exchanges)
  func echoesAreSkipped(_ command: TinyBMS.Command, _ reply: TinyBMS.Reply) {
    let request = command.request
    let bytes = request.bytes + reply.encode()
    for length in 1..<request.bytes.count {
      let scan = Dialect.tinyBMS.scan(Array(bytes[..<length]).span, request)
      if case .frame(let whole) = scan {
        #expect(whole > length)
      } else {
        #expect(scan == .incomplete)
      }
    }
    #expect(Dialect.tinyBMS.scan(bytes.span, request) == .skip(request.bytes.count))
  }

  @Test func theUnitRefusesWhatItCannotDo() {
    func refusal(_ body: [UInt8]) -> TinyBMS.RequestScan {
      var bytes = body
      bytes.appendLittle(Checksum.crc16Modbus(body.span))
      return TinyBMS.parseRequest(bytes.span)
    }
    #expect(refusal([0xAA, 0x02, 9]) == .refused(command: 0x02, code: 0, length: 5))
    #expect(refusal([0xAA, 0x03, 0, 0, 0, 0]) == .refused(command: 0x03, code: 0, length: 8))
    #expect(refusal([0xAA, 0x03, 0, 0, 0, 128]) == .refused(command: 0x03, code: 0, length: 8))
    #expect(refusal([0xAA, 0x1D, 5, 0, 1]) == .refused(command: 0x1D, code: 0, length: 7))
    #expect(refusal([0xAA, 0x55]) == .refused(command: 0x55, code: 0, length: 4))
    #expect(
      refusal([0xAA, 0x10, 1, 0x3B, 0, 2, 2, 1, 1]) == .refused(command: 0x10, code: 0, length: 11))
  }

  /// The document does not say whether the length byte of 0B counts the address: the unit takes
  /// both.
  @Test func blockWritesMayCountTheirAddress() {
    var bytes: [UInt8] = [0xAA, 0x0B, 4, 0x3B, 0x01, 0x68, 0x10]
    bytes.appendLittle(Checksum.crc16Modbus(bytes.span))
    let longer = bytes + [0, 0]
    #expect(
      TinyBMS.parseRequest(longer.span) == .command(.writeBlock(address: 315, [4200]), length: 9))
  }
}
