// SPDX-License-Identifier: Apache-2.0

import Quantities
import Testing

@testable import Battery

/// What passes between a conversation and those who use its numbers.
struct GateTests {
  static func reading(cell: Int32 = 33_000, current: Int32 = -10_000, cells: Int = 4) -> Reading {
    var reading = Reading()
    for _ in 0..<cells { reading.cells.append(CellVoltage(raw: cell)) }
    reading.set(.voltage, reading.cells.sum)
    reading.set(.current, Current(raw: current))
    reading.set(.soc, Percent.percent(50))
    reading[.cellCount] = Int64(cells)
    reading.temperatures.append(.degrees(20))
    return reading
  }

  /// Which of these readings, one a second, pass.
  static func passes(_ check: FrameCheck, _ readings: [Reading]) -> [Bool] {
    var gate = Gate(Trust(check))
    return readings.enumerated().map { index, reading in
      gate.judge(reading, on: 0, isLive: true, at: Tick(Int64(index) * 1000)) == nil
    }
  }

  @Test func whatGoesOnPassesAtOnce() {
    let calm = (0..<20).map { Self.reading(cell: 33_000 + 50 * $0, current: -10_000 + 900 * $0) }
    #expect(!Self.passes(.crc16, calm).contains(false))
    #expect(Self.passes(.sum8, calm) == [false] + Array(repeating: true, count: 19))
  }

  /// A true step is held back once, and a single wrong reading never passes.
  @Test(arguments: FrameCheck.allCases)
  func aLeapIsSeenTwice(_ check: FrameCheck) {
    let low = Self.reading()
    let high = Self.reading(cell: 42_000)
    let begin = check.isWeak ? [false, true] : [true, true]
    #expect(Self.passes(check, [low, low, high, low, low]) == begin + [false, true, true])
    #expect(Self.passes(check, [low, low, high, high, high]) == begin + [false, true, true])
    // Two of the last three.
    #expect(Self.passes(check, [low, low, high, low, high]) == begin + [false, true, true])
  }

