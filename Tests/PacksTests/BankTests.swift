// SPDX-License-Identifier: Apache-2.0
import Battery
import Packs
import Quantities
import Testing

@Suite("Packs in parallel are one battery")
struct ParallelTests {
  private func three() -> Stand { Stand([Pack("a"), Pack("b"), Pack("c")]) }

  @Test("Currents and capacities add up, voltage is the mean, SOC goes by capacity")
  func values() throws {
    var stand = Stand([Pack("a"), Pack("b")])
    stand.packs[0].amperes = -30
    stand.packs[1].amperes = -12
    stand.packs[1].ampereHours = 300
    stand.packs[0].soc = 40
    stand.packs[1].soc = 80
    stand.packs[1].volts = 53_101
    stand.run(2)
    let reading = stand.bank.snapshot.reading
    #expect(reading.current == .amperes(-42))
    #expect(reading.voltage == Voltage(raw: 53_051))
    #expect(reading.soc == .percent(70))
    #expect(reading[.full] == 400_000)
    #expect(reading[.remaining] == 280_000)
    #expect(reading[.cellCount] == 16)
    #expect(reading.cells.count == 0)
    for point in Point.allCases {
      if let sample = stand.bank.snapshot[point] { #expect(sample.isDerived, "\(point)") }
    }
  }

  @Test("What one pack does not tell, the whole does not tell: no sum of two out of three")
  func absent() {
    var stand = three()
    stand.packs[0].extra = [(.nominal, 100_000), (.cycles, 7)]
    stand.packs[1].extra = [(.nominal, 100_000), (.cycles, 9)]
    stand.run(2)
    #expect(stand.bank.snapshot[.nominal] == nil)
    #expect(stand.bank.snapshot[.cycles]?.value == 9)
    stand.packs[2].extra = [(.nominal, 120_000)]
    stand.run(1)
    #expect(stand.bank.snapshot[.nominal]?.value == 320_000)
  }

  @Test("Extremes name the pack and the cell, and reasons the pack")
  func extremes() throws {
    var stand = three()
    stand.packs[1].cellVoltages[6] = 3100
    stand.packs[2].cellVoltages[2] = 3447
    stand.packs[2].charge = 10
    stand.packs[2].reasons.charge = .cellCurve(cell: 3, .millivolts(3447))
    stand.run(2)
    let bank = stand.bank
    #expect(bank.lowestCellPack == 1 && bank.snapshot[.cellMinNumber]?.value == 7)
    #expect(bank.highestCellPack == 2 && bank.snapshot[.cellMaxNumber]?.value == 3)
    #expect(bank.snapshot[.cellDelta]?.value == 3470)
    #expect(
      bank.limits?.chargeCurrent.reason.description
        == "pack c: cell 3 at 3.447 V on the cell curve")
  }

  @Test("A value is as old as the oldest that it depends on")
  func times() {
    var stand = three()
    stand.run(3)
    stand.silent = [1]
    stand.run(4)
    let at = stand.packs[1].heardAt
    #expect(stand.bank.states == [.online, .late, .online])
    for point in [Point.current, .voltage, .soc, .full, .cellMin, .cellMax, .chargeEnabled] {
      #expect(stand.bank.snapshot[point]?.at == at, "\(point)")
    }
    #expect(stand.bank.snapshot.liveAt == stand.now)
  }

  @Test("CCL and DCL are a cautious part of the sum, CVL the lowest")
  func limits() {
    var stand = three()
    stand.packs[1].ceiling = 55_000
    stand.run(2)
    #expect(stand.limits == [55_000, 135_000, 216_000])
    #expect(stand.bank.limits?.chargeVoltage.reason == .pack(Label("b"), .mode(.bulk)))
  }

  @Test("The pack that carries most, by capacity, is never asked for more than it allows")
  func capacityShares() {
    var stand = Stand([Pack("a"), Pack("b")])
    stand.packs[0].ampereHours = 300
    stand.packs[0].charge = 60
    stand.run(2)
    // 300 of 400 Ah take three quarters: 80 A together would be 60 A in a; nine tenths of that.
    #expect(stand.limits?[1] == 72_000)
  }

