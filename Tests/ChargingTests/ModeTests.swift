// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Quantities
import Testing

/// Entry, exit, hysteresis and dwell of each mode: the table of docs/charging.md.
struct ModeTests {
  /// One row: from a mode, under a change, the mode holds for so long and has then changed.
  struct Row: Sendable, CustomStringConvertible {
    var description: String
    /// Brings the bench into the mode to begin with.
    var begin: @Sendable () -> Bench
    /// What changes then.
    var change: @Sendable (inout Bench) -> Void
    var from: ChargeMode
    /// How many seconds the mode stays, and what it is after one more; `nil` stays for good.
    var stays: Int
    var to: ChargeMode?
  }

  static let bulk: @Sendable () -> Bench = {
    var bench = Bench(at: 3300)
    bench.run(1)
    return bench
  }
  static let transition: @Sendable () -> Bench = {
    var bench = Bench(at: 3445)
    bench.milliamperes = 20_000
    bench.run(1)
    return bench
  }
  static let float: @Sendable () -> Bench = {
    var bench = Bench(at: 3375)
    bench.soc = 100
    bench.run(1)
    return bench
  }
  static let hold: @Sendable () -> Bench = {
    var bench = Bench(cells: [3450] + Array(repeating: 3340, count: 15))
    bench.run(1)
    return bench
  }
  static let sustain: @Sendable () -> Bench = {
    var bench = Bench(cells: [2990] + Array(repeating: 3200, count: 15))
    bench.soc = 20
    bench.run(1)
    return bench
  }

