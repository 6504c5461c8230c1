// SPDX-License-Identifier: Apache-2.0
import Battery
import Packs
import Quantities
import Testing

@Suite("Packs in series, and strings and groups mixed")
struct SeriesTests {
  private func string(_ count: Int = 2) -> Stand {
    Stand(
      (0..<count).map { Pack("p\($0)") }, .series((0..<count).map { .pack($0) }))
  }

  @Test("Voltages add up, current is the mean, charge and SOC are those of the weakest")
  func values() {
    var stand = string()
    stand.packs[0].soc = 45
    stand.packs[1].ampereHours = 90
    stand.packs[0].amperes = 10
    stand.packs[1].amperes = 11
    stand.run(2)
    let reading = stand.bank.snapshot.reading
    #expect(reading.voltage == Voltage(raw: 106_000))
    #expect(reading.current == Current(raw: 10_500))
    #expect(reading.soc == .percent(45))
    #expect(reading[.full] == 90_000)
    #expect(reading[.cellCount] == 32 && reading.cells.count == 32)
    #expect(reading[.power] == 1_113_000)
  }

  @Test("CVL is the sum, currents those of the narrowest")
  func limits() {
    var stand = string()
    stand.packs[1].charge = 20
    stand.packs[0].discharge = 33
    stand.run(2)
    #expect(stand.limits == [110_400, 20_000, 33_000])
    #expect(stand.bank.limits?.dischargeVoltage == Voltage(raw: 89_600))
    #expect(stand.bank.limits?.chargeCurrent.reason == .pack(Label("p1"), .battery))
  }

  @Test("A pack above its own CVL takes as much from that of the string, down to float")
  func over() {
    var stand = string()
    stand.run(2)
    stand.packs[0].volts = 55_700
    stand.step()
    #expect(stand.limits?[0] == 109_900)
    stand.packs[0].volts = 59_000
    stand.step()
    #expect(stand.limits?[0] == 108_000)
  }

  @Test("One that blocks stops the string; one that is lost takes the string with it")
  func stops() {
    var stand = string()
    stand.run(2)
    stand.packs[1].takes = false
    stand.step()
    #expect(stand.limits == [110_400, 0, 80_000])
    stand.packs[1].gives = false
    stand.step()
    #expect(stand.limits?[2] == 0)
    (stand.packs[1].takes, stand.packs[1].gives) = (true, true)
    stand.run(60)
    stand.silent = [0]
    stand.run(11)
    #expect(stand.bank.freshness == .stale)
    #expect(stand.limits?[1] == 0 && stand.limits?[2] == 80_000)
    stand.run(50)
    #expect(stand.limits == nil && stand.bank.freshness == .lost)
    #expect(stand.bank.silence == .pack(0, .lost))
  }

  @Test("Two strings in parallel: a string that loses a pack loses its share, and still guards")
  func strings() {
    var stand = Stand(
      (0..<4).map { Pack("p\($0)") },
      .parallel([.series([.pack(0), .pack(1)]), .series([.pack(2), .pack(3)])]))
    stand.run(2)
    #expect(stand.limits == [110_400, 90_000, 144_000])
    stand.silent = [3]
    stand.run(75)
    #expect(stand.bank.states == [.online, .online, .online, .lost])
    #expect(stand.limits == [108_000, 50_000, 80_000])
    #expect(stand.bank.limits?.chargeVoltage.reason.description == "pack p3 is lost")
    #expect(stand.bank.snapshot.reading[.full] == 100_000)
  }

  @Test("Two groups in series: the weaker group gives the current")
  func groups() {
    var stand = Stand(
      (0..<4).map { Pack("p\($0)") },
      .series([.parallel([.pack(0), .pack(1)]), .parallel([.pack(2), .pack(3)])]))
    stand.run(2)
    #expect(stand.limits == [110_400, 90_000, 144_000])
    #expect(stand.bank.snapshot.reading.voltage == Voltage(raw: 106_000))
    #expect(stand.bank.snapshot.reading[.full] == 200_000)
    stand.silent = [3]
    stand.run(75)
    #expect(stand.limits == [109_200, 50_000, 80_000])
    #expect(stand.bank.snapshot.reading[.full] == 100_000)
  }
}