  @Test("Once enough current flows, shares are measured, and the one that carries too much narrows")
  func measuredShares() throws {
    var stand = Stand([Pack("a"), Pack("b")])
    stand.run(2)
    #expect(stand.limits?[2] == 144_000)
    (stand.packs[0].amperes, stand.packs[1].amperes) = (-60, -20)
    stand.run(60)
    // a carries three quarters: at 106.7 A together it carries its 80 A.
    let limit = try #require(stand.bank.limits?.dischargeCurrent)
    #expect(abs(limit.value.raw - 106_666) < 600)
    #expect(limit.reason.description == "pack a carries 75 % of the current")
    // A rest shorter than ten minutes does not make it forget, a longer one does.
    (stand.packs[0].amperes, stand.packs[1].amperes) = (0, 0)
    stand.run(590)
    #expect(abs(try #require(stand.limits?[2]) - 106_666) < 600)
    stand.run(150)
    #expect(stand.limits?[2] == 144_000)
  }

  @Test("A load that comes between two readings is no unequal share")
  func skew() {
    var stand = Stand([Pack("a"), Pack("b")])
    stand.packs[0].amperes = -30
    stand.packs[1].amperes = -30
    stand.run(60)
    let before = stand.limits
    for _ in 0..<40 {
      // The second pack tells a new load 750 ms after the first.
      stand.silent = [1]
      stand.packs[0].amperes = stand.packs[0].amperes == -30 ? -60 : -30
      for _ in 0..<3 { stand.step() }
      stand.silent = []
      stand.packs[1].amperes = stand.packs[0].amperes
      stand.run(7)
    }
    #expect(stand.limits == before)
  }

  @Test("A connected pack that allows no charge stops the bank; one with an open switch does not")
  func zero() {
    var stand = three()
    stand.packs[0].charge = 0
    stand.packs[0].reasons.charge = .cellCeiling(cell: 2, .millivolts(3510))
    stand.run(2)
    #expect(stand.limits?[1] == 0)
    #expect(
      stand.bank.limits?.chargeCurrent.reason.description
        == "pack a: cell 2 at 3.510 V above its ceiling")
    stand.packs[0].takes = false
    stand.run(60)
    #expect(stand.bank.states == [.blocksCharge, .online, .online])
    #expect(stand.limits?[1] == 90_000 && stand.limits?[2] == 216_000)
  }

  @Test("Alarms are united, and a pack that is not heard is a warning")
  func alarms() {
    var stand = three()
    stand.packs[1].alarms = .of(.cellOvervoltage)
    stand.run(2)
    #expect(stand.bank.snapshot.reading.alarms == .of(.cellOvervoltage))
    #expect(stand.bank.snapshot.reading.warnings == [])
    stand.silent = [2]
    stand.run(80)
    #expect(stand.bank.snapshot.reading.warnings == .of(.communicationFault))
  }

  @Test("Energy is the sum of all packs, and not told while one of them is not heard")
  func energy() {
    var stand = three()
    for index in stand.packs.indices { stand.packs[index].extra = [(.energyCharged, 1000)] }
    stand.run(2)
    #expect(stand.bank.snapshot[.energyCharged]?.value == 3000)
    stand.silent = [0]
    stand.run(20)
    #expect(stand.bank.snapshot[.energyCharged] == nil)
    #expect(stand.bank.snapshot[.energyDischarged] == nil)
  }

  @Test("Another source stands in the place of what the packs say, and power follows")
  func sources() {
    var stand = three()
    stand.run(2)
    stand.bank.take(.current, -50_500, at: stand.now)
    #expect(stand.bank.snapshot.reading.current == Current(raw: -50_500))
    #expect(stand.bank.snapshot[.power]?.value == -2_676_500)
  }
}
