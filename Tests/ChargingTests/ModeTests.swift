// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Quantities
import Testing

/// Entry, exit, hysteresis and dwell of each mode: the table of docs/charging.md.
struct ModeTests {
  @Test(arguments: rows)
  func table(row: Row) {
    var bench = row.begin()
    #expect(bench.control.mode == row.from)
    row.change(&bench)
    var changedAfter: Int?
    for second in 1...(row.stays + 1) {
      bench.run(1)
      if bench.control.mode != row.from {
        changedAfter = second
        break
      }
    }
    if let to = row.to {
      #expect(changedAfter == row.stays + 1)
      #expect(bench.control.mode == to)
    } else {
      #expect(changedAfter == nil)
    }
  }

  @Test func theRampToFloatTakesItsTime() {
    var bench = Self.transition()
    bench.run(900)
    #expect(bench.control.mode == .floatApproach)
    // 16 · 75 mV at 1 mV/s.
    bench.run(1199)
    #expect(bench.control.mode == .floatApproach)
    bench.level(3375)
    #expect(bench.run(1)?.volts == 54_000)
    #expect(bench.control.mode == .float)
  }

  @Test func theDwellStartsAnewBeyondItsHysteresis() {
    var bench = Self.transition()
    bench.run(800)
    #expect(bench.control.dwellLeft == 100_000)
    bench.cells[0] = 3432  // 13 mV: still balanced
    bench.run(1)
    #expect(bench.control.dwellLeft == 99_000)
    bench.cells[0] = 3431  // 14 mV: anew
    bench.run(1)
    bench.cells[0] = 3432  // and 13 mV is not balanced enough to begin
    bench.run(50)
    #expect(bench.control.dwellLeft.map { $0 > 900_000 } ?? false)
    bench.cells[0] = 3435
    bench.run(899)
    #expect(bench.control.mode == .transition)
    bench.run(1)
    #expect(bench.control.mode == .floatApproach)
  }

  @Test func aSagPausesTheDwell() {
    var bench = Self.transition()
    bench.run(600)
    bench.level(3400)
    bench.run(200)
    bench.level(3445)
    bench.run(299)
    #expect(bench.control.mode == .transition)
    bench.run(1)
    #expect(bench.control.mode == .floatApproach)
  }

  @Test func aPackThatIsFullForTenDaysIsChargedAnew() {
    var settings = ChargeSettings.lfp
    settings.rebulkInterval = 3600_000
    var bench = Bench(settings, at: 3375)
    bench.run(3600)
    #expect(bench.control.mode == .float)
    bench.run(1)
    #expect(bench.control.mode == .bulk)
    #expect(ChargeSettings.lfp.rebulkInterval == 864_000_000)
  }

  /// A restart must not look like an event: the mode comes from the cells.
  static let starts: [(String, [Int], Int?, Int?, ChargeMode)] = [
    ("middle", Array(repeating: 3300, count: 16), 10_000, 50, .bulk),
    ("at the target", Array(repeating: 3445, count: 16), 10_000, 97, .transition),
    ("at float, at rest", Array(repeating: 3375, count: 16), 300, 100, .float),
    ("at float, charging hard", Array(repeating: 3375, count: 16), 20_000, 70, .bulk),
    ("at float, current unknown", Array(repeating: 3375, count: 16), nil, 70, .bulk),
    ("full but drawn from", Array(repeating: 3340, count: 16), -3000, 99, .bulk),
    ("apart at the top", [3480] + Array(repeating: 3350, count: 15), 1000, 90, .imbalanceHold),
    ("apart at the bottom", [3150] + Array(repeating: 3300, count: 15), 0, 20, .bulk),
    ("empty", [2950] + Array(repeating: 3200, count: 15), 0, 9, .sustain),
    ("SOC 0 in a full pack", Array(repeating: 3375, count: 16), 0, 0, .float),
    ("SOC 0 and cells that agree", Array(repeating: 3200, count: 16), 0, 0, .sustain),
  ]

  @Test(arguments: starts.indices)
  func startsFromTheCells(index: Int) {
    let (name, cells, current, soc, mode) = Self.starts[index]
    var bench = Bench(cells: cells)
    bench.milliamperes = current
    bench.soc = soc
    bench.decide()
    #expect(bench.control.mode == mode, "\(name)")
    #expect(bench.control.modeSince == Tick(bench.now))
  }

  @Test func aStopOfChargingPausesTheEndOfAbsorption() {
    var bench = Self.transition()
    bench.alarms = .of(.chargeUndertemperature)
    bench.milliamperes = 0
    bench.run(7000)
    #expect(bench.control.mode == .transition)
  }
}
