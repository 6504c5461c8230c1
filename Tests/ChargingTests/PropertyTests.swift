// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Quantities
import Testing

/// Laws that hold whatever a battery says, tried with seeded dice over simulated days.
struct PropertyTests {
  /// A battery that wanders at random, with noise, faults, gaps and nonsense.
  struct Wanderer {
    var bench: Bench
    var dice: Dice
    var freshness = Freshness.fresh
    private var level = 3300

    init(seed: UInt64, settings: ChargeSettings = .lfp) {
      dice = Dice(seed)
      bench = Bench(
        settings, at: 3300, count: [4, 8, 15, 16, 24].randomElement(using: &dice) ?? 16)
      level = dice.roll(2900...3500)
      bench.soc = dice.roll(0...100)
    }

    /// Changes something, lets 1–30 s pass and decides.
    mutating func step() -> Limits? {
      level = max(2600, min(3620, level + dice.roll(-12...12)))
      for index in bench.cells.indices { bench.cells[index] = level + dice.roll(-6...6) }
      if dice.happens(oneIn: 8) { bench.cells[0] = level + dice.roll(-150...150) }
      bench.milliamperes = dice.happens(oneIn: 50) ? nil : dice.roll(-90_000...90_000)
      if dice.happens(oneIn: 20) { bench.soc = dice.happens(oneIn: 9) ? nil : dice.roll(0...100) }
      if dice.happens(oneIn: 40) {
        let base = dice.roll(-15...60)
        bench.temperatures = dice.happens(oneIn: 6) ? [nil] : [base, base + dice.roll(0...9)]
      }
      if dice.happens(oneIn: 60) {
        bench.switches = dice.happens(oneIn: 2) ? nil : dice.roll(20...95)
      }
      if dice.happens(oneIn: 60) { bench.chargeEnabled = [nil, true, false][dice.roll(0...2)] }
      if dice.happens(oneIn: 60) { bench.dischargeEnabled = [nil, true, false][dice.roll(0...2)] }
      if dice.happens(oneIn: 30) {
        bench.alarms =
          dice.happens(oneIn: 2) ? [] : AlarmSet(rawValue: 1 << UInt64(dice.roll(0...40)))
      }
      if dice.happens(oneIn: 200) {
        bench.cutoffs.cellOvervoltage = .millivolts(dice.roll(3300...3700))
      }
      if dice.happens(oneIn: 200) { bench.reported.volts = [nil, 0, 30, 54, 99][dice.roll(0...4)] }
      if dice.happens(oneIn: 200) { bench.reported.charge = [nil, 0, 10, 500][dice.roll(0...3)] }
      freshness =
        dice.happens(oneIn: 10)
        ? (Freshness.allCases.randomElement(using: &dice) ?? .fresh) : .fresh
      bench.now += Int64(dice.roll(1...30)) * 1000
      return bench.decide(freshness)
    }
  }

  static let seeds: [UInt64] = [1, 2, 3, 4]
  static let steps = 4000

