// SPDX-License-Identifier: Apache-2.0
import Battery
import Quantities
import Testing

@Suite("A battery's present state")
struct SnapshotTests {
  private func live(_ volts: Int64, _ milliamperes: Int64) -> Reading {
    var reading = Reading()
    reading[.voltage] = volts * 1000
    reading[.current] = milliamperes
    return reading
  }

  @Test("Age counts from the last checked live frame, not from a change")
  func age() {
    var snapshot = Snapshot()
    #expect(snapshot.age(at: Tick(5)) == nil)
    snapshot.take(live(52, 0), at: Tick(1000), isLive: true)
    snapshot.take(live(52, 0), at: Tick(1250), isLive: true)
    #expect(snapshot.age(at: Tick(1300)) == 50)
    var settings = Reading()
    settings.cutoffs.cellOvervoltage = .millivolts(3650)
    snapshot.take(settings, at: Tick(9000), isLive: false)
    #expect(snapshot.age(at: Tick(9000)) == 7750)
    #expect(snapshot.reading.cutoffs.cellOvervoltage == .millivolts(3650))
  }

  @Test("What is computed says so and gives way to what is measured")
  func derived() throws {
    var snapshot = Snapshot()
    snapshot.take(live(52, -10_000), at: Tick(1), isLive: true)
    let power = try #require(snapshot[.power])
    #expect(power.value == -520_000)
    #expect(power.isDerived)
    var measured = live(52, -10_000)
    measured[.power] = -519_000
    snapshot.take(measured, at: Tick(2), isLive: true)
    #expect(snapshot[.power]?.isDerived == false)
    #expect(snapshot[.power]?.value == -519_000)
  }

  @Test("What the gateway keeps is marked as computed, and can be taken back")
  func kept() {
    var snapshot = Snapshot()
    snapshot.keep(.timeToEmpty, 600, at: Tick(1))
    #expect(snapshot[.timeToEmpty]?.isDerived == true)
    snapshot.keep(.timeToEmpty, nil, at: Tick(2))
    #expect(snapshot[.timeToEmpty] == nil)
    #expect(snapshot.derived == 0)
  }

  @Test("Values of different frames are never mixed into one")
  func noMixing() {
    var snapshot = Snapshot()
    var voltage = Reading()
    voltage[.voltage] = 52_000
    snapshot.take(voltage, at: Tick(1), isLive: false)
    var current = Reading()
    current[.current] = 1000
    snapshot.take(current, at: Tick(60_000), isLive: false)
    #expect(snapshot[.power] == nil)
  }

  @Test("Extremes, spread and mean follow from the cells")
  func cells() {
    var reading = Reading()
    for millivolts in [3300, 3310, 3290, 3310] { reading.cells.append(.millivolts(millivolts)) }
    var snapshot = Snapshot()
    snapshot.take(reading, at: Tick(1), isLive: true)
    #expect(snapshot[.cellMin]?.value == 32_900)
    #expect(snapshot[.cellMinNumber]?.value == 3)
    #expect(snapshot[.cellMaxNumber]?.value == 2)
    #expect(snapshot[.cellDelta]?.value == 200)
    #expect(snapshot[.cellAverage]?.value == 33_025)
  }

  @Test("The remaining charge follows from the state of charge; absurd numbers never trap")
  func remaining() {
    var reading = Reading()
    reading[.full] = 66_000
    reading[.soc] = 50_000_000
    var snapshot = Snapshot()
    snapshot.take(reading, at: Tick(1), isLive: true)
    #expect(snapshot[.remaining]?.value == 33_000)
    #expect(snapshot[.remaining]?.isDerived == true)
    for (full, soc) in [(Int64.max, Int64.max), (.min, .max), (.max, .min), (.min, .min)] {
      reading[.full] = full
      reading[.soc] = soc
      snapshot.take(reading, at: Tick(2), isLive: true)
      #expect(snapshot[.remaining] != nil)
    }
  }

  @Test("An absent sensor is absent, not zero, and never an extreme")
  func sensors() {
    var reading = Reading()
    reading.temperatures.append(.decidegrees(97))
    reading.temperatures.append(nil)
    var snapshot = Snapshot()
    snapshot.take(reading, at: Tick(1), isLive: true)
    #expect(snapshot.reading.temperatures.count == 2)
    #expect(snapshot.reading.temperatures[1] == nil)
    #expect(snapshot[.temperatureMin]?.value == 970)
    var none = Reading()
    none.temperatures.append(nil)
    var other = Snapshot()
    other.take(none, at: Tick(1), isLive: true)
    #expect(other[.temperatureMax] == nil)
  }
}

@Suite("Stages of age")
struct FreshnessTests {
  @Test(
    "The stages of a battery polled each 250 ms",
    arguments: [
      (nil, .lost), (0, .fresh), (2000, .fresh), (2001, .aging), (10_000, .aging), (10_001, .stale),
      (60_000, .stale), (60_001, .lost),
    ] as [(Int64?, Freshness)])
  func usual(age: Int64?, stage: Freshness) {
    #expect(Freshness(age: age, bounds: .init(period: 250)) == stage)
  }

  @Test("A slow battery is fresh for three of its periods")
  func slow() {
    #expect(Freshness(age: 15_000, bounds: .init(period: 5000)) == .fresh)
    #expect(Freshness(age: 15_001, bounds: .init(period: 5000)) == .stale)
  }

  @Test("A visited battery is fresh for a visit and a half, and stale once two were missed")
  func visited() {
    let bounds = Freshness.Bounds(visitPeriod: 300_000)
    for (age, stage) in [
      (450_000, .fresh), (450_001, .aging), (750_000, .aging), (750_001, .stale),
      (1_200_000, .stale), (1_200_001, .lost),
    ] as [(Int64, Freshness)] {
      #expect(Freshness(age: age, bounds: bounds) == stage)
    }
    for absurd in [Int64.min, 0, .max] {
      let bounds = Freshness.Bounds(visitPeriod: absurd)
      #expect(bounds.fresh < bounds.aging && bounds.aging < bounds.stale)
    }
  }

  @Test("No stage can be switched off or put before an earlier one")
  func order() {
    let bounds = Freshness.Bounds(fresh: 5000, aging: 100, stale: -1)
    #expect(bounds.fresh <= bounds.aging && bounds.aging <= bounds.stale)
    #expect(Freshness(age: 5001, bounds: bounds) == .lost)
  }
}
