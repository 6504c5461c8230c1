// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Quantities
import Testing

/// What random packs found out: where limits swung, or went on where they had to end.
struct CalmTests {
  /// A cell whose voltage follows the current that is allowed, some seconds late, as behind a real charger.
  private struct Knee {
    var bench = Bench(at: 3380)
    var orders: [Int] = []
    /// Millivolts that each ampere adds.
    let rise: Double

    /// Lets a second pass; the charger gives all that was allowed `lag` seconds ago, at most `sun`.
    mutating func step(lag: Int, sun: Int) throws -> Int {
      let order = orders.count >= lag ? orders[orders.count - lag] : 0
      bench.level(3360 + Int(rise * Double(min(order, sun)) / 1000))
      bench.milliamperes = min(order, sun)
      orders.append(try bench.limits(1).charge)
      return orders.last ?? 0
    }
  }

  /// Millivolts per ampere of a cell, and seconds of lag.
  @Test(arguments: [0.3, 0.6, 1.2, 2.4], [1, 4, 8])
  func chargingAlongTheCurveDoesNotSwing(rise: Double, lag: Int) throws {
    var knee = Knee(rise: rise)
    var limits: [Int] = []
    for _ in 0..<3600 { limits.append(try knee.step(lag: lag, sun: 80_000)) }
    // After ten minutes nothing moves by more than what is not worth a rise, to both sides.
    let settled = limits[600...]
    let swing = (settled.max() ?? 0) - (settled.min() ?? 0)
    #expect(swing <= 90_000 * 4 / 100, "from \(settled.min() ?? 0) to \(settled.max() ?? 0) mA")
    #expect((settled.min() ?? 0) > 1000)
  }

  @Test func anEasedRiseComesToItsEnd() throws {
    var bench = Bench(at: 3425)
    #expect(try bench.limits(60).charge == 4500)
    bench.level(3300)
    // Half a minute of waiting, then a quarter of what is left in each further half minute.
    #expect(try bench.limits(30).charge == 4500)
    let first = try bench.limits(30).charge
    #expect((22_000...26_000).contains(first), "\(first)")
    let second = try bench.limits(30).charge
    #expect((36_000...42_000).contains(second), "\(second)")
    #expect(try bench.limits(600).charge == 90_000)
    // Back at its highest, the next rise that cells have no part in is quick again.
    bench.alarms = .of(.internalFault)
    bench.run(2)
    bench.alarms = []
    #expect(try bench.limits(30 + 18).charge == 90_000)
  }

  @Test func anEmptyPackDoesNotSwitchTheHouseOnAndOff() throws {
    var bench = Bench(at: 3100)
    bench.run(1)
    var dark: [Int] = []
    var last = 1
    for second in 0..<7200 {
      let discharge = try bench.limits(1).discharge
      if discharge == 0, last > 0 { dark.append(second) }
      last = discharge
      // Without a load the cells recover, with one they fall to their floor.
      bench.level(discharge > 0 ? 2790 : 2950)
    }
    // A minute, four, then sixteen each time.
    let waits = zip(dark, dark.dropFirst()).map { $1 - $0 }
    #expect(dark.count >= 5)
    #expect((80...110).contains(waits[0]), "\(waits)")
    #expect((260...290).contains(waits[1]), "\(waits)")
    for wait in waits.dropFirst(2) { #expect((980...1010).contains(wait), "\(waits)") }
  }

  @Test func aFloorAnHourLaterIsTheFirstAgain() throws {
    var bench = Bench(at: 3100)
    bench.run(1)
    for _ in 0..<3 {
      bench.level(2790)
      #expect(try bench.limits(10).discharge == 0)
      bench.level(3150)
      bench.run(3600)
    }
    bench.run(3600)
    bench.level(2790)
    #expect(try bench.limits(10).discharge == 0)
    bench.level(3150)
    #expect(try bench.limits(60 + 35).discharge > 0)
  }

  @Test func cellsThatDisagreeForGoodAreSilentForGood() throws {
    var bench = Bench(at: 3300)
    bench.run(10)
    bench.cellCount = 15
    #expect(try bench.limits(59).charge == 0)
    for _ in 0..<600 {
      #expect(bench.run(1) == nil)
      #expect(bench.control.silence == .cellCount)
    }
    // Nor does a battery that was lost meanwhile get another minute.
    bench.run(70, .lost)
    #expect(bench.run(1) == nil)
    bench.cellCount = 16
    #expect(try bench.limits(1).charge == 0)
    #expect(try bench.limits(60).charge > 0)
  }
}
