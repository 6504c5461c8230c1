// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Quantities
import Testing

/// The control closed around a toy pack and a charger that obeys it.
struct LoopTests {
  /// Cells with a table for their voltage and one resistance; a charger that keeps CVL and CCL.
  struct Toy {
    var bench: Bench
    /// State of charge of each cell in percent.
    var charge: [Double]
    /// Capacity of each cell in Ah.
    var capacity: [Double]
    let resistance = 0.0008
    let bleed = 0.15
    var amperes = 0.0
    var seconds = 0
    var peak = 0
    var modes: [ChargeMode] = []
    var least = (charge: Int.max, discharge: Int.max)

    init(charge: [Double], capacity: [Double]? = nil) {
      self.charge = charge
      self.capacity = capacity ?? charge.map { _ in 100 }
      bench = Bench(at: 3300, count: charge.count)
    }

    static let table: [(Double, Double)] = [
      (-5, 2.0), (0, 2.5), (1, 2.85), (3, 3.0), (5, 3.1), (10, 3.2), (20, 3.25), (30, 3.28),
      (40, 3.29),
      (60, 3.305), (70, 3.325), (90, 3.335), (95, 3.345), (98, 3.37), (99, 3.42), (99.5, 3.46),
      (100, 3.6), (101, 3.9), (110, 4.5),
    ]

    static func open(_ percent: Double) -> Double {
      for index in 1..<table.count where percent <= table[index].0 {
        let (x0, y0) = table[index - 1]
        let (x1, y1) = table[index]
        return y0 + (y1 - y0) * (percent - x0) / (x1 - x0)
      }
      return 4.5
    }

    var spread: Int { (bench.cells.max() ?? 0) - (bench.cells.min() ?? 0) }

    /// One step of `dt` seconds: sun and load in amperes at the pack.
    mutating func step(_ dt: Int, sun: Double, load: Double) {
      let open = charge.map(Self.open)
      let sum = open.reduce(0, +)
      let limits = bench.control.silence == nil ? last : nil
      let cvl = Double(limits?.volts ?? 0) / 1000
      let ccl = Double(limits?.charge ?? 0) / 1000
      let dcl = limits?.discharge ?? 0
      let room = (cvl - sum) / (resistance * Double(charge.count))
      amperes = min(sun - load, ccl, max(room, -load))
      if amperes < 0, dcl == 0 { amperes = 0 }
      let low = bench.cells.min() ?? 0
      for index in charge.indices {
        var current = amperes
        let volts = open[index] + amperes * resistance
        bench.cells[index] = Int(volts * 1000)
        if amperes > 0, bench.cells[index] > 3350, bench.cells[index] > low + 5 { current -= bleed }
        charge[index] += current * Double(dt) / 36 / capacity[index]
      }
      peak = max(peak, bench.cells.max() ?? 0)
      bench.milliamperes = Int(amperes * 1000)
      bench.soc = max(0, min(100, Int(charge.reduce(0, +) / Double(charge.count))))
      bench.now += Int64(dt) * 1000
      seconds += dt
      last = bench.decide()
      if let last {
        least = (min(least.charge, last.charge), min(least.discharge, last.discharge))
        if modes.last != last.mode { modes.append(last.mode) }
      }
    }

    var last: Limits?

    /// Days of sun by day and a house that always draws.
    mutating func live(days: Int, sun: Double, load: Double, dt: Int = 5) {
      for _ in 0..<(days * 86_400 / dt) {
        let hour = seconds / 3600 % 24
        step(dt, sun: (8..<18).contains(hour) ? sun : 0, load: load)
      }
    }
  }

  @Test func aDayEndsFullAndNoCellPassesItsCeiling() {
    var toy = Toy(charge: (0..<16).map { 40 + Double($0) * 0.02 })
    toy.live(days: 1, sun: 20, load: 3)
    #expect(Array(toy.modes.prefix(4)) == [.bulk, .transition, .floatApproach, .float])
    #expect(toy.peak < 3500)
    #expect(toy.least.charge >= 1000)
    #expect(toy.least.discharge > 5000)
  }

  @Test func aCellThatRunsAheadIsHeldAndBalanced() {
    var toy = Toy(charge: [52] + Array(repeating: 50, count: 15))
    toy.live(days: 6, sun: 20, load: 3)
    #expect(toy.modes.contains(.imbalanceHold))
    #expect(toy.modes.contains(.float))
    #expect(toy.peak < 3560)
    #expect(toy.least.discharge > 5000)
    let ahead = (toy.charge.max() ?? 0) - (toy.charge.min() ?? 0)
    #expect(ahead < 1, "left \(ahead) %")
    #expect(toy.modes.count < 60)
  }

  @Test func anEmptyPackNarrowsAndRecovers() {
    var toy = Toy(charge: Array(repeating: 12, count: 16))
    for _ in 0..<(20 * 720) { toy.step(5, sun: 0, load: 3) }
    #expect(toy.modes == [.bulk, .sustain])
    #expect(toy.last?.discharge == 0)
    #expect(toy.bench.cells.min().map { $0 > 2500 } ?? false)
    #expect(toy.last?.charge == 90_000)
    for _ in 0..<(3 * 720) { toy.step(5, sun: 20, load: 3) }
    #expect(toy.last?.mode == .bulk)
    #expect(toy.last?.discharge ?? 0 > 100_000)
  }

  @Test func aWeakCellSparesTheRestAtBothEnds() {
    var capacity = Array(repeating: 100.0, count: 16)
    capacity[4] = 80
    var toy = Toy(charge: Array(repeating: 60, count: 16), capacity: capacity)
    toy.live(days: 3, sun: 30, load: 8)
    #expect(toy.peak < 3560)
    #expect(toy.bench.cells.min().map { $0 > 2500 } ?? false)
  }
}
