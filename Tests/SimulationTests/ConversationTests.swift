// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing

@testable import Simulation

/// A fault on the line for a minute, and whether readings may be expected meanwhile.
struct LineCase: Sendable, CustomTestStringConvertible {
  let fault: SimulatedFault
  /// The fewest and the most live readings in that minute; 240 are asked for.
  let readings: ClosedRange<Int>
  var testDescription: String { fault.name.description }

  static let all: [LineCase] = [
    LineCase(fault: .silent, readings: 0...0),
    LineCase(fault: .refusing, readings: 0...0),
    LineCase(fault: .wrongChecksum, readings: 0...0),
    LineCase(fault: .endless, readings: 0...0),
    LineCase(fault: .asleep, readings: 1...240),
    LineCase(fault: .echo, readings: 200...240),
    LineCase(fault: .broadcast, readings: 200...240),
    LineCase(fault: .garbled(permille: 5), readings: 1...240),
    LineCase(fault: .droppedBytes(permille: 300), readings: 0...240),
  ]
}

@Suite struct ConversationTests {
  private var bench: Scenario {
    var scenario = Scenario.demo
    scenario.control = .own
    return scenario
  }

  @Test func readsAHealthyUnitFourTimesASecond() {
    var talk = Talk(bench)
    talk.run(until: 20_000)
    #expect(talk.wrong.isEmpty)
    #expect(talk.faults.isEmpty, "\(talk.faults)")
    #expect((72...81).contains(talk.live.count))
    #expect((talk.live.first ?? .never) < Tick(1000))

    let reading = talk.snapshot.reading
    #expect(reading.cells.count == 16)
    #expect(
      reading.voltage.map { (Double($0.raw) / 1000 - talk.rig.pack.voltage).magnitude < 0.1 }
        == true)
    #expect(
      reading.current.map { (Double($0.raw) / 1000 - talk.rig.pack.current).magnitude < 2 } == true)
    #expect(reading.soc.map { ($0.raw - talk.rig.unit.soc.raw).magnitude < 20_000 } == true)
    #expect(reading.cutoffs.cellOvervoltage == .millivolts(3650))
    #expect(reading.cutoffs.cellFull == .millivolts(3400))
    #expect(reading.cutoffs.chargeOvercurrent == .amperes(120))
    #expect(reading.cutoffs.dischargeOvercurrent == .amperes(120))
    #expect(reading.cutoffs.overtemperature == .degrees(55))
    #expect(reading.reportsAlarms)
    #expect(reading.alarms.isEmpty)
  }

  @Test func wakesASleepingUnit() {
    var talk = Talk(.storage)
    for _ in 0..<150 {
      talk.now = talk.now + 100
      talk.rig.advance(to: talk.now)
    }
    #expect(talk.rig.unit.isAsleep)
    talk.run(until: talk.now.milliseconds + 5000)
    #expect(!talk.rig.unit.isAsleep)
    #expect(talk.live.count > 10)
    #expect(talk.session.statistics.wakeUps == 1)
    #expect(talk.snapshot.reading.cells.count == 14)
  }

  @Test(arguments: LineCase.all) func believesNothingWrongAndComesBack(_ row: LineCase) {
    var scenario = bench
    scenario.faults = [FaultWindow(row.fault, from: 5000, to: 65_000)]
    var talk = Talk(scenario, seed: 20)
    talk.run(until: 75_000)
    #expect(talk.wrong.isEmpty, "\(talk.wrong)")
    #expect(talk.liveCount(0, 5000) > 12)
    #expect(
      row.readings.contains(talk.liveCount(5100, 65_000)),
      "\(talk.liveCount(5100, 65_000)) readings")
    // Back within three seconds.
    #expect(talk.liveCount(65_000, 68_000) > 0)
    #expect(talk.liveCount(68_000, 75_000) >= 20)
  }

  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64]) func survivesLostAndTurnedBytesWithAnySeed(
    _ seed: UInt64
  ) {
    var scenario = bench
    scenario.faults = [
      FaultWindow(.droppedBytes(permille: 10), to: 60_000),
      FaultWindow(.garbled(permille: 10), to: 60_000),
      FaultWindow(.broadcast, to: 60_000),
    ]
    var talk = Talk(scenario, seed: seed)
    talk.run(until: 65_000)
    #expect(talk.wrong.isEmpty, "seed \(seed): \(talk.wrong)")
    #expect(talk.liveCount(62_000, 65_000) > 5, "seed \(seed)")
  }

  @Test func protectionIsSeenAndItsEndToo() {
    var scenario = bench
    scenario.faults = [FaultWindow(.hotSensor(0, celsius: 70), from: 10_000, to: 20_000)]
    var talk = Talk(scenario)
    talk.run(until: 19_000)
    #expect(talk.snapshot.reading.alarms.has(.overtemperature))
    talk.run(until: 60_000)
    #expect(talk.rig.unit.protections.isEmpty)
    #expect(talk.snapshot.reading.alarms.isEmpty)
  }

  @Test func sameSeedSameBytes() {
    var scenario = bench
    scenario.faults = [FaultWindow(.garbled(permille: 3)), FaultWindow(.droppedBytes(permille: 3))]
    var first = Talk(scenario, seed: 4)
    var second = Talk(scenario, seed: 4)
    var other = Talk(scenario, seed: 5)
    first.run(until: 20_000)
    second.run(until: 20_000)
    other.run(until: 20_000)
    #expect(first.wire == second.wire)
    #expect(first.wire != other.wire)
    #expect(first.wire.count > 10_000)
  }
}
