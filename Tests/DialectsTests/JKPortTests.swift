// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Testing
import Wire

@testable import Dialects

/// JK boards on wires: the display port, the triggers and CAN.
struct JKPortTests {
  static func answer(_ id: String) throws -> [UInt8] {
    let line = try #require(Fixture.load("jk-uart").first { $0.id == id })
    return Array(line.chunks.joined())
  }

  /// A whole frame with the tags of a captured one, the current and the tag C0 changed.
  static func frame(current: UInt16, hasSign: UInt8?) throws -> [UInt8] {
    let good = try answer("jkuart-14s-doc")
    var bytes = Array(good[..<(good.count - 9)])
    let place = try #require(bytes.indices.first { bytes[$0] == 0x84 && bytes[$0 - 3] == 0x83 })
    bytes[place + 1] = UInt8(current >> 8)
    bytes[place + 2] = UInt8(current & 0xFF)
    bytes.removeLast(2)
    if let hasSign { bytes += [0xC0, hasSign] }
    let length = bytes.count + 9 - 2
    bytes[2] = UInt8(length >> 8)
    bytes[3] = UInt8(length & 0xFF)
    bytes += [0, 0, 0, 0, 0x68]
    let sum = bytes.reduce(UInt16(0)) { $0 &+ UInt16($1) }
    return bytes + [0, 0, UInt8(sum >> 8), UInt8(sum & 0xFF)]
  }

  @Test(arguments: [
    (UInt16(0x80D0), UInt8?(1), Int64(2080)), (0x00D0, 1, -2080), (10_000, 0, 0),
    (9792, 0, 2080), (10_208, nil, -2080), (9792, nil, 2080),
  ])
  func bothFormsOfCurrentAreRead(_ raw: UInt16, _ sign: UInt8?, _ current: Int64) throws {
    let bytes = try Self.frame(current: raw, hasSign: sign)
    var reading = Reading()
    try JKUART.read(bytes.span, nil, &reading, inverts: false)
    #expect(reading[.current] == current)
    var inverted = Reading()
    try JKUART.read(bytes.span, nil, &inverted, inverts: true)
    #expect(inverted[.current] == -current)
  }

