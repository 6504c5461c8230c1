// SPDX-License-Identifier: Apache-2.0

import Battery
import Inverters
import Quantities
import TestKit
import Testing
import Wire

@Suite("When frames go out") struct ScheduleTests {
  private func bus(period: Int64 = 1000, gap: Int64 = 20) -> Bus {
    Bus(schedule: InverterSchedule(period: period, gap: gap))
  }

  private func picture(
    _ voltage: Int = 55_200, _ charge: Int = 100_000, _ discharge: Int = 120_000,
    alarms: AlarmSet = [], warnings: AlarmSet = [], stage: Freshness = .fresh
  ) -> InverterPicture {
    var reading = Pictures.reading
    reading.alarms = alarms
    reading.warnings = warnings
    return Pictures.picture(
      reading, stage, limits: Pictures.limits(charge: voltage, charge, discharging: discharge))
  }

  @Test(
    "each frame once a cycle, gaps as set, the cycle within its period",
    arguments: [(1000, 20), (1000, 50), (1000, 1), (500, 20)] as [(Int64, Int64)])
  func cycles(_ period: Int64, _ gap: Int64) {
    var bus = bus(period: period, gap: gap)
    let picture = picture()
    let ids = Victron.encode(picture).map(\.id)
    bus.update(picture, at: 5)
    bus.run(to: 5 + 3 * period)
    #expect(bus.sent.count == 3 * ids.count)
    for cycle in 0..<3 {
      let frames = bus.sent[cycle * ids.count..<(cycle + 1) * ids.count]
      #expect(frames.map(\.frame.id) == ids)
      #expect(frames.first?.at == 5 + Int64(cycle) * period)
      for (a, b) in zip(frames, frames.dropFirst()) { #expect(b.at - a.at == gap) }
      #expect((frames.last?.at ?? 0) < 5 + Int64(cycle + 1) * period)
    }
  }

  @Test func boundsOfTheSettings() {
    let slow = InverterSchedule(period: 5000, gap: 500, hold: 0)
    #expect(slow.period == 1000 && slow.gap == 50 && slow.hold == 1000)
    let fast = InverterSchedule(period: 0, gap: 0)
    #expect(fast.period == 200 && fast.gap == 1)
    // A whole cycle of 20 frames fits even the shortest period.
    #expect(InverterSchedule(period: 200, gap: 50).gap == 10)
  }

  @Test func nothingIsSentBeforeTheFirstPictureAndNothingBlocksTheFirst() {
    var bus = bus()
    #expect(bus.schedule.deadline == .never)
    #expect(bus.schedule.next(at: Tick(0)) == nil)
    bus.update(picture(stage: .lost), at: 10)
    #expect(bus.schedule.deadline == .never)
    bus.update(picture(), at: 20)
    #expect(bus.frames(at: 20).map(\.id) == [0x351])
  }

  @Test(
    "a limit that falls goes out in the same turn",
    arguments: [(55_100, 100_000, 120_000), (55_200, 99_900, 120_000), (55_200, 100_000, 0)])
  func falls(_ voltage: Int, _ charge: Int, _ discharge: Int) throws {
    var bus = bus()
    bus.update(picture(), at: 0)
    bus.run(to: 700)
    let narrow = picture(voltage, charge, discharge)
    bus.update(narrow, at: 703)
    #expect(bus.frames(at: 703) == Victron.urgent(narrow))
    // Told once, not again before its turn.
    bus.update(narrow, at: 750)
    bus.run(to: 1000)
    #expect(bus.sent.filter { $0.at > 703 }.isEmpty)
  }

  @Test(
    "a rise waits for its turn",
    arguments: [(55_300, 100_000, 120_000), (55_200, 100_100, 120_000), (55_200, 100_000, 120_100)])
  func rises(_ voltage: Int, _ charge: Int, _ discharge: Int) {
    var bus = bus()
    bus.update(picture(), at: 0)
    bus.run(to: 700)
    let wide = picture(voltage, charge, discharge)
    bus.update(wide, at: 703)
    bus.run(to: 1001)
    #expect(bus.sent.filter { $0.at > 700 }.map(\.at) == [1000])
    #expect(bus.frames(at: 1000).first == Victron.encode(wide).first)
  }

  @Test func lessThanAStepIsNoChange() {
    var bus = bus()
    bus.update(picture(55_299, 100_099), at: 0)
    bus.run(to: 700)
    bus.update(picture(55_200, 100_000), at: 703)
    #expect(bus.frames(at: 703).isEmpty)
  }

  @Test func nothingRisesOutOfTurn() throws {
    var bus = bus()
    bus.update(picture(55_200, 100_000, 120_000), at: 0)
    bus.run(to: 700)
    // One limit falls while the others rise.
    bus.update(picture(56_000, 50_000, 150_000), at: 703)
    let urgent = try #require(bus.frames(at: 703).first)
    #expect(urgent.littleUInt16(at: 0) == 552)
    #expect(urgent.littleUInt16(at: 2) == 500)
    #expect(urgent.littleUInt16(at: 4) == 1200)
    bus.run(to: 1001)
    #expect(bus.frames(at: 1000).first?.littleUInt16(at: 0) == 560)
    #expect(bus.frames(at: 1000).first?.littleUInt16(at: 4) == 1500)
  }

  @Test(
    "an alarm or a warning that is new goes out in the same turn, in the middle of a cycle too",
    arguments: [AlarmSet.of(.cellOvervoltage), .of(.internalFault), .of(.shortCircuit)])
  func alarms(_ alarm: AlarmSet) {
    for isProtection in [true, false] {
      var bus = bus()
      bus.update(picture(), at: 0)
      bus.run(to: 110)
      let new = picture(alarms: isProtection ? alarm : [], warnings: alarm)
      bus.update(new, at: 110)
      #expect(bus.frames(at: 110) == Victron.urgent(new))
      // One that ends waits.
      bus.run(to: 600)
      bus.update(picture(), at: 610)
      #expect(bus.frames(at: 610).isEmpty)
    }
  }

  @Test func theCycleGoesOnBesideFramesOutOfTurn() {
    var bus = bus()
    let first = picture()
    bus.update(first, at: 0)
    bus.run(to: 105)
    bus.update(picture(55_200, 0), at: 105)
    bus.run(to: 1000)
    let cyclic = bus.sent.filter { $0.at != 105 }
    #expect(cyclic.map(\.frame.id) == Victron.encode(first).map(\.id))
    #expect(cyclic.map(\.at) == (0..<19).map { $0 * 20 })
  }

  @Test("a value that flutters does not flood the bus, and its lowest stands at once")
  func flutter() throws {
    let seed: UInt64 = 42
    var numbers = SplitMix64(seed: seed)
    var bus = bus()
    bus.update(picture(), at: 0)
    var lowest = Int.max
    var isOpen = false
    for now in stride(from: Int64(1), to: 5000, by: 1) {
      bus.run(to: now)
      let charge = Int.random(in: 0...1000, using: &numbers) * 100
      if numbers.coin(5) { isOpen.toggle() }
      bus.update(picture(55_200, charge, alarms: isOpen ? .of(.cellOvervoltage) : []), at: now)
      lowest = min(lowest, charge)
    }
    // A cycle of 19 frames a second, and at most a pair of frames every 20 ms.
    #expect(bus.sent.count <= 5 * 19 + 2 * 5000 / 20)
    var urgent: [Int64] = []
    for (a, b) in zip(bus.sent, bus.sent.dropFirst())
    where a.at == b.at && a.frame.id == 0x351 && b.frame.id == 0x35A { urgent.append(a.at) }
    #expect(urgent.count > 10)
    for (a, b) in zip(urgent, urgent.dropFirst()) {
      #expect(b - a >= InverterSchedule.urgentGap, "seed \(seed)")
    }
    // And the cycle is not starved.
    for second in Int64(0)..<4 {
      let ids = bus.sent.filter { $0.at / 1000 == second }.map(\.frame.id)
      #expect(Set(ids).count == 19)
      #expect(ids.filter { $0 == 0x382 }.count == 1)
    }
  }

  @Test func aProtectionBehindAnotherIsHeldNoLongerThanTheShortestGap() {
    var bus = bus()
    bus.update(picture(), at: 0)
    bus.run(to: 700)
    bus.update(picture(55_200, 50_000), at: 700)
    let open = picture(55_200, 0, alarms: .of(.cellOvervoltage))
    bus.update(open, at: 701)
    #expect(bus.frames(at: 701).isEmpty)
    #expect(bus.schedule.deadline == Tick(720))
    bus.run(to: 721)
    #expect(bus.frames(at: 720) == Victron.urgent(open))
  }

  @Test func whatTheCycleSaysInTimeIsNotSaidAgain() {
    var bus = bus()
    bus.update(picture(), at: 0)
    bus.run(to: 990)
    bus.update(picture(55_200, 50_000), at: 990)
    // Held back until 1010; the cycle of 1000 tells it first.
    let narrow = picture(55_200, 40_000)
    bus.update(narrow, at: 995)
    bus.run(to: 1020)
    #expect(bus.sent.filter { $0.at > 990 }.map(\.at) == [1000])
    #expect(bus.frames(at: 1000).first == Victron.encode(narrow).first)
  }

  @Test func stagesFollowOneAnother() {
    var bus = bus()
    bus.update(picture(), at: 0)
    bus.run(to: 10_001)
    let stale = picture(54_000, 0, 120_000, stage: .stale)
    bus.update(stale, at: 10_001)
    // Charging ends at once.
    #expect(bus.frames(at: 10_001) == Victron.urgent(stale))
    bus.run(to: 60_001)
    let later = bus.sent.filter { $0.at >= 11_000 }
    #expect(
      Set(later.map(\.frame.id)) == [
        0x351, 0x35A, 0x35E, 0x35F, 0x370, 0x371, 0x379, 0x380, 0x381, 0x382,
      ])
    #expect(later.filter { $0.frame.id == 0x351 }.count == 50)
    bus.update(picture(stage: .lost), at: 60_001)
    #expect(bus.schedule.deadline == .never)
    let count = bus.sent.count
    bus.run(to: 100_000)
    #expect(bus.sent.count == count)
    // Back again: a new cycle at once.
    bus.update(picture(50_000, 10_000, alarms: .of(.cellOvervoltage)), at: 100_000)
    #expect(bus.frames(at: 100_000).map(\.id) == [0x351])
  }

