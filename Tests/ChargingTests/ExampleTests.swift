// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Quantities
import Testing

/// The worked example of docs/charging.md, line by line.
struct ExampleTests {
  @Test func theExampleOfTheManual() throws {
    var bench = Bench(at: 3300)
    bench.temperatures = [20]
    var limits = try bench.limits(1)
    #expect(limits.mode == .bulk)
    #expect(limits.chargeVoltage == Limit(.millivolts(55_200), .mode(.bulk)))
    #expect(limits.chargeCurrent == Limit(.amperes(90), .battery))
    #expect(limits.dischargeCurrent == Limit(.amperes(180), .battery))

    bench.level(3390)
    bench.cells[6] = 3412
    limits = try bench.limits(1)
    #expect(limits.chargeCurrent.value == .milliamperes(13_860))
    #expect("\(limits.chargeCurrent.reason)" == "cell 7 at 3.412 V on the cell curve")

    bench.level(3440)
    bench.cells[6] = 3458
    limits = try bench.limits(10)
    #expect(limits.mode == .transition)
    #expect(limits.volts == 55_192)
    #expect("\(limits.chargeVoltage.reason)" == "cell 7 at 3.458 V above the target")
    #expect(limits.charge == 1000)

    bench.level(3449)
    limits = try bench.limits(900)
    #expect(limits.mode == .floatApproach)
    limits = try bench.limits(600)
    #expect(limits.volts == 54_600)
    bench.level(3375)
    limits = try bench.limits(600)
    #expect(limits.chargeVoltage == Limit(.millivolts(54_000), .mode(.float)))
    #expect(limits.charge == 90_000)

    bench.level(3280)
    bench.soc = 78
    limits = try bench.limits(60)
    #expect(limits.mode == .bulk)
    limits = try bench.limits(120)
    #expect(limits.volts > 54_000 && limits.volts <= 54_061)
    #expect(limits.chargeVoltage.reason == .ramp)

    bench.temperatures = [-1]
    limits = try bench.limits(1)
    #expect(limits.chargeVoltage == Limit(.millivolts(54_000), .temperatureCurve(.degrees(-1))))
    #expect(limits.chargeCurrent == Limit(.zero, .temperatureCurve(.degrees(-1))))
    #expect(
      limits.dischargeCurrent == Limit(.milliamperes(40_500), .temperatureCurve(.degrees(-1))))

    bench.run(8, .aging)
    limits = try bench.limits(4, .stale)
    #expect(limits.chargeVoltage.value == .millivolts(54_000))
    #expect(limits.chargeCurrent == Limit(.zero, .freshness(.stale)))
    #expect(limits.dischargeCurrent.value == .milliamperes(40_500))
    #expect(bench.run(50, .lost) == nil)
  }
}
