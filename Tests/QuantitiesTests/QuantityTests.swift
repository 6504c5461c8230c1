// SPDX-License-Identifier: Apache-2.0
import Quantities
import Testing

@Suite("Exact amounts")
struct QuantityTests {
  @Test("Sums and products saturate instead of trapping")
  func saturation() {
    let most = Current(raw: .max)
    #expect(most + Current(raw: 1) == most)
    #expect(Current(raw: .min) - Current(raw: 1) == Current(raw: .min))
    #expect(-Current(raw: .min) == most)
    #expect(most * 2 == most)
    #expect(most * -2 == Current(raw: .min))
    #expect(Energy(raw: .max) * 2 == Energy(raw: .max))
    #expect(Energy(raw: .max).scaled(by: -2, over: 1) == Energy(raw: .min))
    #expect(Voltage(raw: .max) * most == Power(raw: 4_611_686_014_132_421))
  }

  @Test(
    "Division rounds halves away from zero",
    arguments: [(5, 2, 3), (-5, 2, -3), (4, 3, 1), (-4, 3, -1), (7, 2, 4), (0, 9, 0), (-1, 3, 0)]
      as [(Int64, Int64, Int64)])
  func rounding(dividend: Int64, divisor: Int64, quotient: Int64) {
    #expect(dividend.dividedRounding(by: divisor) == quotient)
  }

  @Test("A wire's unit becomes steps of the scale")
  func wireUnits() {
    #expect(CellVoltage.decimillivolts(38720).text() == "3.872")
    #expect(CellVoltage.millivolts(3980).text(places: 3) == "3.980")
    #expect(Voltage.centivolts(5217).text() == "52.17")
    #expect(Current.deciamperes(-301).text() == "-30.1")
    #expect(Temperature.decidegrees(97).text() == "9.7")
    #expect(Temperature.decikelvin(2954).text() == "22.25")
    #expect(Percent.micropercent(83_554_824).text() == "83.554824")
    #expect(Percent.doubleMillipercent(50_000) == .percent(100))
    #expect(Charge.centiampereHours(6600).text() == "66")
  }

  @Test("Power is voltage times current, in milliwatts")
  func power() {
    #expect(
      (Voltage.millivolts(52_170) * Current.milliamperes(-30_100)).text(places: 1) == "-1570.3")
  }

  @Test("Cells in series make a pack and a pack makes cells")
  func series() {
    #expect(Voltage(CellVoltage.decimillivolts(34_500), times: 16) == .millivolts(55_200))
    #expect(CellVoltage(Voltage.millivolts(55_200), over: 16) == .decimillivolts(34_500))
  }
}
