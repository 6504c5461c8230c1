// SPDX-License-Identifier: Apache-2.0
import Battery
import Gateway
import Quantities
import Simulation
import Testing

@Suite("A battery on the low-power plan")
struct LowPowerTests {
  private func loop(_ change: @escaping (inout BatterySettings) -> Void) -> ClosedLoop {
    var loop = ClosedLoop(.storage, change: change)
    loop.start()
    return loop
  }

  @Test("It is read at each visit, shown as fresh in between, and drives no inverter")
  func visits() throws {
    var loop = loop {
      $0.isLowPower = true
      $0.pollPeriod = 60_000
    }
    loop.run(310_000)
    let controller = try #require(loop.controller)
    #expect(controller.liveReadings == 6)
    #expect(controller.freshness == .fresh)
    #expect(loop.stages == [.fresh])
    #expect(loop.sent.isEmpty)
    #expect(controller.limits == nil)
    #expect(controller.silence?.contains("low-power plan") == true)
    #expect(loop.controller?.farewell(at: loop.now).allSatisfy(\.isEmpty) == true)
    #expect(loop.modes.isEmpty)
    // What is needed is there, and stays although it is asked for once an hour only.
    #expect(controller.snapshot[.nominal] != nil)
    #expect(controller.snapshot.cutoffsAt != nil)
  }

  @Test("Nothing is counted from a few glances: no energy, no charge, no state of charge, no time")
  func counters() throws {
    var loop = loop {
      $0.isLowPower = true
      $0.pollPeriod = 15_000
    }
    loop.run(100_000)
    let snapshot = try #require(loop.controller?.snapshot)
    for point in Point.allCases
    where point.rawValue >= Point.consumed.rawValue
      || Self.counted.contains(point)
    {
      #expect(snapshot[point] == nil, "\(point.name)")
    }
    #expect(snapshot[.soc] != nil)
  }

  private static let counted: [Point] = [
    .energyCharged, .energyDischarged, .chargeCharged, .chargeDischarged, .timeToEmpty, .timeToFull,
  ]

  @Test("Its stages follow the period of its visits")
  func stages() {
    var loop = loop {
      $0.isLowPower = true
      $0.pollPeriod = 20_000
    }
    loop.run(30_000)
    loop.rig.begin(.silent, at: loop.now)
    loop.run(100_000)
    #expect(loop.stages == [.fresh, .aging, .stale, .lost])
    #expect(loop.sent.isEmpty)
  }

  @Test("It tells when it is left alone and until when")
  func nextVisit() throws {
    var loop = loop {
      $0.isLowPower = true
      $0.pollPeriod = 60_000
    }
    let start = loop.now
    loop.run(10)
    #expect(loop.controller?.nextVisit(at: loop.now) == nil)
    loop.run(20_000)
    #expect(loop.controller?.nextVisit(at: loop.now) == start + 60_000)
    var usual = self.loop { _ in }
    usual.run(5000)
    #expect(usual.controller?.nextVisit(at: usual.now) == nil)
  }

  @Test("A period beyond 10 s drives no inverter even where no settings file could name it")
  func slipped() {
    var loop = loop { $0.pollPeriod = 30_000 }
    loop.run(60_000)
    #expect((loop.controller?.liveReadings ?? 0) >= 6)
    #expect(loop.sent.isEmpty)
    #expect(loop.controller?.limits == nil)
    #expect(loop.controller?.bounds.fresh == 30_000)
  }
}
