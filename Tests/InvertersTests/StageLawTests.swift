// SPDX-License-Identifier: Apache-2.0

import Battery
import Inverters
import Quantities
import TestKit
import Testing
import Wire

/// What holds for every profile in every stage, over random batteries.
@Suite("Laws of stages") struct StageLawTests {
  static let seed: UInt64 = 20_261_123
  static let count = 2_000

  /// Each pair of a profile and a stage, for one test each.
  static let pairs: [(profile: String, stage: Freshness)] = InverterProfile.all.flatMap { profile in
    Freshness.allCases.map { ("\(profile.name)", $0) }
  }

  /// Frames that tell something measured, whatever the profile.
  static let measured: Set<UInt32> = [
    0x355, 0x356, 0x360, 0x372, 0x373, 0x374, 0x375, 0x376, 0x377, 0x378,
  ]

  /// Random batteries in this stage; `body` tells what is wrong with one.
  private func everywhere(
    in stage: Freshness, _ body: (InverterPicture, inout SplitMix64) throws -> String?
  ) rethrows {
    var numbers = SplitMix64(seed: Self.seed)
    for round in 0..<Self.count {
      var picture = Pictures.random(&numbers)
      picture.freshness = stage
      if let wrong = try body(picture, &numbers) {
        Issue.record("seed \(Self.seed) round \(round): \(wrong)")
        return
      }
    }
  }

  @Test("only what may be sent is sent", arguments: pairs)
  func only(_ name: String, _ stage: Freshness) throws {
    let profile = try #require(InverterProfile.named(name))
    everywhere(in: stage) { picture, _ in
      let frames = profile.encode(picture)
      let urgent = profile.urgent(picture)
      if stage == .lost { return frames.isEmpty && urgent.isEmpty ? nil : "\(frames + urgent)" }
      if stage == .stale, let frame = frames.first(where: { Self.measured.contains($0.id) }) {
        return "\(frame) while stale"
      }
      for frame in urgent where !frames.contains(frame) { return "\(frame) only out of turn" }
      // Without limits nothing is said about them, neither in 0x351 nor as a permission.
      if picture.limits == nil, let frame = frames.first(where: { [0x351, 0x35C].contains($0.id) })
      {
        return "\(frame) without limits"
      }
      return nil
    }
  }

  @Test("limits are never wider than decided", arguments: pairs)
  func limits(_ name: String, _ stage: Freshness) throws {
    let profile = try #require(InverterProfile.named(name))
    var seen = 0
    try everywhere(in: stage) { picture, _ in
      for frame in profile.encode(picture) + profile.urgent(picture) where frame.id == 0x351 {
        seen += 1
        let decided = try #require(picture.limits)
        var said = InverterReading()
        try profile.decode(frame, into: &said)
        let voltage = try #require(said.reading[.chargeVoltageLimit])
        let charge = try #require(said.reading[.chargeCurrentLimit])
        let discharge = try #require(said.reading[.dischargeCurrentLimit])
        guard voltage > 0, voltage <= decided.chargeVoltage.value.raw,
          charge >= 0, charge <= max(0, decided.chargeCurrent.value.raw),
          discharge >= 0, discharge <= max(0, decided.dischargeCurrent.value.raw)
        else { return "\(frame) for \(decided)" }
      }
      return nil
    }
    #expect((seen > Self.count / 4) == (stage != .lost))
  }

  @Test("a stale cycle says the same whatever was measured", arguments: InverterProfile.all)
  func blind(_ profile: InverterProfile) {
    everywhere(in: .stale) { picture, numbers in
      var other = picture
      var reading = Reading()
      for point in [
        Point.voltage, .current, .soc, .cellMin, .cellMax, .temperatureMin, .temperatureMax,
        .energyCharged, .energyDischarged,
      ] {
        reading[point] = Int64.random(in: 0...100_000, using: &numbers)
      }
      other.snapshot.take(reading, at: Pictures.now, isLive: true)
      let (said, again) = (profile.encode(picture), profile.encode(other))
      return said == again ? nil : "\(said) and \(again)"
    }
  }

