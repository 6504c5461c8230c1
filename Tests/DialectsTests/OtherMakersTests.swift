// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

/// What the languages of Pylontech, Seplos, Victron and Discover have of their own.
struct OtherMakersTests {
  private func whole(_ dialect: String, _ id: String) throws -> [UInt8] {
    Array(try #require(Fixture.load(dialect).first { $0.id == id }).chunks.joined())
  }

  private func read(_ dialect: Dialect, _ bytes: [UInt8], _ request: Request?) -> Reading? {
    var facts = Facts()
    var reading = Reading()
    do {
      try dialect.read(bytes.span, request, &facts, &reading)
    } catch { return nil }
    return reading.hasValues ? reading : nil
  }

  private func scan(_ dialect: Dialect, _ bytes: [UInt8], _ request: Request? = nil) -> Scan {
    dialect.scan(bytes.span, request)
  }

  /// The requests that the maker's documents and other programs print.
  @Test func requestsAreTheDocuments() {
    #expect(Pylontech.encode(0x42, 2) == Array("~20024642E00202FD33\r".utf8))
    #expect(Pylontech.encode(0x47, 2) == Array("~200246470000FDA7\r".utf8))
    #expect(Pylontech.encode(0x92, 2) == Array("~20024692E00202FD2E\r".utf8))
    #expect(SeplosV2.encode(0x42, 0) == Array("~20004642E00200FD37\r".utf8))
    #expect(SeplosV2.encode(0x44, 15) == Array("~200F4644E0020FFD09\r".utf8))
    #expect(SeplosV3.encode(0, SeplosV3.cells) == [0, 4, 0x11, 0, 0, 0x1A, 0x75, 0x2C])
    #expect(SeplosV3.encode(1, SeplosV3.pack) == [1, 4, 0x10, 0, 0, 0x11, 0x34, 0xC6])
  }

  @Test func aFrameIsTakenApartAsItWasMade() throws {
    let frame = TildeFrame(version: 0x20, address: 0x37, code: 0x92, info: [0, 255, 16])
    let bytes = frame.encode()
    let again = try TildeFrame(bytes.span)
    #expect(again == frame)
    #expect(bytes.count == 24 && bytes.first == 0x7E && bytes.last == 0x0D)
  }

  /// The answer of one battery is none of another, and that of all is none of one.
  @Test func answersAreTheOwnBatterys() throws {
    let dialect = Dialect.pylontechRS485(.init())
    let own = try whole("pylontech-rs485", "pylontech-us3000c-42")
    func ask(_ address: UInt8) -> Request {
      Request(tag: 0, bytes: Pylontech.encode(0x42, address))
    }
    #expect(read(dialect, own, ask(2)) != nil)
    #expect(read(dialect, own, ask(3)) == nil)
    #expect(scan(dialect, own, ask(3)) == .skip(own.count))
    let all = try whole("pylontech-rs485", "pylontech-us3000-us2000-mixed")
    #expect(read(dialect, all, ask(2)) == nil)
    for id in ["pylontech-us2kbpl-44", "pylontech-us2kbpl-92", "pylontech-us2kbpl-47"] {
      #expect(read(dialect, try whole("pylontech-rs485", id), ask(2)) == nil, "\(id)")
    }
    // Our own request on the line is no answer.
    #expect(scan(dialect, ask(2).bytes, ask(2)) == .skip(20))
  }

  /// With a checksum that holds, what no battery can be is still refused.
  @Test func checkedNonsenseIsRefused() throws {
    let dialect = Dialect.pylontechRS485(.init())
    let request = Request(tag: 0, bytes: Pylontech.encode(0x42, 2))
    let captured = try whole("pylontech-rs485", "pylontech-us3000c-42")
    let good = try TildeFrame(captured.span)
    func rejects(_ change: (inout [UInt8]) -> Void) -> Bool {
      var frame = good
      change(&frame.info)
      return read(dialect, frame.encode(), request) == nil
    }
    #expect(!rejects { _ in })
    #expect(rejects { $0[3] ^= 0x04 })
    #expect(rejects { $0[2] = 14 })
    #expect(rejects { $0[1] = 7 })
    #expect(rejects { $0[33] = 6 })
    #expect(rejects { $0[36] = 0 })
    #expect(rejects { $0.append(0) })
    #expect(rejects { $0[46] = 0xD0 })
    #expect(
      rejects {
        $0[4] = 0x00; $0[3] = 0x01
      })
    // Charge: more than the battery holds.
    #expect(rejects { $0[55] = 0x09 })
  }

