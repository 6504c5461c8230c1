// SPDX-License-Identifier: Apache-2.0
import Glibc
import Links
import Machine
import Synchronization
import TestKit
import Testing
import Wire

@Suite struct CandumpTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test(
    arguments: [
      ("(1700000000.123456) can0 351#14027400", 1_700_000_000_123_456),
      ("(0000000001.000000) slcan0 7FF#", 1_000_000),
      ("(1436509052.249713) vcan0 18EEFF11#0102030405060708", 1_436_509_052_249_713),
    ] as [(String, Int64)]) func linesComeAndGo(_ text: String, _ moment: Int64) throws
  {
    let line = try #require(CandumpLine(text: text.utf8))
    #expect(line.microseconds == moment)
    var back: [UInt8] = []
    line.append(to: &back)
    #expect(String(decoding: back, as: UTF8.self) == text + "\n")
  }

  @Test(
    arguments: [
      ("(1.5) can0 351#AA R", 1_500_000), ("(12.0625)  can0\t351#AA  T\r", 12_062_500),
      ("(999999999999.999999) can0 351#AA", 999_999_999_999_999_999),
    ] as [(String, Int64)]) func otherWritersAreRead(_ text: String, _ moment: Int64)
  {
    #expect(CandumpLine(text: text.utf8)?.microseconds == moment)
    #expect(CandumpLine(text: text.utf8)?.frame == CANFrame(id: 0x351, [0xAA]))
  }

  @Test(arguments: [
    "", " ", "can0 351#AA", "(1.5) 351#AA", "(1.5 can0 351#AA", "1.5 can0 351#AA",
    "(1) can0 351#AA",
    "(.5) can0 351#AA", "(1.) can0 351#AA", "(1.5.5) can0 351#AA", "(-1.5) can0 351#AA",
    "(1.1234567) can0 351#AA", "(9999999999999.0) can0 351#AA", "(1.5) can0 351#AA X",
    "(1.5) can0 351#R", "(1.5) can0 351##0AA", "(1.5) can0 20000004#0004000000000000",
    "(1.5) can0 351#AA R R", "(1.5)x can0 351#AA",
  ]) func otherTextIsNoLine(_ text: String) { #expect(CandumpLine(text: text.utf8) == nil) }

  @Test func randomTextNeverTraps() {
    let seed: UInt64 = 0xCAD
    var random = SplitMix64(seed: seed)
    let alphabet = Array("(0123456789.) can#ABCDEFRT\u{0}\u{FF}".utf8)
    for _ in 0..<50_000 {
      let length = Int.random(in: 0...60, using: &random)
      let text = (0..<length).map { _ in alphabet.randomElement(using: &random) ?? 0 }
      if let line = CandumpLine(text: text) { #expect(line.frame.count <= 8, "seed \(seed)") }
    }
  }

  @Test func logIsWhatWasRecorded() throws {
    let log = try CandumpLog(path: scratch("log"))
    for id: UInt32 in 0..<100 {
      log.record(CANFrame(id: id, [UInt8(id)]), on: "can0", at: 1_700_000_000_000_000 + Int64(id))
    }
    log.close()
    log.close()
    let lines = try FixtureLine.load(scratch("log"))
    #expect(lines.count == 100)
    #expect(lines.last?.text == "(1700000000.000099) can0 063#63")
    #expect(log.written == 100)
    #expect(log.lost == 0)
  }

  @Test func logIsWrittenWhileItRuns() throws {
    let log = try CandumpLog(path: scratch("log"), milliseconds: 5)
    log.record(CANFrame(id: 1, []), on: "can0")
    #expect(waitUntil { log.written == 1 })
    #expect(try FixtureLine.load(scratch("log")).count == 1)
    log.close()
  }

  @Test func brokenLastLineIsLeftBehind() throws {
    try scratch.write("(1700000000.000000) can0 351#14\n(17000", to: "log")
    let log = try CandumpLog(path: scratch("log"))
    log.record(CANFrame(id: 0x355, []), on: "can0", at: 1)
    log.close()
    let lines = try FixtureLine.load(scratch("log")).map {
      CandumpLine(text: $0.text.utf8)?.frame.id
    }
    #expect(lines == [0x351, nil, 0x355])
  }

  @Test func oldFilesAreKeptByNumber() throws {
    // 32 bytes a line: two lines fill a file.
    var rotation = Rotation()
    rotation.largest = 70
    rotation.kept = 2
    for id: UInt32 in 1...9 {
      let log = try CandumpLog(path: scratch("log"), rotation: rotation)
      log.record(CANFrame(id: id, [1]), on: "can0", at: 1_700_000_000_000_000)
      log.close()
    }
    let ids = try ["log.2", "log.1", "log"].flatMap { name in
      try FixtureLine.load(scratch(name)).map { CandumpLine(text: $0.text.utf8)?.frame.id }
    }
    #expect(ids == [5, 6, 7, 8, 9])
    #expect(throws: SystemError.self) { _ = try Repository.bytes(scratch("log.3")) }
  }

  @Test func fullDiskIsToldOnceAndCounted() throws {
    let told = Mutex<[String]>([])
    let log = try CandumpLog(path: "/dev/full", milliseconds: 1) { news in
      told.withLock { $0.append("\(news)") }
    }
    for id: UInt32 in 1...3 {
      log.record(CANFrame(id: id, []), on: "can0")
      #expect(waitUntil { log.errors == UInt64(id) })
    }
    log.close()
    #expect(log.lost == 3)
    #expect(log.written == 0)
    #expect(
      told.withLock { $0 }
        == ["/dev/full: no space left on device; it is incomplete from here"])
  }

  @Test func diskThatComesBackIsUsed() throws {
    let log = try CandumpLog(path: scratch("later/log"), milliseconds: 1)
    log.record(CANFrame(id: 1, []), on: "can0")
    #expect(waitUntil { log.errors == 1 })
    #expect(try Program.run(["mkdir", scratch("later")]).exit == .status(0))
    log.record(CANFrame(id: 2, []), on: "can0", at: 5)
    log.close()
    #expect(try Repository.text(scratch("later/log")) == "(0000000000.000005) can0 002#\n")
  }

  @Test func tooManyAtOnceAreCounted() throws {
    let log = try CandumpLog(path: scratch("log"), capacity: 10, milliseconds: 60_000)
    for id: UInt32 in 1...1_000 { log.record(CANFrame(id: id, []), on: "can0") }
    log.close()
    #expect(log.written + log.lost == 1_000)
    #expect(log.written >= 10)
  }
}
