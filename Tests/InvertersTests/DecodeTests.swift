// SPDX-License-Identifier: Apache-2.0

import Battery
import Inverters
import Quantities
import TestKit
import Testing
import Wire

@Suite("What is read") struct DecodeTests {
  private func read(_ texts: String...) throws -> VictronReading {
    var said = VictronReading()
    for text in texts {
      let frame = try #require(CANFrame(text: Array(text.utf8)))
      try Victron.decode(frame, into: &said)
    }
    return said
  }

  @Test func shortFramesAreReadAsFarAsTheyGo() throws {
    // Lengths as Pytes, REC, Discover and diyBMS send them.
    let said = try read(
      "355#3C006400", "356#611439FF", "35E#5079746573", "35F#00006E013200", "360#FF", "372#0300",
      "373#B90CC20C", "379#3200")
    #expect(said.reading.soc == .percent(60))
    #expect(said.reading[.soh] == 100_000_000)
    #expect(said.fineCharge == nil)
    #expect(said.reading.voltage == .centivolts(5217))
    #expect(said.reading.current == .deciamperes(-199))
    #expect(said.reading.temperatures.count == 0)
    #expect(said.reading.identity.manufacturer == Label("Pytes"))
    #expect(said.reading.identity.firmware == Label("110.1"))
    #expect(said.onlineCapacity == .ampereHours(50))
    #expect(said.chargeRequested == true)
    #expect(
      said.modules
        == InverterModules(online: 3, blockingCharge: nil, blockingDischarge: nil, offline: nil))
    #expect(said.reading.cellMin == .millivolts(3257))
    #expect(said.coldest == nil)
    #expect(said.installed == .ampereHours(50))
  }

  @Test(
    "the fine state of charge is believed where it agrees",
    arguments: [
      ("355#3C0064008417", 60_200_000), ("355#3C0064000000", nil), ("355#3C006400", nil),
      ("355#3C0064001027", nil), ("355#000064003200", 500_000), ("355#640064001027", 100_000_000),
    ] as [(String, Int32?)])
  func fine(_ text: String, _ raw: Int32?) throws {
    #expect(try read(text).fineCharge?.raw == raw)
  }

  @Test func marksForNothingAreNothing() throws {
    let said = try read(
      "351#FFFF00800080FFFF", "355#FFFFFFFFFFFF", "356#008000800080", "35F#FFFFFFFFFFFFFFFF",
      "372#FFFFFFFFFFFFFFFF", "373#0000FFFF0000FFFF", "378#FFFFFFFFFFFFFFFF", "379#FFFF")
    #expect(!said.reading.hasValues)
    #expect(said.reading.identity == Identity())
    #expect(said.onlineCapacity == nil && said.product == nil)
    #expect(
      said.modules
        == InverterModules(online: nil, blockingCharge: nil, blockingDischarge: nil, offline: nil))
    #expect(said.coldest == nil && said.hottest == nil)
  }

  @Test func aNegativeLimitIsReadWithItsSign() throws {
    #expect(try read("351#440264009CFF3F02").reading[.dischargeCurrentLimit] == -10_000)
  }

  @Test func textsEndWhereTheyAreNoLongerPrintable() throws {
    #expect(
      try read("35E#50594C4F4E0102FF").reading.identity.manufacturer == Label("PYLON"))
    #expect(try read("35E#0000000000000000").reading.identity.manufacturer == nil)
    // The first half of a name may end in a blank that belongs to it.
    #expect(
      try read("371#7335313600000000", "370#54696E79424D5320").reading.identity.model
        == Label("TinyBMS s516"))
  }

  @Test func whatAnInverterSaysIsMarkedSo() throws {
    #expect(try read("305#1122334455667788").keepAlive == true)
    #expect(try read("306#").isFromInverter)
    let said = try read("307#1234567856494300")
    #expect(said.identificationTag == Label("VIC"))
    #expect(said.isFromInverter && !said.reading.hasValues)
    #expect(try !read("351#1402FA00FA00BD01").isFromInverter)
  }

  @Test func anEventIsRead() throws {
    #expect(try read("35B#1000000000000000").isShuttingDown == true)
    #expect(try read("35B#0000000000000000").isShuttingDown == false)
  }

  @Test(arguments: [
    "359#0000000006504E", "35C#C000", "1CEBFF12#0102030405060708", "351#", "378#0102",
  ])
  func otherFramesAreRefused(_ text: String) throws {
    let frame = try #require(CANFrame(text: Array(text.utf8)))
    var said = VictronReading()
    #expect(throws: WireError.self) { try Victron.decode(frame, into: &said) }
    #expect(!said.reading.hasValues && !said.isFromInverter)
  }

  @Test("no bytes can make it trap or misread a length")
  func anyBytes() throws {
    let seed: UInt64 = 7
    var numbers = SplitMix64(seed: seed)
    let ids = Victron.frames.map(\.id) + [0x359, 0x7FF]
    var said = VictronReading()
    for _ in 0..<100_000 {
      let id = ids[Int.random(in: 0..<ids.count, using: &numbers)]
      let frame = CANFrame(id: id, numbers.bytes(Int.random(in: 0...8, using: &numbers)))
      do throws(WireError) {
        try Victron.decode(frame, into: &said)
      } catch {
        switch error {
        case .notAReading: #expect(id == 0x359 || id == 0x7FF)
        case .truncated(let got, let needed): #expect(got == Int(frame.count) && got < needed)
        default: Issue.record("seed \(seed): \(frame) gave \(error)")
        }
      }
    }
    // And all of it can be told in words.
    #expect(!Victron.explain([]).whole.reading.hasValues)
  }
}