  @Test func aPictureThatNobodyRenewsIsLost() {
    var bus = bus()
    bus.update(picture(), at: 0)
    bus.run(to: 200_000)
    #expect(bus.sent.last.map { $0.at > 59_000 && $0.at <= 60_000 } == true)
    #expect(bus.schedule.deadline == .never)
  }

  @Test func frameWithheldInMidCycleIsNotSent() {
    var bus = bus()
    bus.update(picture(), at: 0)
    bus.run(to: 50)
    bus.update(picture(stage: .stale), at: 50)
    bus.run(to: 1000)
    let after = bus.sent.filter { $0.at >= 50 }.map(\.frame.id)
    #expect(!after.contains { StageTests.measured.contains($0) })
    #expect(after.filter { $0 == 0x382 }.count == 1)
  }

  @Test func aLateCallerSendsNoBurst() {
    var schedule = InverterSchedule()
    schedule.update(picture(), at: Tick(0))
    #expect(schedule.next(at: Tick(0)) != nil)
    // The caller slept for 10 s.
    var count = 0
    while schedule.next(at: Tick(10_000)) != nil { count += 1 }
    #expect(count == 1)
    var times: [Int64] = []
    for now in Int64(10_001)..<12_500 {
      while let frame = schedule.next(at: Tick(now)) {
        if frame.id == 0x351 { times.append(now) }
      }
    }
    // The cycle is caught up with once, then one a second.
    #expect(times.count == 3)
    for (a, b) in zip(times, times.dropFirst()) { #expect(b - a >= 900) }
  }

  @Test func limitsThatComeLateDoNotWait() {
    var bus = bus()
    var unknown = picture()
    unknown.limits = nil
    bus.update(unknown, at: 0)
    bus.run(to: 300)
    #expect(!bus.sent.contains { $0.frame.id == 0x351 })
    bus.update(picture(), at: 300)
    #expect(bus.frames(at: 300).contains { $0.id == 0x351 })
  }

  @Test func anAlarmOnceSupportedStaysSupported() {
    var bus = bus()
    bus.update(picture(), at: 0)
    bus.run(to: 900)
    var reading = Pictures.reading
    reading.reportable = .of(.internalFault)
    bus.update(Pictures.picture(reading, limits: picture().limits), at: 900)
    bus.run(to: 1100)
    let alarms = bus.sent.filter { $0.frame.id == 0x35A }.map(\.frame)
    #expect(alarms.count == 2)
    #expect(alarms.first == alarms.last)
  }
}
