// SPDX-License-Identifier: Apache-2.0

import Battery
import Inverters
import Quantities
import TestKit
import Testing
import Wire

@Suite("When frames go out, by profile") struct ProfileScheduleTests {
  private func picture(
    _ charge: Int = 100_000, _ discharge: Int = 120_000, alarms: AlarmSet = [],
    stage: Freshness = .fresh
  ) -> InverterPicture {
    var reading = Pictures.reading
    reading.alarms = alarms
    return Pictures.picture(
      reading, stage, limits: Pictures.limits(charge: 55_200, charge, discharging: discharge))
  }

  @Test("each frame once a cycle, gaps as set", arguments: InverterProfile.all)
  func cycles(_ profile: InverterProfile) {
    var bus = Bus(schedule: InverterSchedule(profile: profile))
    let ids = profile.encode(picture()).map(\.id)
    bus.update(picture(), at: 5)
    bus.run(to: 3005)
    #expect(bus.sent.map(\.frame.id) == ids + ids + ids)
    for (index, sent) in bus.sent.enumerated() {
      #expect(sent.at == 5 + Int64(index / ids.count) * 1000 + Int64(index % ids.count) * 20)
    }
  }

  @Test("a limit that falls and a protection go out at once", arguments: InverterProfile.all)
  func urgent(_ profile: InverterProfile) {
    for narrow in [picture(50_000), picture(100_000, 0), picture(alarms: .of(.cellOvervoltage))] {
      var bus = Bus(schedule: InverterSchedule(profile: profile))
      bus.update(picture(), at: 0)
      bus.run(to: 700)
      bus.update(narrow, at: 703)
      #expect(bus.frames(at: 703) == profile.urgent(narrow))
      bus.update(narrow, at: 750)
      bus.run(to: 1000)
      #expect(bus.sent.allSatisfy { $0.at <= 703 })
    }
  }

  @Test("a rise waits for its turn", arguments: InverterProfile.all)
  func rises(_ profile: InverterProfile) {
    var bus = Bus(schedule: InverterSchedule(profile: profile))
    bus.update(picture(0, 0, alarms: .of(.cellOvervoltage)), at: 0)
    bus.run(to: 700)
    bus.update(picture(), at: 703)
    bus.run(to: 1000)
    #expect(bus.sent.allSatisfy { $0.at <= 700 })
  }

  @Test("no permission is given out of turn")
  func permissions() throws {
    var bus = Bus(schedule: InverterSchedule(profile: .pylontech12))
    bus.update(picture(100_000, 0), at: 0)
    bus.run(to: 700)
    // Charging ends, discharging is allowed again.
    bus.update(picture(0, 100_000), at: 703)
    #expect(bus.frames(at: 703).map(\.id) == [0x351, 0x359, 0x35C])
    #expect(bus.frames(at: 703).first(0x35C)?.payload == [0, 0])
    #expect(bus.frames(at: 703).first(0x351)?.littleUInt16(at: 4) == 0)
    bus.run(to: 2000)
    #expect(bus.sent.last { $0.frame.id == 0x35C }?.frame.payload == [0x40, 0])
  }

  @Test("between two frames of one identifier lies what the profile asks for")
  func repeatGap() {
    let seed: UInt64 = 4711
    var numbers = SplitMix64(seed: seed)
    for period in [Int64(200), 500, 1000] {
      var bus = Bus(schedule: InverterSchedule(profile: .sma, period: period))
      var last: [UInt32: Int64] = [:]
      for now in stride(from: Int64(0), to: 30_000, by: 7) {
        bus.run(to: now)
        let stage: Freshness = numbers.coin(1) ? .lost : .fresh
        let alarms: AlarmSet = numbers.coin(10) ? .of(.cellOvervoltage) : []
        let charge = Int.random(in: 0...1000, using: &numbers) * 100
        if numbers.coin(60) { bus.update(picture(charge, alarms: alarms, stage: stage), at: now) }
      }
      var count = 0
      for sent in bus.sent {
        if let at = last[sent.frame.id] {
          #expect(sent.at - at >= 200, "seed \(seed) period \(period): \(sent)")
          count += 1
        }
        last[sent.frame.id] = sent.at
      }
      #expect(count > 7 * 20)
      #expect(Set(last.keys) == [0x351, 0x355, 0x356, 0x35A, 0x35B, 0x35E, 0x35F])
    }
  }

  @Test("a protection waits no longer than the profile's rule")
  func heldBack() {
    var bus = Bus(schedule: InverterSchedule(profile: .sma))
    bus.update(picture(), at: 0)
    bus.run(to: 100)
    let narrow = picture(0, alarms: .of(.cellOvervoltage))
    bus.update(narrow, at: 100)
    #expect(bus.frames(at: 100).allSatisfy { $0.id != 0x351 && $0.id != 0x35A })
    bus.run(to: 221)
    // The alarms of the cycle went out at 20.
    #expect(bus.frames(at: 220) == InverterProfile.sma.urgent(narrow))
  }

  @Test func theShortestPeriodIsTheProfiles() {
    #expect(InverterSchedule(profile: .sma, period: 1).period == 200)
    #expect(InverterSchedule(profile: .sma, period: 200, gap: 50).gap == 28)
    #expect(InverterSchedule(profile: .pylontech12, period: 200, gap: 50).gap == 33)
  }
}
