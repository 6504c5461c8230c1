// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Quantities

extension ModeTests {
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
}
