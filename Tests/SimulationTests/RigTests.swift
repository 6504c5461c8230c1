// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Testing
import Wire

@testable import Simulation

/// A gateway in one line: it looks at the true cells and sends limits and alarms once a second.
struct TrivialLimiter {
  var rig: Rig
  var second: Int64 = 0
  var perCell = 3.45
  var most = 25.0
  var isSilent = false
  /// Each status with the second in which it began.
  var story: [UInt16] = []
  var highestCell = 0.0
  var highestVoltage = 0.0

  mutating func run(seconds: Int64) {
    for _ in 0..<seconds {
      let now = Tick(second * 1000)
      rig.advance(to: now)
      let view = rig.view
      if story.last != view.status { story.append(view.status) }
      let top = view.cellVoltages.max() ?? 0
      highestCell = max(highestCell, top)
      highestVoltage = max(highestVoltage, view.voltage)
      if !isSilent {
        let share = ((3.55 - top) / 0.15).clamped(0.02, 1)
        let charge = view.status == 0x9B ? 0 : most * share
        rig.canReceived(
          GXTests.limits(perCell * Double(view.cellVoltages.count), charge, 30), at: now)
        rig.canReceived(GXTests.alarms, at: now)
      }
      while rig.canNext(at: now) != nil {}
      second += 1
    }
    rig.advance(to: Tick(second * 1000))
  }
}