  @Test("silence warns and clears nothing", arguments: InverterProfile.all)
  func alarms(_ profile: InverterProfile) throws {
    try everywhere(in: .fresh) { picture, _ in
      var silent = picture
      silent.freshness = .stale
      var (fresh, stale) = (InverterReading(), InverterReading())
      for frame in profile.encode(picture) { try profile.decode(frame, into: &fresh) }
      for frame in profile.encode(silent) { try profile.decode(frame, into: &stale) }
      guard stale.reading.alarms == fresh.reading.alarms,
        stale.reading.warnings.isSuperset(of: fresh.reading.warnings),
        stale.reading.warnings.has(.internalFault) || stale.reading.alarms.has(.internalFault)
      else { return "\(fresh.reading.alarms) became \(stale.reading.alarms)" }
      return nil
    }
  }

  /// How long an inverter does without limits, in milliseconds: a Victron GX 3 s, a Sunny Island 60 s, what
  /// takes a Pylontech for one second's silence at the most that is known.
  static func patience(_ profile: InverterProfile) -> Int64 {
    switch "\(profile.name)" {
    case "sma": 60_000
    case "victron": 3000
    default: 2000
    }
  }

  @Test(
    "no frame is missing for longer than its inverter bears, whatever happens in between",
    arguments: InverterProfile.all, [Int64.min, 200, 450, 1000, .max])
  func periods(_ profile: InverterProfile, _ period: Int64) {
    var numbers = SplitMix64(seed: Self.seed)
    for gap in [Int64.min, 1, 20, .max] {
      var bus = Bus(schedule: InverterSchedule(profile: profile, period: period, gap: gap))
      var now: Int64 = 0
      while now < 20_000 {
        // Alarms and limits that come and go, so that frames out of turn compete with the cycle.
        var reading = Pictures.reading
        if numbers.coin(30) { reading.alarms = .of(.cellOvervoltage) }
        let limits = Pictures.limits(
          charge: 55_200, numbers.coin() ? 0 : Int.random(in: 0...100_000, using: &numbers),
          discharging: numbers.coin(20) ? 0 : 120_000)
        let stage: Freshness = numbers.coin(70) ? .fresh : numbers.coin() ? .aging : .stale
        bus.update(Pictures.picture(reading, stage, limits: limits), at: now)
        now += Int64.random(in: 1...400, using: &numbers)
        bus.run(to: now)
      }
      for id in profile.urgent {
        let times = bus.sent.filter { $0.frame.id == id }.map(\.at) + [now]
        let longest = zip(times, times.dropFirst()).map { $1 - $0 }.max() ?? .max
        // A cycle's planned second, and one gap for a frame that had to wait for its turn.
        #expect(
          longest <= min(Self.patience(profile), 1000 + 2 * profile.repeatGap + 100),
          "\(profile.name) 0x\(String(id, radix: 16)), period \(period), gap \(gap)")
      }
    }
  }

  @Test("once lost, or once nobody looks any more, nothing is sent", arguments: InverterProfile.all)
  func ends(_ profile: InverterProfile) {
    for isLost in [true, false] {
      var bus = Bus(schedule: InverterSchedule(profile: profile, hold: 10_000))
      bus.update(Pictures.picture(), at: 0)
      bus.run(to: 5_000)
      if isLost { bus.update(Pictures.picture(Pictures.reading, .lost), at: 5_000) }
      let end: Int64 = isLost ? 5_000 : 10_000
      for now in stride(from: Int64(5_001), to: 30_000, by: 7) {
        if let frame = bus.schedule.next(at: Tick(now)) {
          bus.sent.append(.init(at: now, frame: frame))
        }
      }
      #expect(bus.sent.contains { $0.at > end - 1100 })
      #expect(bus.sent.allSatisfy { $0.at <= end })
      #expect(bus.schedule.deadline == .never)
    }
  }
}
