// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

@testable import Simulation

@Suite struct UnitCommandTests {
  @Test func everyReadingCommandIsAnsweredInItsOwnShape() throws {
    var bench = UnitBench(soc: .percent(42))
    bench.senses.current = .milliamperes(-12_340)
    bench.senses.outside = (.decidegrees(215), nil)
    bench.setCells((0..<16).map { 3300 + $0 })
    bench.run(10)
    let volts = Float(52_920) / 1000
    let amperes = Float(-1234) / 100

    #expect(try bench.ask(.packVoltage) == .packVoltage(Binary32(bits: volts.bitPattern)))
    #expect(try bench.ask(.packCurrent) == .packCurrent(Binary32(bits: amperes.bitPattern)))
    #expect(try bench.ask(.highestCell) == .highestCell(3315))
    #expect(try bench.ask(.lowestCell) == .lowestCell(3300))
    #expect(try bench.ask(.status) == .status(0x93))
    #expect(try bench.ask(.lifetime) == .lifetime(5_184_001))
    #expect(try bench.ask(.soc) == .soc(UInt32(bench.unit.soc.raw)))
    #expect(
      try bench.ask(.temperatures)
        == .temperatures(internal: 200, external1: 215, external2: -32_768))
    #expect(try bench.ask(.cells) == .cells((0..<16).map { UInt16(33_000 + 10 * $0) }))
    let version = TinyBMS.Version(
      hardware: 2, hardwareChanges: 1, firmware: 3, internalFirmware: 254)
    #expect(try bench.ask(.version) == .version(version))
    #expect(
      try bench.ask(.extendedVersion) == .extendedVersion(version, bootloader: 24, registerMap: 4))
    guard case .trip(let speed, let distance, let time) = try bench.ask(.trip) else {
      Issue.record("no answer to 20")
      return
    }
    #expect(speed.bits == 0)
    #expect(distance == 0)
    // 42 Ah at 12.34 A.
    #expect((Int(time) - 12_252).magnitude < 5)
  }

  @Test func threeWaysOfReadingAgree() throws {
    var bench = UnitBench()
    guard case .readModbus(let modbus) = try bench.ask(.readModbus(address: 0, count: 57)),
      case .readBlock(let block) = try bench.ask(.readBlock(address: 0, count: 57)),
      case .readIndividual(let single) = try bench.ask(.readIndividual((0..<57).map { UInt16($0) }))
    else {
      Issue.record("not answered")
      return
    }
    #expect(modbus == block)
    #expect(modbus == single.map(\.value))
    #expect(single.map(\.address) == (0..<57).map { UInt16($0) })
  }

  @Test(arguments: [4, 13, 14, 16]) func cellsFillTheBlockFromItsTop(_ series: Int) throws {
    var bench = UnitBench(series: series)
    bench.setCells((0..<series).map { 3300 + $0 })
    bench.run(1)
    let words = try bench.read(0, 16)
    let expected: [UInt16] = (0..<series).map { UInt16(33_000 + 10 * $0) }
    #expect(words.prefix(16 - series).allSatisfy { $0 == 0 })
    #expect(Array(words.suffix(series)) == expected)
    #expect(try bench.read(53, 1) == [UInt16(series)])
    #expect(try bench.ask(.cells) == .cells(Array(words.suffix(series))))
    #expect(try bench.read(40, 2) == [3300, UInt16(3300 + series - 1)])
  }

  @Test func balancingBitsAreNumberedAsRegisters() throws {
    var bench = UnitBench(series: 14)
    bench.setCells([3700] + .init(repeating: 3400, count: 13))
    bench.run(1)
    #expect(try bench.read(51, 1) == [0b100])
  }

  @Test func everyReadableRegisterOfTheMapIsAnswered() throws {
    var bench = UnitBench()
    for row in Dialect.tinyBMS.registers where row.address < 510 {
      let words = try bench.read(row.address, UInt8(row.form.words))
      #expect(words.count == row.form.words, "register \(row.address)")
    }
    #expect(try bench.read(500, 4) == [0x0102, 0x0303, 254, 0x0418])
    let serial = try bench.read(504, 6)
    #expect(serial.contains { $0 != 0 })
    #expect(try bench.read(34, 2) == [UInt16(41_777_412 & 0xFFFF), UInt16(41_777_412 >> 16)])
  }

  @Test func refusesWhatItDoesNotKnow() throws {
    var bench = UnitBench()
    #expect(try bench.ask(.readIndividual([599])) == .refused(command: 0x09, code: 0))
    #expect(try bench.ask(.readBlock(address: 509, count: 2)) == .refused(command: 0x07, code: 0))
    #expect(try bench.read(600, 2) == [0xFFFB, 0xFFFB])
    // The captured refusal: register 306 with its address the wrong way round.
    let wrong: [UInt8] = [0xAA, 0x10, 0x32, 0x01, 0x00, 0x01, 0x02, 0x40, 0x01, 0xCF, 0x75]
    let reply = bench.exchange(wrong)
    #expect(reply?.bytes == [0xAA, 0x00, 0x10, 0x00, 0x2C, 0x3C])
  }

  @Test func refusesAWrongChecksumWithCodeOne() throws {
    var bench = UnitBench()
    for command in [
      TinyBMS.Command.status, .readModbus(address: 0, count: 4), .reset(.clearEvents),
    ] {
      var bytes = command.encode()
      bytes[bytes.count - 1] ^= 0xFF
      let answer = bench.exchange(bytes)
      let reply = try #require(answer)
      #expect(
        try TinyBMS.Reply(reply.bytes.span, to: command) == .refused(command: command.code, code: 1)
      )
      bench.run(1)
    }
    #expect(!bench.events.isEmpty)
  }

  @Test(arguments: [(1, 2), (16, 5), (40, 10), (125, 26)])
  func answersAsFastAsMeasured(_ count: Int, _ milliseconds: Int64) throws {
    var bench = UnitBench()
    let answer = bench.exchange(
      TinyBMS.Command.readModbus(address: 0, count: UInt8(count)).encode())
    let reply = try #require(answer)
    #expect((reply.delay - milliseconds).magnitude <= 1)
  }

  @Test func requestInPiecesIsAnsweredOnceAndStaleOnesAreForgotten() throws {
    var bench = UnitBench()
    let bytes = TinyBMS.Command.status.encode()
    for byte in bytes.dropLast() {
      bench.unit.received([byte].span, at: bench.now)
      bench.now = bench.now + 1
    }
    let reply = bench.exchange([bytes[3]])
    #expect(reply?.bytes.count == 6)

    bench.unit.received(bytes[0..<3].span, at: bench.now)
    bench.now = bench.now + 100
    #expect(try bench.ask(.soc) != nil)
  }

  @Test func noiseBeforeARequestIsPassedOver() {
    var bench = UnitBench()
    let reply = bench.exchange([0x00, 0x17, 0xFF] + TinyBMS.Command.status.encode())
    #expect(reply?.bytes == TinyBMS.Reply.status(0x97).encode())
  }

  @Test func sleepsAfterTenSecondsAndIsWokenByACommandThatGoesUnanswered() throws {
    var bench = UnitBench()
    #expect(try bench.ask(.status) != nil)
    bench.run(98)
    #expect(!bench.unit.isAsleep)
    bench.run(4)
    #expect(bench.unit.isAsleep)
    #expect(try bench.ask(.status) == nil)
    #expect(!bench.unit.isAsleep)
    #expect(try bench.ask(.status) == .status(0x97))
    let causes = try bench.read(114, 1)
    #expect(causes[0] >> 8 == 3)
  }

  @Test func staysAwakeWithChargerCurrentOrTraffic() throws {
    var charged = UnitBench()
    charged.senses.hasCharger = true
    charged.run(300)
    #expect(!charged.unit.isAsleep)

    var drawn = UnitBench()
    drawn.senses.current = .amperes(-2)
    drawn.run(300)
    #expect(!drawn.unit.isAsleep)

    var asked = UnitBench()
    for _ in 0..<5 {
      asked.run(90)
      #expect(try asked.ask(.status) != nil)
    }
  }

  @Test func chargerAndCurrentWakeItWithinASecond() {
    var bench = UnitBench()
    bench.run(120)
    #expect(bench.unit.isAsleep)
    bench.senses.hasCharger = true
    bench.run(10)
    #expect(!bench.unit.isAsleep)

    var other = UnitBench()
    other.run(120)
    other.senses.current = .amperes(-5)
    other.run(10)
    #expect(!other.unit.isAsleep)
    #expect(other.unit.wakeCause == 2)
  }
}
