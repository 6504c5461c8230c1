// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Simulation

@Suite struct PowerTests {
  private func kilowattHours(_ profile: PowerProfile, seed: UInt64) -> Double {
    var sum = 0.0
    for second in 0..<Int64(86_400) { sum += profile.watts(at: second, seed: seed) }
    return sum / 3_600_000
  }

  @Test(arguments: [1, 2, 3] as [UInt64]) func daysAreOfTheSizeThatTheyClaim(_ seed: UInt64) {
    #expect((5...11).contains(kilowattHours(.house, seed: seed)), "seed \(seed)")
    #expect((0.9...2.4).contains(kilowattHours(.camper, seed: seed)), "seed \(seed)")
    #expect((4...8).contains(kilowattHours(.solar(peak: 1000), seed: seed)), "seed \(seed)")
  }

  @Test func sameSeedSameDay() {
    for second in stride(from: Int64(0), to: 200_000, by: 137) {
      let profile = PowerProfile.house
      #expect(profile.watts(at: second, seed: 4) == profile.watts(at: second, seed: 4))
    }
    #expect(kilowattHours(.house, seed: 4) != kilowattHours(.house, seed: 5))
  }

  @Test func thereIsNoSunAtNight() {
    let sun = PowerProfile.solar(peak: 2000)
    #expect(sun.watts(at: 3 * 3600, seed: 1) == 0)
    #expect(sun.watts(at: 23 * 3600, seed: 1) == 0)
    #expect(sun.watts(at: 86_400 + 12 * 3600, seed: 1) > 500)
  }

  @Test func scriptJumpsAndStays() {
    let profile = PowerProfile.script([(0, 10), (100, 500), (200, 0)])
    #expect(profile.watts(at: 0, seed: 0) == 10)
    #expect(profile.watts(at: 99, seed: 0) == 10)
    #expect(profile.watts(at: 100, seed: 0) == 500)
    #expect(profile.watts(at: 199, seed: 0) == 500)
    #expect(profile.watts(at: 1_000_000, seed: 0) == 0)
  }

  private let battery = Source(voltage: 53, resistance: 0.03)

  private func settled(
    _ order: Charger.Order?, load: Double = 0, supply: Double = 1e6, isConnected: Bool = true,
    feedsLoads: Bool = false
  ) -> Charger {
    var design = Charger.Design(current: 50, voltage: 58)
    design.feedsLoads = feedsLoads
    var charger = Charger(design)
    for _ in 0..<300 {
      charger.advance(order, battery: battery, load: load, supply: supply, isConnected: isConnected)
    }
    return charger
  }

  @Test func obeysTheOrderedCurrent() {
    let charger = settled(.init(voltage: 57, current: 12.5))
    #expect((charger.current - 12.5).magnitude < 0.01)
    #expect(charger.state == .constantCurrent)
  }

  @Test func addsWhatTheLoadsTake() {
    #expect((settled(.init(voltage: 57, current: 12.5), load: 20).current - 32.5).magnitude < 0.01)
    #expect(settled(.init(voltage: 57, current: 45), load: 20).current <= 50)
  }

  @Test func holdsTheOrderedVoltage() {
    let charger = settled(.init(voltage: 53.3, current: 40))
    #expect((battery.voltage + battery.resistance * charger.current - 53.3).magnitude < 0.001)
    #expect(charger.state == .constantVoltage)
    #expect(settled(.init(voltage: 52, current: 40)).current == 0)
  }

  @Test func ownersVoltageIsTheHighest() {
    let charger = settled(.init(voltage: 70, current: 50))
    #expect(battery.voltage + battery.resistance * charger.current <= 58.001)
  }

  @Test func givesNoMoreThanItsSupply() {
    let charger = settled(.init(voltage: 57, current: 40), supply: 530)
    #expect((charger.current - 10).magnitude < 0.01)
    #expect(charger.state == .supplyLimited)
  }

  @Test func standsStillWithoutOrderSupplyOrConnection() {
    #expect(settled(nil).current == 0)
    #expect(settled(.init(voltage: 57, current: 0)).state == .off)
    #expect(settled(.init(voltage: 57, current: 10), supply: 1).state == .off)
    #expect(settled(.init(voltage: 57, current: 10), isConnected: false).state == .off)
  }

  @Test func solarChargerFeedsLoadsThoughItMayNotCharge() {
    let charger = settled(.init(voltage: 57, current: 0), load: 7, feedsLoads: true)
    #expect((charger.current - 7).magnitude < 0.01)
  }

  @Test func risesWithFiniteSpeed() {
    var charger = Charger(.init(current: 50, voltage: 58))
    charger.advance(
      .init(voltage: 57, current: 40), battery: battery, load: 0, supply: 1e6, isConnected: true)
    #expect(charger.current > 0)
    #expect(charger.current <= 1)
  }
}
