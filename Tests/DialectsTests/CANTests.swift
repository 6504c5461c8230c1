// SPDX-License-Identifier: Apache-2.0

import Dialects
import Quantities
import Testing
import Wire

/// The native CAN form.
struct CANTests {
  static let exchanges = CommandTests.exchanges.filter { TinyBMS.CAN.exists($0.0) }

  @Test(arguments: exchanges)
  func requestsGoThereAndBack(_ command: TinyBMS.Command, _ reply: TinyBMS.Reply) throws {
    let frames = TinyBMS.CAN.encode(command, node: 5)
    if case .writeModbus(let address, let values) = command {
      #expect(frames.count == values.count)
      for (index, value) in values.enumerated() {
        let found = try #require(TinyBMS.CAN.parseRequest(frames[index]))
        #expect(found.node == 5)
        #expect(
          found.request
            == .write(
              address: address, count: UInt8(values.count), value: value, index: UInt8(index)))
      }
      return
    }
    let frame = try #require(frames.first)
    #expect(frames.count == 1 && frame.id == 0x205 && frame.count == 8)
    let found = try #require(TinyBMS.CAN.parseRequest(frame))
    #expect(found.node == 5 && found.request == .command(command))
  }

  @Test(arguments: exchanges)
  func answersGoThereAndBack(_ command: TinyBMS.Command, _ reply: TinyBMS.Reply) throws {
    let frames = TinyBMS.CAN.encode(reply, node: 3)
    #expect(!frames.isEmpty && frames.allSatisfy { $0.id == 0x243 })
    #expect(try TinyBMS.CAN.parse(frames, to: command) == reply)
    if frames.count > 1, command.replyLength != nil {
      #expect(throws: WireError.self) {
        try TinyBMS.CAN.parse(Array(frames.dropLast()), to: command)
      }
    }
    if frames.count > 1 {
      #expect(throws: WireError.self) {
        try TinyBMS.CAN.parse(Array(frames.dropFirst()), to: command)
      }
      #expect(throws: WireError.self) { try TinyBMS.CAN.parse(frames.reversed(), to: command) }
    }
    let refusal = TinyBMS.Reply.refused(command: command.code, code: 0)
    #expect(try TinyBMS.CAN.parse(TinyBMS.CAN.encode(refusal, node: 3), to: command) == refusal)
  }

  @Test func layoutsAreThoseOfTheDocument() {
    #expect("\(TinyBMS.CAN.encode(.packVoltage, node: 1)[0])" == "201#1400000000000000")
    #expect(
      "\(TinyBMS.CAN.encode(.readModbus(address: 0x1F4, count: 2), node: 1)[0])"
        == "201#0301F40002000000")
    let cells = TinyBMS.CAN.encode(.cells([0x9B78, 0x9B82]), node: 1)
    #expect(cells.map(\.description) == ["241#011C02789B00", "241#011C02829B01"])
    let words = TinyBMS.CAN.encode(.readModbus([0x0102]), node: 1)
    #expect(words.map(\.description) == ["241#010302010200"])
    let events = TinyBMS.CAN.encode(.allEvents(CommandTests.list), node: 1)
    #expect(events.map(\.description).first == "241#011204CD93FE0000")
    #expect(
      TinyBMS.CAN.encode(.version(CommandTests.version), node: 1)[0].description
        == "241#011E05020101F200")
    #expect(
      TinyBMS.CAN.encode(.refused(command: 3, code: 0), node: 1)[0].description == "241#000300")
  }

  @Test func nodesHaveNumbers() throws {
    let ask = try #require(TinyBMS.CAN.parseRequest(TinyBMS.CAN.encodeReadNode()))
    #expect(ask.node == 0 && ask.request == .readNode)
    let change = try #require(TinyBMS.CAN.parseRequest(TinyBMS.CAN.encodeWriteNode(9, node: 1)))
    #expect(change.node == 1 && change.request == .writeNode(9))
    #expect(TinyBMS.CAN.parseNode(TinyBMS.CAN.encodeNode(9, command: 0x29)) == 9)
    #expect(TinyBMS.CAN.node(ofReply: 0x249) == 9)
    #expect(TinyBMS.CAN.node(ofReply: 0x351) == nil)
    #expect(TinyBMS.CAN.parseRequest(TinyBMS.CAN.encodeWriteNode(0x40, node: 1)) == nil)
  }

  @Test func whatDoesNotExistOnCANIsNotSent() {
    for (command, _) in CommandTests.exchanges where !TinyBMS.CAN.exists(command) {
      #expect(TinyBMS.CAN.encode(command, node: 1).isEmpty)
    }
  }
}
