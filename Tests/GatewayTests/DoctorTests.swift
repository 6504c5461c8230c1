// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Gateway
import Quantities
import TestKit
import Testing
import Text
import Wire

/// The doctor names what is wrong with a line, from what a conversation counted.
struct DoctorTests {
  static let baud = 9600

  /// A Daly board of the newer kind, all of whose registers are known.
  static func answer(_ request: [UInt8]) -> [UInt8] {
    guard request.count == 8, request[1] == 3, request[2] == 0, request[3] == 0 else { return [] }
    let count = Int(request[5])
    var words = [UInt16](repeating: 0, count: count)
    guard count >= 62 else { return [] }
    for index in 0..<16 { words[index] = 3300 + UInt16(index) }
    let sum = words[0..<16].reduce(0) { $0 + Int($1) }
    words[0x20] = 60
    words[0x28] = UInt16(sum / 100)
    words[0x29] = 30_050
    words[0x2A] = 512
    words[0x2B] = 3315
    words[0x2C] = 3300
    words[0x2D] = 60
    words[0x2E] = 60
    words[0x31] = 16
    words[0x32] = 1
    words[0x35] = 1
    words[0x37] = 3307
    words[0x36] = 1
    var bytes: [UInt8] = [0xD2, 3, UInt8(2 * count)]
    for word in words { bytes.appendBig(word) }
    bytes.appendLittle(Checksum.crc16Modbus(bytes.span))
    return bytes
  }

