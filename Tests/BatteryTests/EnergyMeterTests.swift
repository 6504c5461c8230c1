// SPDX-License-Identifier: Apache-2.0
import Battery
import Quantities
import Testing

@Suite("Energy counters")
struct EnergyMeterTests {
  @Test(
    "An hour at 50 V and 10 A is 500 Wh and 10 Ah, whatever the polling period",
    arguments: [100, 250, 999, 1000])
  func hour(period: Int64) {
    var meter = EnergyMeter()
    var time: Int64 = 0
    while time < 3_600_000 {
      meter.count(.millivolts(50_000), .amperes(10), at: Tick(time))
      time += period
    }
    meter.count(.millivolts(50_000), .amperes(10), at: Tick(3_600_000))
    #expect(meter.energyCharged == .wattHours(500))
    #expect(meter.chargeCharged == .ampereHours(10))
    #expect(meter.energyDischarged == .zero)
  }

  @Test("Discharge counts apart, and counters go on from where they were")
  func discharge() {
    var meter = EnergyMeter(energyDischarged: .wattHours(7))
    meter.count(.millivolts(50_000), .amperes(-72), at: Tick(0))
    meter.count(.millivolts(50_000), .amperes(-72), at: Tick(1000))
    #expect(meter.energyDischarged == .wattHours(8))
    #expect(meter.chargeDischarged == Charge(raw: 20))
    #expect(meter.energyCharged == .zero)
  }

  @Test("Nothing is counted over a gap that was not seen")
  func gap() {
    var meter = EnergyMeter(longestGap: 10_000)
    meter.count(.millivolts(50_000), .amperes(10), at: Tick(0))
    meter.count(.millivolts(50_000), .amperes(10), at: Tick(10_001))
    #expect(meter.energyCharged == .zero)
    meter.count(.millivolts(50_000), .amperes(10), at: Tick(10_001))
    meter.count(.millivolts(50_000), .amperes(10), at: Tick(17_201))
    #expect(meter.energyCharged == .wattHours(1))
  }
}
