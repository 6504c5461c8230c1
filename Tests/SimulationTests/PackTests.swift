// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Testing

@testable import Simulation

@Suite struct PackTests {
  private let design = SimulatedPack.Design(.lfp, series: 16, capacity: 100, soc: 0.6)

  @Test func sameSeedSameBits() {
    var first = SimulatedPack(design, seed: 77)
    var second = SimulatedPack(design, seed: 77)
    var other = SimulatedPack(design, seed: 78)
    var differs = false
    for step in 0..<5000 {
      let current = Double(step % 200) - 100
      first.advance(current)
      second.advance(current)
      other.advance(current)
      let (a, b, c) = (first.sense(), second.sense(), other.sense())
      for index in 0..<16 {
        #expect(a.cells[index] == b.cells[index])
        if a.cells[index] != c.cells[index] { differs = true }
      }
      #expect(a.current == b.current)
    }
    for index in 0..<16 {
      #expect(first.cells[index].voltage.bitPattern == second.cells[index].voltage.bitPattern)
      #expect(first.cells[index].charge.bitPattern == second.cells[index].charge.bitPattern)
    }
    #expect(differs)
  }

  @Test func bitsAreTheSameOnEveryMachine() {
    // Written down once; a change of the model changes them, a change of machine or optimiser must
    // not.
    var pack = SimulatedPack(design, seed: 1)
    for step in 0..<1000 { pack.advance(step % 2 == 0 ? 40 : -25) }
    var mixed: UInt64 = 0
    for cell in pack.cells {
      mixed = (mixed &* 31) ^ cell.voltage.bitPattern ^ cell.temperature.bitPattern
    }
    #expect(mixed == 12_007_914_064_812_902_231)
  }

  @Test func cellsDifferAsMuchAsDesigned() {
    let pack = SimulatedPack(design, seed: 4)
    let socs = pack.cells.map(\.soc)
    let capacities = pack.cells.map(\.capacity)
    #expect(Set(socs).count == 16)
    #expect(socs.allSatisfy { ($0 - 0.6).magnitude < 3.5 * design.socSpread })
    #expect(capacities.allSatisfy { ($0 / 360_000 - 1).magnitude < 3.5 * design.capacitySpread })
  }

  @Test func chargeAndEnergyAreConserved() {
    var still = design
    still.cell.leakage = 0
    var pack = SimulatedPack(still, seed: 12)
    let before = pack.cells.map(\.charge)
    var random = SeededRandom(seed: 8)
    var net = 0.0
    for _ in 0..<36_000 {
      let current = 60 * random.unit() - 30
      net += current * SimulatedPack.step
      pack.advance(current)
    }
    #expect((pack.charged.in - pack.charged.out - net).magnitude < 1e-6)
    for (index, cell) in pack.cells.enumerated() {
      #expect((cell.charge - before[index] - net).magnitude < 1e-6)
    }
    // What went in at the terminals and did not come out is in the cells or has become heat.
    #expect(pack.energy.in > pack.energy.out + net * 50)
    #expect(pack.cells[3].temperature > still.surroundings)
  }

  @Test func balancingBleedsOnlyTheChosenCells() {
    var pack = SimulatedPack(design, seed: 2)
    let before = pack.cells.map(\.charge)
    pack.balancing = 0b101
    for _ in 0..<6000 { pack.advance(0) }
    let lost = zip(before, pack.cells).map { $0 - $1.charge }
    #expect(lost[0] > 80)
    #expect(lost[2] > 80)
    #expect(lost[1] < 5)
    #expect(lost[5] < 5)
  }

  @Test func measurementsHaveNoiseAndWholeSteps() {
    var pack = SimulatedPack(design, seed: 6)
    pack.advance(10)
    let truth = pack.cells[3].voltage
    var seen: Set<Int32> = []
    for _ in 0..<400 {
      let senses = pack.sense()
      seen.insert(senses.cells[3].raw)
      #expect((Double(senses.cells[3].raw) / 10_000 - truth).magnitude < 0.000_8)
      #expect((senses.current.raw - 10_000).magnitude < 50)
      #expect((senses.outside.0?.raw ?? 1) % 10 == 0)
    }
    #expect(seen.count > 3)
  }

  @Test func sensorsCanBeMissingOrHot() {
    var pack = SimulatedPack(design, seed: 6)
    pack.missing = (false, true)
    pack.heated = (61, nil)
    let senses = pack.sense()
    #expect(senses.outside.1 == nil)
    #expect((senses.outside.0?.raw ?? 0) > 6000)
    #expect(senses.extremes.hottest > .degrees(60))
  }

  @Test func weakCellGoesItsOwnWayAndIsCured() {
    var pack = SimulatedPack(design, seed: 6)
    let healthy = pack.cells[5].capacity
    pack.weaken(5, capacity: 0.8, resistance: 3)
    #expect((pack.cells[5].capacity / healthy - 0.8).magnitude < 0.001)
    #expect((pack.cells[5].soc - pack.cells[4].soc).magnitude < 0.01)
    for _ in 0..<36_000 { pack.advance(20) }
    #expect(pack.cells[5].soc > pack.cells[4].soc + 0.03)
    pack.weaken(5, capacity: 1, resistance: 1)
    #expect((pack.cells[5].capacity / healthy - 1).magnitude < 0.001)
    pack.weaken(99, capacity: 0.5, resistance: 1)
  }
}
