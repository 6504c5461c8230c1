// SPDX-License-Identifier: Apache-2.0

import Quantities
import Testing

@testable import Simulation

@Suite struct BankTests {
  private func pack(
    _ volts: Double, _ ohms: Double, takes: Bool = true, gives: Bool = true
  ) -> PackTerminals {
    PackTerminals(
      source: Source(voltage: volts, resistance: ohms), takes: takes, gives: gives)
  }

  /// A bank with loads of 1 kW and no charger.
  private func loaded(watts: Double = 1000) -> SimulatedBank {
    var scenario = Scenario.storage
    scenario.load = .constant(watts)
    return SimulatedBank(scenario, seed: 1)
  }

  private func near(_ a: Double, _ b: Double) -> Bool { (a - b).magnitude < 1e-9 }

  @Test func currentsSplitByResistance() {
    var bank = loaded()
    let currents = bank.share([pack(50, 0.02), pack(50, 0.01)], at: 0)
    #expect(near(currents[0] + currents[1], -20))
    #expect(near(currents[1], 2 * currents[0]))
    #expect(near(bank.voltage, 50 - 20 / 150.0))
  }

  @Test func aFullerPackChargesTheOther() {
    var bank = loaded(watts: 0)
    let currents = bank.share([pack(52, 0.01), pack(50, 0.01)], at: 0)
    #expect(near(currents[0], -100) && near(currents[1], 100))
    // Unless a switch is open.
    #expect(bank.share([pack(52, 0.01), pack(50, 0.01, takes: false)], at: 0) == [0, 0])
    #expect(bank.share([pack(52, 0.01, gives: false), pack(50, 0.01)], at: 0) == [0, 0])
  }

  @Test func othersCarryWhatAnOpenSwitchDoesNot() {
    var bank = loaded()
    let three = [pack(50, 0.01), pack(50, 0.01, gives: false), pack(50, 0.01)]
    let currents = bank.share(three, at: 0)
    #expect(near(currents[0], -10) && currents[1] == 0 && near(currents[2], -10))
    #expect(bank.share([pack(50, 0.01, takes: false, gives: false)], at: 0) == [0])
    #expect(bank.loadCurrent == 0)
    #expect(bank.share([], at: 0).isEmpty)
  }

  @Test func theChargerSeesOneBattery() {
    var scenario = Scenario.solarDay
    scenario.charger.supply = nil
    scenario.load = .constant(0)
    var bank = SimulatedBank(scenario, seed: 1)
    var currents: [Double] = []
    for step in 0..<600 as Range<Int64> {
      currents = bank.share([pack(52, 0.02), pack(52, 0.02)], at: step * 100)
    }
    #expect(bank.hasCharger)
    #expect((currents[0] + currents[1] - 40).magnitude < 0.1)
    #expect(near(currents[0], currents[1]))
    // A pack that may not be charged leaves all to the other.
    currents = bank.share([pack(52, 0.02), pack(52, 0.02, takes: false)], at: 60_100)
    #expect(currents[1] == 0 && currents[0] > 39)
  }

  @Test func packsOfOneBankDrawTogether() {
    let scenario = Scenario.solarDay
    var first = scenario
    var second = scenario
    first.pack.soc = 0.60
    second.pack.soc = 0.30
    first.control = .own
    second.control = .own
    var rigs = [Rig(first, seed: 1), Rig(second, seed: 2)]
    var whole = scenario.sized(packs: 2)
    whole.load = .constant(0)
    whole.charger.supply = .constant(0)
    var bank = SimulatedBank(whole, seed: 1)
    let before = rigs.map { $0.pack.soc }
    for step in 1...36_000 as ClosedRange<Int64> {
      let currents = bank.share(rigs.map { $0.terminals }, at: step * 100)
      for index in rigs.indices {
        rigs[index].impose(currents[index], hasCharger: bank.hasCharger)
        rigs[index].advance(to: .init(step * 100))
      }
    }
    // With no charger no charge switch closes: nothing flows, whatever their charge.
    #expect((rigs[0].pack.soc - before[0]).magnitude < 0.001)
    whole.charger.supply = .constant(200)
    bank = SimulatedBank(whole, seed: 1)
    for step in 36_001...108_000 as ClosedRange<Int64> {
      let currents = bank.share(rigs.map { $0.terminals }, at: step * 100)
      for index in rigs.indices {
        rigs[index].impose(currents[index], hasCharger: bank.hasCharger)
        rigs[index].advance(to: .init(step * 100))
      }
    }
    // The fuller one has charged the other, and both stand at one voltage.
    #expect(rigs[0].pack.soc < before[0] && rigs[1].pack.soc > before[1] + 0.02)
    #expect((rigs[0].pack.voltage - rigs[1].pack.voltage).magnitude < 0.01)
  }

  @Test func aScenarioGrowsWithItsPack() {
    let small = Scenario.solarDay.sized(series: 8, capacity: 50)
    #expect(small.pack.series == 8 && small.pack.cell.capacity == 50)
    #expect(small.settings[306] == 5000 && small.settings[307] == 8)
    #expect(near(small.charger.voltage, 28.8) && near(small.charger.current, 20))
    #expect(near(small.load.rows[0].watts, 15))
    #expect(small.settings[315] == Scenario.solarDay.settings[315])
    let same = Scenario.demo.sized()
    #expect(same.pack.ahead.count == 3 && same.charger.current == Scenario.demo.charger.current)
    #expect(near(Scenario.house.sized(packs: 3).charger.current, 240))
  }
}
