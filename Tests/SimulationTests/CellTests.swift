// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Simulation

@Suite struct CellTests {
  @Test(arguments: Chemistry.allCases) func openCircuitVoltageRises(_ chemistry: Chemistry) {
    let curve = chemistry.curve
    var last = -1.0
    for step in -20...1020 {
      let voltage = curve.voltage(at: Double(step) / 1000)
      #expect(voltage > last || voltage == 0, "\(chemistry) at \(step)")
      last = voltage
    }
    let usual: ClosedRange<Double> =
      switch chemistry {
      case .lfp: 3.2...3.35
      case .nmc: 3.6...3.8
      case .lto: 2.2...2.4
      }
    #expect(usual.contains(curve.voltage(at: 0.5)))
  }

  @Test func segmentHintNeverChangesTheVoltage() {
    let curve = Chemistry.lfp.curve
    var random = SeededRandom(seed: 3)
    var segment = 0
    for _ in 0..<2000 {
      let soc = random.unit() * 1.1 - 0.05
      #expect(curve.voltage(at: soc, from: &segment) == curve.voltage(at: soc))
    }
  }

  /// A cell without leakage, ageing or heat, so that one thing is seen at a time.
  private func plain(_ soc: Double) -> (SimulatedCell, OpenCircuitCurve) {
    var design = SimulatedCell.Design(capacity: 100)
    design.leakage = 0
    design.fade = 0
    design.growth = 0
    let curve = Chemistry.nmc.curve
    return (SimulatedCell(design, soc: soc, temperature: 25, curve: curve), curve)
  }

  private func run(
    _ cell: inout SimulatedCell, _ curve: OpenCircuitCurve, seconds: Int, current: Double,
    isBleeding: Bool = false
  ) {
    for _ in 0..<seconds * 10 {
      cell.advance(current, isBleeding: isBleeding, surroundings: 25, curve: curve)
    }
  }

  @Test func voltageAnswersInThreeSteps() {
    var (cell, curve) = plain(0.5)
    let rest = cell.voltage
    let design = cell.design
    cell.advance(-50, isBleeding: false, surroundings: 25, curve: curve)
    // At once nearly only the series resistance.
    #expect((rest - cell.voltage - 50 * design.seriesResistance).magnitude < 0.001)
    run(&cell, curve, seconds: 100, current: -50)
    let afterFast = cell.openCircuitVoltage - cell.voltage
    // The fast pair has settled, the slow one has come a tenth of its way.
    let expected =
      50 * (design.seriesResistance + design.fast.resistance + 0.105 * design.slow.resistance)
    #expect((afterFast - expected).magnitude < 0.002)
  }

  @Test func relaxesToTheOpenCircuitVoltage() {
    var (cell, curve) = plain(0.4)
    run(&cell, curve, seconds: 600, current: 50)
    let held = cell.charge
    run(&cell, curve, seconds: 2, current: 0)
    let early = cell.voltage - cell.openCircuitVoltage
    #expect(early > 0.02)
    run(&cell, curve, seconds: 9000, current: 0)
    #expect((cell.voltage - cell.openCircuitVoltage).magnitude < 0.000_05)
    #expect(cell.charge == held)
  }

  @Test func chargeIsTheIntegralOfTheCurrent() {
    var (cell, curve) = plain(0.3)
    let before = cell.charge
    run(&cell, curve, seconds: 3600, current: 12)
    #expect((cell.charge - before - 12 * 3600).magnitude < 0.001)
    #expect((cell.soc - 0.42).magnitude < 1e-9)
  }

  @Test func warmsByItsLossAndCoolsToItsSurroundings() {
    var (cell, curve) = plain(0.9)
    run(&cell, curve, seconds: 1800, current: -80)
    let design = cell.design
    let resistance = design.seriesResistance + design.fast.resistance + design.slow.resistance
    let most = 25 + 80 * 80 * resistance * design.thermalResistance
    #expect(cell.temperature > 27)
    #expect(cell.temperature < most)
    run(&cell, curve, seconds: 60_000, current: 0)
    #expect((cell.temperature - 25).magnitude < 0.01)
  }

  @Test func leaksAboutTwoPercentAMonth() {
    var design = SimulatedCell.Design(capacity: 100)
    design.fade = 0
    let curve = Chemistry.lfp.curve
    var cell = SimulatedCell(design, soc: 0.5, temperature: 25, curve: curve)
    run(&cell, curve, seconds: 36_000, current: 0)
    // Ten hours of 720.
    #expect((0.5 - cell.soc - 0.02 * 10 / 720).magnitude < 1e-6)
  }

  @Test func bleedingDischargesThroughTheResistor() {
    var (cell, curve) = plain(0.8)
    let before = cell.charge
    run(&cell, curve, seconds: 100, current: 0, isBleeding: true)
    let expected = cell.voltage / cell.design.bleedResistance * 100
    #expect(((before - cell.charge) / expected - 1).magnitude < 0.01)
  }

  @Test func agesWithTheChargeThroughIt() {
    var design = SimulatedCell.Design(capacity: 10)
    design.leakage = 0
    let curve = Chemistry.lfp.curve
    var cell = SimulatedCell(design, soc: 0.5, temperature: 25, curve: curve)
    let young = cell.source.resistance
    for _ in 0..<200 {
      run(&cell, curve, seconds: 360, current: 40)
      run(&cell, curve, seconds: 360, current: -40)
      cell.temperature = 25
      cell.settle(.lfp)
    }
    // 200 · 8 Ah of the 80,000 Ah after which a fifth is lost.
    #expect((cell.capacity / 36_000 - (1 - 0.2 * 1600 / 80_000)).magnitude < 1e-6)
    #expect((cell.source.resistance / young - (1 + 0.5 * 1600 / 80_000)).magnitude < 1e-6)
  }

  @Test func coldCellsResistMore() {
    var last = Double.infinity
    for temperature in stride(from: -30.0, through: 70, by: 5) {
      let factor = Chemistry.lfp.resistanceFactor(at: temperature)
      #expect(factor <= last)
      last = factor
    }
    #expect(Chemistry.lfp.resistanceFactor(at: 25) == 1)
  }
}