  /// What the doctor says after some minutes on a line that makes of an answer what it is told to.
  static func causes(
    minutes: Int64 = 5,
    _ line: (_ request: [UInt8], _ answer: [UInt8], _ at: Int64) -> [UInt8]
  ) throws -> [Finding] {
    let dialect = try #require(Dialect.named("daly-d2"))
    var session = Session(dialect, rates: PollRates(livePeriod: 1000))
    session.linkOpened(at: Tick(0))
    var now: Int64 = 0
    var arriving: (at: Int64, bytes: [UInt8])?
    while now < minutes * 60_000 {
      var wake = now + 1000
      steps: while true {
        switch session.next(at: Tick(now)) {
        case .send(let bytes):
          arriving = (now + 150, line(bytes, answer(bytes), now + 20))
        case .wait(let until):
          wake = until.milliseconds
          break steps
        default: break
        }
      }
      if let bytes = arriving, bytes.at <= wake {
        now = max(now, bytes.at)
        arriving = nil
        session.received(bytes.bytes.span, at: Tick(now))
      } else {
        now = max(now + 1, wake)
      }
    }
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("name", "house")
      writer.field("dialect", "daly-d2")
      writer.object("link") { writer in
        writer.field("up", true)
        writer.fields(of: session.statistics)
        writer.fields(of: session.rejections)
        writer.newest(of: session.rejections, at: Tick(now))
      }
    }
    let view = try JSON5Reader.read(Array(writer.text.utf8), as: .json)
    return Finding.ordered(LinkHealth(view, baud: baud).findings)
  }

  @Test func aGoodLineIsWell() throws {
    let found = try Self.causes { _, answer, _ in answer }
    #expect(found.isEmpty, "\(found)")
  }

  @Test func silenceIsNamed() throws {
    let found = try Self.causes(minutes: 1) { _, _, _ in [] }
    #expect(found.map(\.cause) == ["silent"])
    #expect(found.first?.level == .wrong)
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func turnedBitsAreNamed(_ seed: UInt64) throws {
    var dice = SplitMix64(seed: seed)
    let found = try Self.causes { _, answer, _ in
      answer.map { dice.oneIn(300) ? $0 ^ (1 << UInt8.random(in: 0...7, using: &dice)) : $0 }
    }
    #expect(found.first?.cause == "turned_bits", "seed \(seed): \(found)")
    #expect(found.first?.level == .wrong)
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func lostBytesAreNamed(_ seed: UInt64) throws {
    var dice = SplitMix64(seed: seed)
    let found = try Self.causes { _, answer, _ in answer.filter { _ in !dice.oneIn(300) } }
    #expect(found.first?.cause == "lost_bytes", "seed \(seed): \(found)")
  }

  @Test func anEchoIsNamed() throws {
    let well = try Self.causes { request, answer, _ in request + answer }
    #expect(well.map(\.cause) == ["echo"], "\(well)")
    #expect(well.first?.level == .watch)
    let alone = try Self.causes { request, _, _ in request }
    #expect(alone.map(\.cause) == ["echo"], "\(alone)")
    #expect(alone.first?.level == .wrong)
  }

  /// At half or double the speed a line is read as other bytes, fewer or more.
  @Test(arguments: [1, 2])
  func aWrongSpeedIsNamed(_ factor: Int) throws {
    let found = try Self.causes(minutes: 1) { _, answer, _ in
      // Start, eight data bits from the lowest, stop; then read at another speed.
      var bits: [Bool] = []
      for byte in answer {
        bits.append(false)
        for bit in UInt8(0)..<8 { bits.append(byte >> bit & 1 == 1) }
        bits.append(true)
      }
      var read: [Bool] = []
      for (index, bit) in bits.enumerated() {
        if factor == 2 { read += [bit, bit] } else if index % 2 == 0 { read.append(bit) }
      }
      var bytes: [UInt8] = []
      var index = 0
      while index + 9 < read.count {
        guard !read[index] else {
          index += 1
          continue
        }
        var byte: UInt8 = 0
        for bit in 0..<8 where read[index + 1 + bit] { byte |= 1 << UInt8(bit) }
        bytes.append(byte)
        index += 10
      }
      return bytes
    }
    #expect(found.map(\.cause) == ["wrong_speed"], "\(found)")
  }

  /// Bursts at each half-period of the mains, while something big is switched on.
  @Test(arguments: [50, 60], [UInt64(1), 2, 3])
  func theMainsAreNamed(_ hertz: Int, _ seed: UInt64) throws {
    var dice = SplitMix64(seed: seed)
    let half = 1_000_000 / (2 * hertz)
    let found = try Self.causes { _, answer, at in
      guard at / 10_000 % 3 == 1 else { return answer }
      let phase = Int.random(in: 0..<half, using: &dice)
      return answer.enumerated().map { index, byte in
        let time = phase + index * 10 * 1_000_000 / Self.baud
        return time % half < 1200 && !dice.oneIn(3)
          ? byte ^ UInt8.random(in: 1...255, using: &dice)
          : byte
      }
    }
    #expect(found.first?.cause == "mains_noise", "seed \(seed): \(found)")
    #expect(found.first?.seen.contains("\(hertz) Hz") == true, "seed \(seed): \(found)")
  }

  @Test func looseWiresAndSensorsAreNamed() throws {
    func changed(_ change: @escaping (inout [UInt8]) -> Void) throws -> [String] {
      try Self.causes { _, answer, _ in
        guard answer.count > 70 else { return answer }
        var bytes = Array(answer.dropLast(2))
        change(&bytes)
        bytes.appendLittle(Checksum.crc16Modbus(bytes.span))
        return bytes
      }.map(\.cause)
    }
    #expect(
      try changed { bytes in
        bytes[3 + 6] = 0
        bytes[4 + 6] = 100
      } == ["impossible_value"])
    #expect(try changed { $0[3 + 0x50] = 0x01 } == ["contradiction"])
    #expect(
      try changed { bytes in
        bytes[3 + 0x41] = 0
        for place in [0x2D, 0x2E] { bytes[4 + 2 * place] = 0 }
      } == ["sensor_off"])
  }

  @Test func aGatewayIsJudgedBesideItsLinks() throws {
    let text = """
      {"batteries":[{"name":"house","freshness":"lost","age_ms":90000,
       "identity":{"doubted_for_ms":61000,"same_unit_as":"shed"},"no_limits_because":"x"}],
       "inverters":[{"name":"gx","link":{"up":true,"bus":{"state":"bus_off","bus_off":2,"unacknowledged":9}}}],
       "history":{"path":"h.db","stored":5,"dropped":3,"fault":"no space"},
       "parts":[{"name":"watchdog","state":"failing","fault":"gone"}],"reload":{"taken":false}}
      """
    let found = Finding.ordered(Finding.of(try JSON5Reader.read(Array(text.utf8), as: .json)))
    #expect(
      found.map(\.cause) == [
        "old_values", "other_battery", "same_unit", "bus_errors", "nobody_listens", "history_fault",
        "watchdog", "settings_refused", "no_limits", "history_dropped", "inverter_unheard",
      ])
    let well = """
      {"batteries":[{"name":"house","freshness":"fresh","identity":{"serial":"A"}}],
       "inverters":[{"name":"gx","heard_ms_ago":5,"link":{"up":true,"bus":{"state":"active","bus_off":0}}}],
       "history":{"path":"h.db","stored":5,"dropped":0},"parts":[{"name":"control","state":"running"}]}
      """
    #expect(Finding.of(try JSON5Reader.read(Array(well.utf8), as: .json)).isEmpty)
  }
}