  /// Every captured block of a monitor with one bit turned: never believed.
  @Test(arguments: Fixture.load("ve-direct").filter(\.isCaptured))
  func noTurnedBitOfABlockIsBelieved(_ fixture: Fixture) throws {
    let dialect = Dialect.veDirect(.init())
    let bytes = Array(fixture.chunks.joined())
    guard case .broadcast(bytes.count) = scan(dialect, bytes) else { return }
    #expect(read(dialect, bytes, nil) != nil)
    for bit in 0..<bytes.count * 8 {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << (bit % 8)
      guard case .broadcast(let length) = scan(dialect, damaged), length <= damaged.count else {
        continue
      }
      #expect(read(dialect, Array(damaged[..<length]), nil) == nil, "bit \(bit)")
    }
    for length in 0..<bytes.count {
      // A block is known as one before its very last byte.
      switch scan(dialect, Array(bytes[..<length])) {
      case .broadcast(let found): #expect(found > length)
      case let scan: #expect(scan == .incomplete, "\(length) bytes")
      }
    }
  }

  /// A charger's block holds a voltage and a current, too: they are not a battery's.
  @Test func aChargerIsNoBattery() {
    let dialect = Dialect.veDirect(.init())
    func block(_ text: String) -> [UInt8] {
      var bytes = Array((text + "\r\nChecksum\t").utf8)
      bytes.append(bytes.reduce(0) { $0 &- $1 })
      return bytes
    }
    let charger =
      "\r\nPID\t0xA04C\r\nFW\t127\r\nV\t14990\r\nI\t2770\r\nVPV\t20450\r\nPPV\t42\r\nCS\t4"
    #expect(read(dialect, block(charger), nil) == nil)
    let shunt = "\r\nPID\t0xA389\r\nV\t12868\r\nI\t100\r\nP\t1\r\nCE\t0\r\nSOC\t1000\r\nTTG\t-1"
    #expect(read(dialect, block(shunt), nil)?[.soc] == 100_000_000)
    #expect(read(dialect, block(shunt), nil)?[.timeToEmpty] == nil)
    #expect(read(dialect, block(shunt + "\r\nMON\t-9"), nil) == nil)
    #expect(read(dialect, block(shunt + "\r\nMON\t0"), nil) != nil)
    #expect(read(dialect, block(shunt.replacing("P\t1", with: "P\t500")), nil) == nil)
    #expect(read(dialect, block(shunt.replacing("SOC\t1000", with: "SOC\t1001")), nil) == nil)
    #expect(read(dialect, block(shunt.replacing("V\t12868", with: "V\t12 68")), nil) == nil)
  }

  /// A cycle that began too long ago is not told together with what comes now.
  @Test func aCycleIsOfOneSecond() throws {
    let fixture = try #require(Fixture.load("discover-can").first)
    func cycle(at times: [Int64]) -> [Reading] {
      var session = Session(.discoverCAN(.init()))
      session.linkOpened(at: Tick(0))
      var live: [Reading] = []
      for (chunk, time) in zip(fixture.chunks, times) {
        guard let frame = CANFrame(text: chunk) else { continue }
        session.received(CANRecord.bytes(frame).span, at: Tick(time))
        turns: while true {
          switch session.next(at: Tick(time)) {
          case .reading(let reading, true): live.append(reading)
          case .wait: break turns
          default: break
          }
        }
      }
      return live
    }
    #expect(cycle(at: [0, 10, 20, 30, 40]).count == 1)
    #expect(cycle(at: [0, 10, 20, 30, 40]).first?[.voltage] == 52_200)
    #expect(cycle(at: [0, 10, 20, 30, 2000]).isEmpty)
  }
}
