// SPDX-License-Identifier: Apache-2.0
import Battery
import Packs
import Quantities
import Testing

@Suite("A pack that is missing is a state of the bank")
struct AbsenceTests {
  private func three(_ change: (inout BankTerms) -> Void = { _ in }) -> Stand {
    var terms = BankTerms()
    change(&terms)
    return Stand([Pack("a"), Pack("b"), Pack("c")], nil, terms)
  }

  @Test("Its share leaves with its belief; its last ceiling still guards the voltage")
  func lost() {
    var stand = three()
    stand.packs[1].ceiling = 54_800
    stand.run(5)
    stand.silent = [1]
    // Aging ends after 10 s.
    stand.run(10)
    #expect(stand.limits == [54_800, 135_000, 216_000])
    stand.step()
    #expect(stand.bank.states == [.online, .stale, .online])
    #expect(stand.limits == [54_000, 90_000, 144_000])
    stand.run(60)
    #expect(stand.bank.states == [.online, .lost, .online])
    #expect(stand.limits == [54_000, 90_000, 144_000])
    #expect(stand.bank.limits?.chargeVoltage.reason.description == "pack b is lost")
    #expect(stand.bank.snapshot.reading[.full] == 200_000)
  }

  @Test("By the owner's choice charging stops, or the lost pack is left out")
  func choices() {
    var stop = three { $0.absence = .stop }
    var leave = three { $0.absence = .leave }
    stop.run(5)
    leave.run(5)
    stop.silent = [1]
    leave.silent = [1]
    stop.run(75)
    leave.run(75)
    #expect(stop.limits == [54_000, 0, 144_000])
    #expect(stop.bank.limits?.chargeCurrent.reason.description == "pack b is lost")
    leave.run(250)
    #expect(leave.limits == [55_200, 90_000, 144_000])
  }

  @Test(
    "When all fall silent together, discharging is held as for one battery, then nothing is sent")
  func all() {
    var stand = three()
    stand.run(5)
    // Not at one moment: their polls lie apart.
    stand.silent = [0]
    stand.step()
    stand.silent = [0, 1]
    stand.step()
    stand.silent = [0, 1, 2]
    stand.run(9)
    #expect(stand.bank.freshness == .aging)
    #expect(stand.limits == [55_200, 135_000, 216_000])
    stand.step()
    stand.step()
    stand.step()
    // Two are stale by now, one aging: no share is taken away between them.
    #expect(stand.limits?[2] == 216_000)
    stand.run(10)
    #expect(stand.bank.freshness == .stale)
    #expect(stand.limits == [54_000, 0, 216_000])
    let before = stand.bank.snapshot[.current]?.at
    stand.run(45)
    #expect(stand.bank.freshness == .lost && stand.limits == nil)
    #expect(stand.bank.silence == .lost)
    #expect(stand.bank.snapshot[.current]?.at == before)
  }

  @Test("With fewer packs than the owner lays down, nothing is sent")
  func fewest() {
    var stand = three { $0.fewest = 2 }
    stand.run(5)
    stand.silent = [0, 1]
    stand.run(50)
    #expect(stand.limits != nil)
    stand.run(20)
    #expect(stand.limits == nil && stand.bank.freshness == .lost)
    #expect(stand.bank.silence == .tooFew(heard: 1, needed: 2))
    stand.silent = [0]
    stand.run(40)
    #expect(stand.limits != nil)
  }

  @Test("The start waits for all for a second, then goes on with those that are heard")
  func start() {
    var stand = three()
    stand.silent = [2]
    stand.step()
    #expect(stand.limits == nil && stand.bank.silence == .starting)
    #expect(stand.bank.freshness == .lost)
    stand.run(1)
    // One that was never heard is held where the others hold a full pack.
    #expect(stand.limits == [54_000, 90_000, 144_000])
    var prompt = three()
    prompt.step()
    #expect(prompt.limits == [55_200, 135_000, 216_000])
  }

  @Test(
    "A pack that was lost counts again only once it has had the voltage of the others for a while")
  func back() {
    var stand = three()
    stand.run(5)
    stand.silent = [1]
    stand.run(80)
    stand.silent = []
    stand.packs[1].volts = 53_600
    stand.run(60)
    #expect(stand.bank.states == [.online, .apart, .online])
    #expect(stand.limits?[1] == 90_000)
    stand.packs[1].volts = 53_450
    stand.run(29)
    #expect(stand.bank.states[1] == .apart)
    stand.run(2)
    #expect(stand.bank.states[1] == .online)
    #expect(stand.limits?[1] == 90_000)
    stand.run(60)
    #expect(stand.limits?[1] == 135_000)
  }

  @Test("A contactor that opens takes its pack out at once, and its voltage keeps it out")
  func contactor() {
    var stand = three()
    stand.packs[0].extra = [(.nominal, 100_000)]
    stand.run(5)
    (stand.packs[2].takes, stand.packs[2].gives) = (false, false)
    stand.step()
    #expect(stand.bank.states == [.online, .online, .open])
    #expect(stand.limits == [55_200, 90_000, 144_000])
    stand.packs[2].volts = 54_000
    (stand.packs[2].takes, stand.packs[2].gives) = (true, true)
    stand.run(60)
    #expect(stand.bank.states == [.online, .online, .apart])
    #expect(stand.bank.snapshot.reading.voltage == Voltage(raw: 53_000))
    #expect(stand.bank.snapshot.reading[.full] == 200_000)
  }

  @Test("A pack whose fuse has blown shows it by its voltage, and is given up")
  func fuse() {
    var stand = Stand([Pack("a"), Pack("b")])
    stand.run(5)
    stand.packs[0].amperes = -40
    stand.packs[0].volts = 51_500
    stand.packs[1].volts = 53_200
    stand.run(25)
    #expect(stand.bank.states == [.online, .online])
    stand.run(10)
    #expect(stand.bank.states == [.online, .apart])
    #expect((79_000...80_000).contains(stand.limits?[2] ?? 0))
  }

  @Test("An open pack holds the voltage down by default, and does not by the owner's word")
  func open() {
    for guards in [true, false] {
      var stand = three { $0.guardsOpen = guards }
      stand.run(5)
      (stand.packs[0].takes, stand.packs[0].gives, stand.packs[0].ceiling) = (false, false, 54_100)
      stand.run(1)
      #expect(stand.limits?[0] == (guards ? 54_100 : 55_200))
    }
  }

  @Test("All packs open: both currents are 0 by their own word")
  func allOpen() {
    var stand = three()
    stand.run(5)
    for index in 0..<3 { (stand.packs[index].takes, stand.packs[index].gives) = (false, false) }
    stand.run(1)
    #expect(stand.limits == [55_200, 0, 0])
    #expect(
      stand.bank.limits?.dischargeCurrent.reason.description
        == "pack a: the battery has opened its discharge switch")
  }
}