  static let rows: [Row] = [
    // BULK → TRANSITION: the highest cell at the target, 10 s.
    Row(
      description: "highest cell reaches the target", begin: bulk,
      change: {
        $0.cells[3] = 3430; for i in 4..<16 { $0.cells[i] = 3400 }
        for i in 0..<3 { $0.cells[i] = 3400 }
      },
      from: .bulk, stays: 9, to: .transition),
    Row(
      description: "just below the target", begin: bulk, change: { $0.level(3429) },
      from: .bulk, stays: 3600, to: nil),
    Row(
      description: "SOC alone never ends bulk", begin: bulk, change: { $0.soc = 100 },
      from: .bulk, stays: 3600, to: nil),
    // TRANSITION → BULK: 31 mV below the target for 5 min.
    Row(
      description: "target abandoned", begin: transition, change: { $0.level(3419) },
      from: .transition, stays: 299, to: .bulk),
    Row(
      description: "a shallow sag does not abandon, nor end", begin: transition,
      change: {
        $0.level(3420); $0.cells[0] = 3400
      },
      from: .transition, stays: 7199, to: .floatApproach),
    // TRANSITION → FLOAT_APPROACH: balanced for 15 min.
    Row(
      description: "balanced at the target", begin: transition,
      change: { $0.cells[0] = 3435 }, from: .transition, stays: 899, to: .floatApproach),
    // Or with a tail current for 30 min.
    Row(
      description: "tail current at the target", begin: transition,
      change: {
        $0.cells[0] = 3400; $0.milliamperes = 5000
      },
      from: .transition, stays: 1799, to: .floatApproach),
    // Or after 2 h at the latest.
    Row(
      description: "a tail current in a pack apart does not count", begin: transition,
      change: {
        $0.cells[0] = 3390; $0.milliamperes = 5000
      },
      from: .transition, stays: 7199, to: .floatApproach),
    Row(
      description: "a tail current while one cell alone is at the target does not count",
      begin: transition,
      change: {
        $0.level(3405); $0.cells[5] = 3440; $0.milliamperes = 1000
      },
      from: .transition, stays: 7199, to: .floatApproach),
    Row(
      description: "unknown capacity: no tail",
      begin: {
        var settings = ChargeSettings.lfp
        settings.entryHold = 1000
        var bench = Bench(settings, at: 3445)
        bench.ampereHours = nil
        bench.run(1)
        return bench
      },
      change: {
        $0.cells[0] = 3400; $0.milliamperes = 0
      },
      from: .transition, stays: 7199, to: .floatApproach),
    // FLOAT → BULK.
    Row(
      description: "SOC below 80 % and cells that agree", begin: float,
      change: {
        $0.level(3324); $0.soc = 79
      }, from: .float, stays: 59, to: .bulk),
    Row(
      description: "SOC alone never charges anew", begin: float, change: { $0.soc = 3 },
      from: .float, stays: 7200, to: nil),
    Row(
      description: "cells alone, slightly low, do not", begin: float,
      change: {
        $0.level(3300); $0.soc = 90
      }, from: .float, stays: 7200, to: nil),
    Row(
      description: "cells alone, clearly low, do, whatever SOC says", begin: float,
      change: {
        $0.level(3225); $0.soc = 100
      }, from: .float, stays: 599, to: .bulk),
    Row(
      description: "cells alone do without any SOC",
      begin: {
        var bench = float()
        bench.snapshot = Snapshot()
        bench.soc = nil
        return bench
      },
      change: { $0.level(3220) }, from: .float, stays: 599, to: .bulk),
    Row(
      description: "a full pack drifts apart", begin: float,
      change: { $0.cells[2] = 3295 }, from: .float, stays: 59, to: .bulk),
    Row(
      description: "a spread under load, below float, says nothing", begin: float,
      change: {
        $0.level(3330); $0.cells[2] = 3240; $0.soc = 90
      },
      from: .float, stays: 7200, to: nil),
    // IMBALANCE_HOLD.
    Row(
      description: "cells apart near the top", begin: bulk,
      change: {
        $0.level(3320); $0.cells[6] = 3421
      }, from: .bulk, stays: 9, to: .imbalanceHold),
    Row(
      description: "cells apart elsewhere", begin: bulk,
      change: {
        $0.level(3250); $0.cells[6] = 3399
      }, from: .bulk, stays: 3600, to: nil),
    Row(
      description: "cells at the limit, not above", begin: bulk,
      change: {
        $0.level(3310); $0.cells[6] = 3410
      }, from: .bulk, stays: 3600, to: nil),
    Row(
      description: "cells come together", begin: hold,
      change: {
        $0.level(3400); $0.cells[0] = 3450
      },
      from: .imbalanceHold, stays: 299, to: .transition),
    Row(
      description: "cells nearly together", begin: hold,
      change: {
        $0.level(3399); $0.cells[0] = 3450
      }, from: .imbalanceHold, stays: 3600, to: nil),
    Row(
      description: "the highest cell leaves the top", begin: hold,
      change: {
        $0.level(3250); $0.cells[0] = 3374
      }, from: .imbalanceHold, stays: 299, to: .bulk),
    Row(
      description: "just below the top is not enough", begin: hold,
      change: {
        $0.level(3250); $0.cells[0] = 3375
      }, from: .imbalanceHold, stays: 3600, to: nil),
    // SUSTAIN.
    Row(
      description: "lowest cell at its floor", begin: bulk, change: { $0.cells[9] = 3000 },
      from: .bulk, stays: 9, to: .sustain),
    Row(
      description: "SOC at its floor, cells that agree", begin: bulk,
      change: {
        $0.level(3200); $0.soc = 5
      }, from: .bulk, stays: 9, to: .sustain),
    Row(
      description: "SOC at its floor, cells that contradict", begin: bulk,
      change: {
        $0.level(3330); $0.soc = 0
      }, from: .bulk, stays: 3600, to: nil),
    Row(
      description: "risen cells and SOC", begin: sustain,
      change: { $0.level(3200) }, from: .sustain, stays: 299, to: .bulk),
    Row(
      description: "risen cells, SOC still low", begin: sustain,
      change: {
        $0.level(3200); $0.soc = 7
      }, from: .sustain, stays: 3600, to: nil),
    Row(
      description: "risen SOC, cells still low", begin: sustain,
      change: { $0.soc = 60 }, from: .sustain, stays: 3600, to: nil),
    Row(
      description: "full cells overrule a SOC that never rises", begin: sustain,
      change: {
        $0.level(3340); $0.soc = 0
      }, from: .sustain, stays: 299, to: .bulk),
  ]

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