@Suite struct RigTests {
  @Test func demoTellsItsStory() {
    var limiter = TrivialLimiter(rig: Rig(.demo, seed: 1, speed: 60))
    limiter.run(seconds: 60)
    let told = limiter.story.filter { [0x91, 0x92, 0x93, 0x9B].contains($0) }
    var story: [UInt16] = []
    for status in told where story.last != status && status != 0x92 { story.append(status) }
    #expect(story.prefix(4) == [0x91, 0x93, 0x91, 0x9B], "\(limiter.story)")
    #expect(story.dropFirst(4).contains(0x91), "\(limiter.story)")
    let events = limiter.rig.unit.events.events.map(\.id)
    #expect(events.prefix(8) == [0x61, 0x66, 0x64, 0x62, 0x63, 0x62, 0x04, 0x73], "\(events)")
    #expect(limiter.highestCell < 3.55)
    #expect(limiter.highestVoltage < 16 * 3.45 + 0.1)
    #expect(limiter.rig.gx.complaints == .init())
    #expect(limiter.rig.view.soc > 0.95)
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func demoShowsTheTaperWithinTwentySecondsAtSpeed180(
    _ seed: UInt64
  ) {
    var limiter = TrivialLimiter(rig: Rig(.demo, seed: seed, speed: 180))
    limiter.run(seconds: 3)
    let bulk = limiter.rig.view.current
    var balanced: UInt64 = 0
    var least = bulk
    for _ in 0..<8 {
      limiter.run(seconds: 1)
      balanced |= limiter.rig.view.balancing
      if limiter.rig.view.status == 0x91 { least = min(least, limiter.rig.view.current) }
    }
    #expect(bulk > 12, "seed \(seed)")
    #expect(least < bulk / 3, "seed \(seed)")
    #expect(balanced != 0, "seed \(seed)")
    limiter.run(seconds: 9)
    #expect(limiter.rig.unit.events.events.map(\.id).contains(0x04), "seed \(seed)")
  }

  @Test func nothingChargesBeforeTheFirstLimits() {
    var rig = Rig(.demo, seed: 1)
    rig.advance(to: Tick(20_000))
    #expect(rig.view.isChargerOn)
    #expect(rig.view.chargerState == .off)
    #expect(rig.view.current < 0)
  }

  @Test(arguments: [1, 60] as [Int64]) func chargingStopsThreeSecondsAfterTheLastLimits(
    _ speed: Int64
  ) {
    var limiter = TrivialLimiter(rig: Rig(.demo, seed: 3, speed: speed))
    limiter.run(seconds: 10)
    #expect(limiter.rig.view.chargerCurrent > 2)
    limiter.isSilent = true
    // The last limits came at the ninth second.
    limiter.rig.advance(to: Tick(12_000))
    #expect(limiter.rig.view.gx == .running)
    #expect(limiter.rig.view.chargerCurrent > 0.5)
    limiter.rig.advance(to: Tick(12_200))
    #expect(limiter.rig.view.gx == .bmsLost)
    #expect(limiter.rig.view.chargerCurrent == 0)
    #expect(limiter.rig.view.loadCurrent == 0)
    let lostAt = limiter.rig.gx.log.last?.at ?? .never
    #expect(lostAt > Tick(12_000) && lostAt <= Tick(12_100))
    limiter.isSilent = false
    limiter.second = 13
    limiter.run(seconds: 8)
    #expect(limiter.rig.view.gx == .running)
    #expect(limiter.rig.view.chargerCurrent > 0.5)
  }

  @Test func chargerObeysTheLimitsReadBack() {
    var limiter = TrivialLimiter(rig: Rig(.demo, seed: 3))
    limiter.most = 7
    limiter.run(seconds: 30)
    #expect((limiter.rig.pack.current - 7).magnitude < 0.3)
    limiter.most = 0
    limiter.run(seconds: 8)
    #expect(limiter.rig.view.gx == .chargeDisabled)
    #expect(limiter.rig.view.chargerCurrent == 0)
    limiter.most = 25
    limiter.perCell = 3.37
    limiter.run(seconds: 120)
    #expect((limiter.rig.pack.voltage - 16 * 3.37).magnitude < 0.1)
    #expect(limiter.rig.view.chargerState == .constantVoltage)
  }

  @Test func speedChangesNothingButTheSpeed() {
    var scenario = Scenario.house
    scenario.control = .own
    var slow = Rig(scenario, seed: 9, speed: 1)
    var fast = Rig(scenario, seed: 9, speed: 60)
    slow.advance(to: Tick(1_200_000))
    for step in 1...2000 { fast.advance(to: Tick(Int64(step) * 10)) }
    #expect(slow.elapsed == fast.elapsed)
    #expect(slow.pack.voltage.bitPattern == fast.pack.voltage.bitPattern)
    #expect(slow.unit.soc == fast.unit.soc)
    fast.setSpeed(1, at: Tick(20_000))
    fast.advance(to: Tick(21_000))
    #expect(fast.elapsed == 1_201_000)
  }

  @Test(arguments: 0..<5) func everyScenarioStaysWithinPhysics(_ index: Int) {
    let seed: UInt64 = 11
    do {
      var scenario = Scenario.all[index]
      scenario.control = .own
      var rig = Rig(scenario, seed: seed, speed: 360)
      for second in 1...30 {
        rig.advance(to: Tick(Int64(second) * 1000))
        let view = rig.view
        for soc in view.cellCharges {
          #expect((-0.01...1.02).contains(soc), "\(scenario.name), seed \(seed): \(soc)")
        }
        #expect(view.cellTemperatures.allSatisfy { (5.0...60).contains($0) })
        #expect((Percent.zero...Percent.percent(100)).contains(view.countedSOC))
        #expect(view.voltage > 0)
      }
      let drift = Double(rig.unit.soc.raw) / 1e8 - rig.pack.soc
      // The counter errs by capacity spread, bleeding, noise, and the jump to 100 % when full.
      #expect(drift.magnitude < 0.06, "\(scenario.name), seed \(seed): \(drift)")
    }
  }

  @Test(arguments: [true, false]) func weakCellTripsAnUnguardedCharger(_ isWeak: Bool) {
    var scenario = Scenario.demo
    scenario.control = .own
    scenario.pack.ahead = []
    scenario.charger.voltage = 16 * 3.48
    scenario.faults = isWeak ? [FaultWindow(.weakCell(6, percent: 75), from: 60_000)] : []
    var rig = Rig(scenario, seed: 2, speed: 60)
    var tenth: Int64 = 0
    while !rig.unit.protections.has(.overVoltage), tenth < 250 {
      tenth += 1
      rig.advance(to: Tick(tenth * 100))
    }
    #expect(rig.unit.protections.has(.overVoltage) == isWeak)
    guard isWeak else { return }
    #expect(!rig.view.isChargerOn)
    #expect(rig.view.cellVoltages[6] == rig.view.cellVoltages.max())
    #expect(rig.view.faults == [.weakCell(6, percent: 75)])
    rig.endFaults(at: Tick(31_000))
    #expect(rig.view.faults.isEmpty)
    #expect(rig.pack.cells[6].capacity > 0.98 * 360_000)
  }

  @Test(
    arguments: [
      (SimulatedFault.dischargeOvercurrent(amperes: 160), 0x05),
      (.chargeOvercurrent(amperes: 110), 0x06),
      (.regeneration(amperes: 130), 0x07), (.surroundings(celsius: -45), 0x0A),
      (.surroundings(celsius: -15), 0x37),
      (.hotSensor(1, celsius: 80), 0x04), (.currentSensorLost, 0x0E),
    ] as [(SimulatedFault, UInt8)])
  func faultsOnDemandTripWhatTheyAreMeantTo(_ fault: SimulatedFault, _ event: UInt8) {
    var scenario = Scenario.demo
    scenario.control = .own
    scenario.faults = []
    scenario.pack.soc = 0.5
    var rig = Rig(scenario, seed: 2, speed: 600)
    rig.advance(to: Tick(100))
    rig.begin(fault, at: Tick(100))
    for tenth in 1...100 { rig.advance(to: Tick(100 + Int64(tenth) * 100)) }
    #expect(rig.unit.events.events.map(\.id).contains(event))
  }

  @Test func faultsOnTheLineFollowTheWorldAndOthersTheBattery() {
    var scenario = Scenario.demo
    scenario.faults = [
      FaultWindow(.silent, from: 5000, to: 6000),
      FaultWindow(.missingSensor(0), from: 60_000, to: 120_000),
    ]
    var rig = Rig(scenario, seed: 1, speed: 60)
    rig.advance(to: Tick(1500))
    #expect(rig.unit.word(at: 42) == 0x8000)
    #expect(rig.unit.quirks.isEmpty)
    rig.advance(to: Tick(2500))
    #expect(rig.unit.word(at: 42) != 0x8000)
    rig.advance(to: Tick(5500))
    #expect(rig.unit.quirks == .silent)
    rig.advance(to: Tick(6000))
    #expect(rig.unit.quirks.isEmpty)
  }

  @Test func everyFaultAndScenarioHasItsOwnName() {
    for fault in SimulatedFault.all {
      #expect(SimulatedFault.named(fault.name.description) == fault)
    }
    #expect(SimulatedFault.named("nonsense") == nil)
    for scenario in Scenario.all {
      #expect(
        Scenario.named(scenario.name.description)?.name.description == scenario.name.description)
    }
    #expect(Scenario.named("nonsense") == nil)
  }

  @Test func storageSleepsAndLeaks() {
    var scenario = Scenario.storage
    scenario.pack.cell.leakage *= 240
    var rig = Rig(scenario, seed: 1, speed: 1000)
    let before = rig.pack.soc
    // An hour stands for ten days.
    rig.advance(to: Tick(3600))
    rig.setSpeed(1, at: Tick(3600))
    rig.advance(to: Tick(16_000))
    #expect(rig.view.isAsleep)
    #expect((0.003...0.012).contains(before - rig.pack.soc))
  }
}