  @Test func eachKindOfValueIsWatched() {
    let calm = Self.reading()
    func isHeld(_ check: FrameCheck, _ change: (inout Reading) -> Void) -> Bool {
      var other = calm
      change(&other)
      return Self.passes(check, [calm, calm, other]).last == false
    }
    #expect(!isHeld(.sum8) { _ in })
    #expect(isHeld(.sum8) { $0.set(.current, Current(raw: 300_000)) })
    #expect(!isHeld(.crc16) { $0.set(.current, Current(raw: 300_000)) })
    #expect(isHeld(.sum8) { $0.set(.soc, Percent.percent(54)) })
    #expect(isHeld(.crc16) { $0.set(.soc, Percent.percent(65)) })
    #expect(isHeld(.crc16) { $0.set(.voltage, Voltage(raw: 20_000)) })
    #expect(isHeld(.sum8) { $0.temperatures.place(.degrees(30), at: 0) })
    #expect(isHeld(.crc16) { $0.temperatures.place(.degrees(60), at: 0) })
    #expect(isHeld(.crc16) { $0[.cellCount] = 5 })
    #expect(isHeld(.crc16) { $0.cells.append(CellVoltage(raw: 33_000)) })
    #expect(isHeld(.xor8) { $0[.chargeEnabled] = 0 })
    #expect(isHeld(.crc8) { $0.identity.serial = Label("A1".utf8) })
    #expect(isHeld(.sum8) { $0.cutoffs.cellOvervoltage = CellVoltage(raw: 42_000) })
    #expect(
      isHeld(.sum8) {
        $0.reportsAlarms = true
        $0.alarms = AlarmSet(.cellOvervoltage)
      } == false)
    #expect(!isHeld(.sum16) { $0.cutoffs.cellOvervoltage = CellVoltage(raw: 42_000) })
  }

  /// With weak checks a new alarm is confirmed; with strong ones it acts at once.
  @Test func alarmsAreConfirmedWhereTheCheckIsWeak() {
    var calm = Self.reading()
    calm.reportsAlarms = true
    var alarmed = calm
    alarmed.alarms = AlarmSet(.shortCircuit)
    #expect(Self.passes(.sum8, [calm, calm, alarmed, alarmed]) == [false, true, false, true])
    #expect(Self.passes(.crc16, [calm, calm, alarmed]) == [true, true, true])
  }

  /// However wild the truth, at most two readings in a row are held back.
  @Test(arguments: FrameCheck.allCases)
  func nothingTrueIsLockedOut(_ check: FrameCheck) {
    let wild = (0..<60).map {
      Self.reading(cell: 25_000 + Int32(($0 * 7919) % 17) * 1000, current: Int32($0 % 7) * 250_000)
    }
    let passed = Self.passes(check, wild)
    for index in 0..<(passed.count - 2) {
      #expect(passed[index] || passed[index + 1] || passed[index + 2], "from \(index)")
    }
  }

  /// What a battery may do in a long silence is more.
  @Test func boundsGrowWithTime() {
    var gate = Gate(Trust(.crc16))
    #expect(gate.judge(Self.reading(), on: 0, isLive: true, at: Tick(0)) == nil)
    let later = Self.reading(cell: 41_000)
    #expect(gate.judge(later, on: 0, isLive: true, at: Tick(60_000)) == nil)
    gate.forget()
    #expect(gate.judge(Self.reading(cell: 20_000), on: 0, isLive: true, at: Tick(60_100)) == nil)
  }

  /// Readings in answer to other questions are judged by themselves.
  @Test func questionsAreApart() {
    var gate = Gate(Trust(.sum8))
    var name = Reading()
    name.identity.serial = Label("B7".utf8)
    #expect(gate.judge(name, on: 1, isLive: false, at: Tick(0))?.kind == .first)
    #expect(gate.judge(Self.reading(), on: 0, isLive: true, at: Tick(10))?.kind == .first)
    #expect(gate.judge(name, on: 1, isLive: false, at: Tick(20)) == nil)
    #expect(gate.judge(Self.reading(), on: 0, isLive: true, at: Tick(30)) == nil)
  }

  @Test func sentinelsAreAbsent() {
    let trust = Trust(.sum8, sentinels: [.temperature(.degrees(-40)), .init(.count, 65_535)])
    var gate = Gate(trust)
    var reading = Self.reading()
    reading.temperatures.append(.degrees(-40))
    reading.set(.temperatureMin, .some(Temperature.degrees(-40)))
    reading[.cycles] = 65_535
    let found = gate.clean(&reading)
    #expect(found.objection == nil && found.isStripped)
    #expect(reading.temperatures.count == 2 && reading.temperatures[1] == nil)
    #expect(reading.temperatures[0] == .degrees(20))
    #expect(reading[.temperatureMin] == nil && reading[.cycles] == nil)
    var whole = Self.reading()
    #expect(!gate.clean(&whole).isStripped)
    _ = gate.judge(whole, on: 0, isLive: true, at: Tick(0))
  }

  @Test func whatNoBatteryCanBeIsRefused() {
    func kind(_ empty: CellVoltage? = nil, _ change: (inout Reading) -> Void) -> Objection.Kind? {
      var reading = Self.reading()
      change(&reading)
      return Physics.objection(to: reading, emptyCell: empty)?.kind
    }
    #expect(kind { _ in } == nil)
    #expect(kind { $0.cells.place(CellVoltage(raw: 2999), at: 0) } == .range)
    #expect(kind { $0.cells.place(CellVoltage(raw: 55_001), at: 0) } == .range)
    #expect(kind { $0.cells.place(.zero, at: 3) } == .range)
    #expect(
      kind(.zero) {
        $0.cells.place(.zero, at: 3)
        $0.set(.voltage, $0.cells.sum)
      } == nil)
    #expect(kind { $0.temperatures.place(.degrees(151), at: 0) } == .range)
    #expect(kind { $0.temperatures.place(.degrees(-61), at: 0) } == .range)
    #expect(kind { $0[.soc] = 110_000_001 } == .range)
    #expect(kind { $0[.current] = -2_000_001 } == .range)
    #expect(kind { $0[.cellCount] = 0 } == .range)
    #expect(kind { $0[.voltage] = 13_200 + 660 + 500 } == nil)
    #expect(kind { $0[.voltage] = 13_200 + 660 + 501 } == .sum)
    #expect(kind { $0[.voltage] = 13_200 - 660 - 501 } == .sum)
    #expect(kind { $0[.cellMin] = 31_999 } == .sum)
    #expect(kind { $0[.cellMin] = 32_000 } == nil)
    #expect(kind { $0[.cellMax] = 34_001 } == .sum)
    #expect(
      kind {
        $0.cells = Cells()
        $0[.cellMin] = 33_000
        $0[.cellMax] = 32_999
      } == .sum)
  }

  @Test func theNewestRejectionsAreKept() {
    var rejections = Rejections()
    for index in 0..<40 {
      let kind: Objection.Kind = index % 4 == 0 ? .checksum : .jump
      rejections.note(
        Rejection(
          Objection(kind, "x"), at: Tick(Int64(index)),
          request: [UInt8](repeating: 1, count: 100), reply: [UInt8](repeating: 2, count: 1000)))
    }
    #expect(rejections.total == 40 && rejections[.checksum] == 10 && rejections[.jump] == 30)
    #expect(rejections.newest.map(\.at.milliseconds) == Array(8..<40).map { Int64($0) })
    #expect(rejections.newest.allSatisfy { $0.request.count == 64 && $0.reply.count == 256 })
    #expect(Objection.Kind.allCases.count == Objection.Kind.count)
  }

  @Test func anotherBatteryIsDoubtedForFiveMinutes() {
    var recognition = Recognition()
    var first = Self.reading()
    first.identity.serial = Label("A".utf8)
    #expect(recognition.take(first, isLive: true, at: Tick(0)) == nil)
    #expect(!recognition.isDoubted)
    #expect(
      recognition.take(Self.reading(cells: 5), isLive: true, at: Tick(1000))
        == .cells(from: 4, to: 5))
    #expect(recognition.isDoubted)
    var other = Self.reading(cells: 5)
    other.identity.serial = Label("B".utf8)
    #expect(
      recognition.take(other, isLive: false, at: Tick(100_000))
        == .serial(from: Label("A".utf8), to: Label("B".utf8)))
    // A long silence proves nothing.
    #expect(recognition.take(other, isLive: true, at: Tick(900_000)) == nil)
    #expect(recognition.doubt == Recognition.proof - 10_000)
    var now: Int64 = 900_000
    for _ in 0..<289 {
      now += 1000
      _ = recognition.take(other, isLive: true, at: Tick(now))
    }
    #expect(recognition.isDoubted)
    _ = recognition.take(other, isLive: true, at: Tick(now + 1000))
    #expect(!recognition.isDoubted)
    _ = recognition.take(Self.reading(), isLive: true, at: Tick(now + 2000))
    #expect(recognition.isDoubted)
    recognition.agree()
    #expect(!recognition.isDoubted && recognition.cells == 4)
  }
}