  @Test func cellsThatAreNotThePackAreRefused() throws {
    for (tag, step) in [(UInt8(0x83), UInt8(4)), (0x8A, 1), (0x85, 100)] {
      var bytes = try Self.frame(current: 0, hasSign: 1)
      let body = JKTags(Array(bytes[11...]))
      let value = try #require(body[tag])
      let size = tag == 0x85 ? 1 : 2
      let place =
        try #require(
          bytes.indices.dropFirst(11 + 44).first { bytes[$0] == tag }) + (tag == 0x8A ? 2 : 1)
      #expect(size == 1 || value > 0)
      bytes[place] &+= step
      let sum = bytes.span.bigUInt16(at: bytes.count - 2) &+ UInt16(step)
      bytes[bytes.count - 2] = UInt8(sum >> 8)
      bytes[bytes.count - 1] = UInt8(sum & 0xFF)
      #expect(throws: WireError.self, "\(tag)") {
        var reading = Reading()
        do throws(WireError) {
          try JKUART.read(bytes.span, nil, &reading, inverts: false)
        } catch {
          #expect(error.category == .implausible)
          throw error
        }
      }
    }
  }

  @Test func temperaturesAbove100CountDownFromZero() throws {
    var bytes = try Self.frame(current: 0, hasSign: 1)
    let place = try #require(bytes.indices.first { bytes[$0] == 0x81 && bytes[$0 + 3] == 0x82 })
    for (raw, told) in [(UInt8(101), Int?(-1)), (120, -20), (100, 100), (200, nil)] {
      let sum = bytes.span.bigUInt16(at: bytes.count - 2) &+ UInt16(raw) &- UInt16(bytes[place + 2])
      bytes[place + 2] = raw
      bytes[bytes.count - 2] = UInt8(sum >> 8)
      bytes[bytes.count - 1] = UInt8(sum & 0xFF)
      var reading = Reading()
      try JKUART.read(bytes.span, nil, &reading, inverts: false)
      #expect(reading.temperatures[0] == told.map { .degrees($0) })
    }
  }

  /// The write that a user of the maker's description sent, and what shows that it was taken.
  @Test func aWriteOnTheDisplayPortIsConfirmedByTheNextAnswer() throws {
    let answer = try Self.answer("jkuart-14s-doc")
    let write = try JKUART.Write("cell_ovp_v", 0x0DB6, after: answer)
    #expect(
      write.request.bytes.dropLast(4)
        == [0x4E, 0x57, 0, 0x15, 0, 0, 0, 0, 2, 3, 0, 0x90, 0x0D, 0xB6, 0, 0, 0, 0, 0x68])
    #expect(write.isTaken(answer) == false)
    #expect(try JKUART.Write("cell_uvp_v", 0x0BEA, after: answer).isTaken(answer) == true)
    #expect(try JKUART.Write("charge_switch", 1, after: answer).isTaken(answer) == true)
    var damaged = answer
    damaged[40] ^= 1
    #expect(write.isTaken(damaged) == nil)
    #expect(throws: JKRefusal.layoutUnknown) {
      try JKUART.Write("cell_ovp_v", 3600, after: damaged)
    }
    #expect(throws: JKRefusal.outside) { try JKUART.Write("charge_switch", 2, after: answer) }
    #expect(throws: JKRefusal.notThere) { try JKUART.Write("address", 2, after: answer) }
  }

  /// The frame has no address: an acknowledgement of another board makes it nobody's.
  @Test func aFrameOfAnotherBoardIsNotTaken() throws {
    let line = try #require(Fixture.load("jk-pb").first { $0.id == "jkpb-rs485-status-by-trigger" })
    let answer = Array(line.chunks.joined())
    let sent = try #require(line.request)
    for between in [[], [UInt8(0)]] {
      let bytes = Array(answer[..<300]) + between + Array(answer[300...])
      var reading = Reading()
      var facts = Facts()
      #expect(
        JKPB.scan(bytes.span, Request(tag: 0, bytes: sent)) == .frame(length: bytes.count))
      try JKPB.read(bytes.span, sent, &facts, &reading, inverts: false)
      #expect(reading.cells.count == 16)
    }
    var facts = Facts()
    var reading = Reading()
    for other in [JKPB.encode(4, 0x1620), JKPB.encode(3, 0x161E)] {
      #expect(throws: WireError.self) {
        try JKPB.read(answer.span, other, &facts, &reading, inverts: false)
      }
    }
    // The request that the line sends back comes first.
    let echoed = sent + answer
    #expect(JKPB.scan(echoed.span, Request(tag: 0, bytes: sent)) == .skip(sent.count))
  }

  /// The examples of the maker's text on the second version.
  @Test(arguments: [
    (UInt32(0x02F4), "1301D71133", Point.current, Int64(56_700)),
    (0x02F4, "1301D71133", .soc, 51_000_000), (0x05F4, "48062F013F", .temperatureMin, -300),
    (0x18F1_28F4, "2C019001E8030064", .remaining, 30_000),
    (0x18F4_28F4, "C8000000280A64", .soh, 100_000_000),
    (0x18F5_28F4, "3D", .chargeEnabled, 1), (0x18F5_28F4, "3D", .dischargeEnabled, 0),
    (0x18F2_28F4, "07484750FFFF", .mosfetTemperature, 3000),
  ])
  func examplesOfTheMakerAreRead(_ id: UInt32, _ data: String, _ point: Point, _ value: Int64)
    throws
  {
    let payload = try #require(Hex.bytes(data.utf8))
    let record = CANRecord.bytes(CANFrame(id: id, isExtended: id > 0x7FF, payload))
    let exchange = Dialect.jkCAN(DialectOptions()).explain(nil, [record])
    #expect(exchange.error == nil)
    #expect(exchange.whole.reading[point] == value)
    var options = DialectOptions()
    options.address = 2
    #expect(!Dialect.jkCAN(options).explain(nil, [record]).whole.reading.hasValues)
  }

  /// A pack of which one page of cells is lost is told only when all of them came in one turn.
  @Test func aLostPageOfCellsKeepsThePictureBack() throws {
    var session = Session(.jkCAN(DialectOptions()))
    // The numbers are those of the documents' examples, which are of no one pack.
    session.gate = nil
    session.linkOpened(at: Tick(0))
    var now: Int64 = 0
    func take(_ id: UInt32, _ data: String) throws -> [Reading] {
      now += 10
      let payload = try #require(Hex.bytes(data.utf8))
      let record = CANRecord.bytes(CANFrame(id: id, isExtended: id > 0x7FF, payload))
      session.received(record.span, at: Tick(now))
      var readings: [Reading] = []
      while true {
        switch session.next(at: Tick(now)) {
        case .reading(let reading, true): readings.append(reading)
        case .wait: return readings
        default: break
        }
      }
    }
    func turn(_ pages: [UInt32]) throws -> [Reading] {
      var readings: [Reading] = []
      for page in pages {
        readings += try take(0x18E0_28F4 + page << 16, "AD0EAB0EA30EA60E")
      }
      readings += try take(0x02F4, "1301D71133")
      readings += try take(0x04F4, "AD0E01A30E03")
      return try readings + take(0x05F4, "48062F013F")
    }
    _ = try turn([0, 1, 2, 3])
    _ = try turn([0, 1, 2, 3])
    #expect(try turn([0, 1, 2, 3]).map(\.cells.count) == [16])
    #expect(try turn([0, 1, 2]).isEmpty)
    #expect(try turn([0, 1, 3]).isEmpty)
    #expect(try turn([0, 1, 2, 3]).last?.cells.count == 16)
  }

  @Test func alarmsOnCANFadeWhenTheyAreNoLongerSent() throws {
    var facts = Facts()
    func take(_ id: UInt32, _ data: String, at now: Int64) throws -> Reading {
      let payload = try #require(Hex.bytes(data.utf8))
      var reading = Reading()
      facts.now = Tick(now)
      let record = CANRecord.bytes(CANFrame(id: id, isExtended: id > 0x7FF, payload))
      try JKCAN.read(record.span, &facts, &reading, board: 0, inverts: true)
      return reading
    }
    let told = try take(0x07F4, "43002000", at: 0)
    #expect(told.alarms == .of(.packUndervoltage))
    #expect(told.warnings == .of(.cellOvervoltage, .socLow))
    let soon = try take(0x02F4, "1301D71133", at: 1500)
    #expect(soon.alarms == .of(.packUndervoltage) && soon.current == .milliamperes(-56_700))
    let later = try take(0x02F4, "1301D71133", at: 2500)
    #expect(later.alarms == [] && later.warnings == [] && later.reportsAlarms)
  }
}
