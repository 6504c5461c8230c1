// SPDX-License-Identifier: Apache-2.0

import Charging
import Quantities
import Testing

struct CurveTests {
  static let lfp = ChargeSettings.lfp.chargeCellCurve ?? Curve([])

  @Test(arguments: [
    (3000, 100_000_000), (3375, 100_000_000), (3400, 25_000_000), (3425, 5_000_000),
    (3450, 500_000), (3475, 250_000), (3500, 0), (6000, 0),
    // Between corners: 3.3875 V would be half way, 62.5 %; 3.387 V is 64 %.
    (3387, 64_000_000), (3447, 1_040_000),
  ])
  func cellsOfTheReference(millivolts: Int, share: Int32) {
    #expect(Self.lfp.share(at: .millivolts(millivolts)) == Percent(raw: share))
  }

  @Test func risesAndFallsBothRoundDown() {
    let rise = Curve<CellVoltageScale>([
      .init(.decimillivolts(0), .zero), .init(.decimillivolts(3), Percent(raw: 10)),
    ])
    let fall = Curve<CellVoltageScale>([
      .init(.decimillivolts(0), Percent(raw: 10)), .init(.decimillivolts(3), .zero),
    ])
    #expect(rise.share(at: .decimillivolts(1)) == Percent(raw: 3))
    #expect(rise.share(at: .decimillivolts(2)) == Percent(raw: 6))
    #expect(fall.share(at: .decimillivolts(1)) == Percent(raw: 6))
    #expect(fall.share(at: .decimillivolts(2)) == Percent(raw: 3))
  }

  @Test func extremesOfTheScaleNeitherTrapNorWiden() {
    let wide = Curve<CellVoltageScale>([
      .init(CellVoltage(raw: .min), .zero), .init(CellVoltage(raw: .max), .percent(100)),
    ])
    #expect(wide.share(at: .zero) <= .percent(51))
    #expect(wide.share(at: CellVoltage(raw: .max)) == .percent(100))
    #expect(Curve<CellVoltageScale>([]).share(at: .zero) == .zero)
  }

  @Test func theShapeOfYambmsFallsAllTheWay() {
    let curve = Curve.fall(from: .millivolts(4050), to: .millivolts(4200))
    #expect(curve.problem == nil)
    #expect(curve.share(at: .millivolts(4050)) == .percent(100))
    #expect(curve.share(at: .millivolts(4125)) == .centipercent(7797))
    #expect(curve.share(at: .millivolts(4200)) == .zero)
    let rise = Curve.rise(from: .millivolts(3000), to: .millivolts(3400))
    #expect(rise.problem == nil)
    #expect(rise.share(at: .millivolts(3000)) == .zero)
    #expect(rise.share(at: .millivolts(3200)) == .centipercent(7797))
  }

  @Test func saysWhatIsWrong() {
    #expect(Curve<CellVoltageScale>([.init(.zero, .zero)]).problem != nil)
    #expect(
      Curve<CellVoltageScale>([.init(.zero, .zero), .init(.zero, .percent(1))]).problem != nil)
    #expect(
      Curve<CellVoltageScale>([.init(.zero, .zero), .init(.millivolts(1), .percent(101))]).problem
        != nil)
    #expect(Self.lfp.problem == nil)
  }
}