  @Test(arguments: seeds)
  func everyBoundHolds(seed: UInt64) throws {
    var wanderer = Wanderer(seed: seed)
    for step in 0..<Self.steps {
      guard let limits = wanderer.step() else { continue }
      let bench = wanderer.bench
      let count = bench.cells.count
      let trip = (bench.cutoffs.cellOvervoltage ?? .zero).raw
      let context: Comment = "seed \(seed), step \(step)"
      #expect(limits.volts > 0, context)
      #expect(limits.volts <= count * 3450, context)
      // What is held while readings are not believed was bounded when it was decided.
      if wanderer.freshness == .fresh {
        #expect(limits.volts <= count * (Int(trip) - 500) / 10, context)
        let lowest = min(count * 3200, count * (Int(trip) - 500) / 10)
        #expect(limits.volts >= lowest, context)
        if let reported = bench.snapshot.reading[.chargeVoltageLimit] {
          #expect(limits.volts <= max(Int(reported), count * 3200), context)
        }
        if let reported = bench.snapshot.reading[.chargeCurrentLimit] {
          #expect(limits.charge <= Int(reported), context)
        }
      }
      #expect((0...90_000).contains(limits.charge), context)
      #expect((0...180_000).contains(limits.discharge), context)
      if limits.charge == 0 { #expect(limits.volts <= count * 3375, context) }
    }
  }

  @Test(arguments: seeds)
  func nothingRisesWhileAgingAndStaleIsStale(seed: UInt64) {
    var wanderer = Wanderer(seed: seed &+ 100)
    var before: Limits?
    for step in 0..<Self.steps {
      let limits = wanderer.step()
      let context: Comment = "seed \(seed), step \(step)"
      switch wanderer.freshness {
      case .lost: #expect(limits == nil, context)
      case .aging, .stale:
        guard let limits, let before else { break }
        #expect(limits.volts <= before.volts, context)
        #expect(limits.charge <= before.charge, context)
        #expect(limits.discharge <= before.discharge, context)
        if wanderer.freshness == .stale { #expect(limits.charge == 0, context) }
      case .fresh: break
      }
      before = limits
    }
  }

  @Test(arguments: seeds)
  func risesAreSlowAndAskedTwiceIsTheSame(seed: UInt64) {
    var wanderer = Wanderer(seed: seed &+ 200)
    var before: (limits: Limits, at: Int64)?
    for step in 0..<Self.steps {
      let limits = wanderer.step()
      let context: Comment = "seed \(seed), step \(step)"
      let again = wanderer.bench.control.decide(
        wanderer.bench.snapshot, freshness: wanderer.freshness, at: Tick(wanderer.bench.now))
      #expect(again == limits, context)
      let past = wanderer.bench.control.decide(
        wanderer.bench.snapshot, freshness: wanderer.freshness, at: Tick(wanderer.bench.now - 500))
      #expect(past?.mode == limits?.mode, context)
      guard let limits else {
        before = nil
        continue
      }
      if let before {
        // A gap of more than 10 s counts as 10 s.
        let seconds = Int(min(10_000, wanderer.bench.now - before.at) / 1000)
        #expect(limits.charge - before.limits.charge <= 5000 * seconds, context)
        #expect(limits.discharge - before.limits.discharge <= 5000 * seconds, context)
        #expect(limits.volts - before.limits.volts <= seconds, context)
      }
      before = (limits, wanderer.bench.now)
    }
  }

  /// The constraint that a reason names must be the one that gives the value.
  @Test(arguments: seeds)
  func theReasonNamesTheBindingConstraint(seed: UInt64) {
    var wanderer = Wanderer(seed: seed &+ 300)
    for step in 0..<Self.steps {
      guard let limits = wanderer.step() else { continue }
      let bench = wanderer.bench
      let highest = bench.cells.max() ?? 0
      let context: Comment = "seed \(seed), step \(step): \(limits.chargeCurrent)"
      switch limits.chargeCurrent.reason {
      case .battery:
        let reported = bench.reported.charge.map { $0 * 1000 } ?? 90_000
        let known = bench.snapshot.reading[.chargeCurrentLimit].map { Int($0) } ?? reported
        #expect(limits.charge == min(90_000, known) || limits.charge == 0, context)
      case .protection(let alarm):
        #expect(limits.charge == 0, context)
        #expect(bench.snapshot.reading.alarms.has(alarm), context)
      case .chargeSwitchOpen: #expect(limits.charge == 0, context)
      case .cellCeiling(let cell, let voltage):
        #expect(limits.charge == 0, context)
        if wanderer.freshness == .fresh {
          #expect(voltage == .millivolts(bench.cells[cell - 1]), context)
        }
      case .cellCurve(let cell, let voltage):
        guard wanderer.freshness == .fresh else { break }
        #expect(voltage == .millivolts(highest), context)
        #expect(bench.cells[cell - 1] == highest, context)
        let curve = ChargeSettings.lfp.chargeCellCurve ?? Curve([])
        #expect(curve.share(at: voltage) < .percent(100), context)
      case .temperatureCurve(let temperature):
        guard wanderer.freshness == .fresh else { break }
        #expect(temperature < .degrees(13) || temperature > .degrees(37), context)
      case .noTemperature: #expect(limits.charge <= 22_500, context)
      case .switchTemperature(let temperature): #expect(temperature > .degrees(67), context)
      case .spread: #expect(limits.charge == 2000 && limits.mode == .imbalanceHold, context)
      case .contradiction: #expect(limits.charge == 0, context)
      case .ramp: #expect(wanderer.freshness == .fresh, context)
      case .pack, .share, .state: Issue.record("the reason of a bank, not of a battery")
      case .freshness(let stage): #expect(stage == wanderer.freshness, context)
      case .user, .mode, .overshoot, .cellFloor, .cellCount, .identity, .dischargeSwitchOpen:
        Issue.record("CCL for \(limits.chargeCurrent.reason), \(context)")
      }
    }
  }

  /// Noise and swings around every threshold, at the worst of rhythms, must not make the modes chatter.
  @Test(arguments: [2950, 3050, 3300, 3350, 3375, 3400, 3420, 3430])
  func modesDoNotChatter(millivolts: Int) {
    var dice = Dice(UInt64(millivolts))
    var bench = Bench(at: millivolts)
    var changes: [Int64] = []
    var mode: ChargeMode?
    var (swing, apart, until) = (0, 0, Int64(0))
    for _ in 0..<(8 * 3600 / 2) {
      bench.now += 2000
      if bench.now >= until {
        // Just longer than the holds of 10 s, 60 s and 300 s.
        until = bench.now + Int64([14, 64, 304][dice.roll(0...2)]) * 1000
        swing = swing > 0 ? -dice.roll(20...160) : dice.roll(20...160)
        apart = dice.happens(oneIn: 2) ? dice.roll(0...150) : 0
        bench.soc = [4, 9, 50, 79, 95][dice.roll(0...4)]
      }
      for index in bench.cells.indices {
        bench.cells[index] = millivolts + swing + dice.roll(-4...4)
      }
      bench.cells[3] += apart
      bench.milliamperes = dice.roll(-3000...3000)
      bench.decide()
      if let mode, mode != bench.control.mode { changes.append(bench.now) }
      mode = bench.control.mode
    }
    #expect(changes.count >= 4, "the swings around \(millivolts) mV change nothing")
    for first in changes {
      let hour = changes.filter { $0 >= first && $0 < first + 3_600_000 }.count
      #expect(hour <= 30, "around \(millivolts) mV")
    }
  }

  /// Numbers from the ends of their types neither trap nor leave the bounds.
  @Test(arguments: seeds)
  func hostileNumbersSaturate(seed: UInt64) {
    var dice = Dice(seed &+ 400)
    var settings = ChargeSettings.lfp
    settings.cells = 16
    let wild: [Int64] = [.min, -1, 0, 1, 65_535, Int64(Int32.max), Int64(Int32.min), .max]
    for _ in 0..<200 {
      var control = ChargeControl(settings)
      var snapshot = Snapshot()
      for _ in 0..<20 {
        var reading = Reading()
        for _ in 0..<16 { reading.cells.append(.decimillivolts(dice.roll(0...65_535))) }
        for point in Point.allCases where point != .cellCount && dice.happens(oneIn: 2) {
          reading[point] = wild[dice.roll(0...7)]
        }
        reading[.remaining] = wild[dice.roll(0...7)]
        reading.alarms = AlarmSet(rawValue: dice.next())
        reading.reportsAlarms = dice.happens(oneIn: 2)
        func value() -> Int32 { Int32(clamping: wild[dice.roll(0...7)]) }
        reading.cutoffs.cellOvervoltage = CellVoltage(raw: value())
        reading.cutoffs.cellUndervoltage = CellVoltage(raw: value())
        reading.cutoffs.cellEmpty = CellVoltage(raw: value())
        reading.cutoffs.chargeOvercurrent = Current(raw: value())
        reading.cutoffs.dischargeOvercurrent = Current(raw: value())
        reading.cutoffs.overtemperature = Temperature(raw: value())
        reading.cutoffs.chargeUndertemperature = Temperature(raw: value())
        let now = Tick(wild[dice.roll(0...7)])
        snapshot.take(reading, at: Tick(wild[dice.roll(0...7)]), isLive: true)
        let freshness = Freshness.allCases[dice.roll(0...3)]
        guard let limits = control.decide(snapshot, freshness: freshness, at: now) else { continue }
        #expect(limits.volts > 0 && limits.volts <= 55_200, "seed \(seed)")
        #expect(limits.charge >= 0 && limits.discharge >= 0, "seed \(seed)")
      }
    }
  }
}
