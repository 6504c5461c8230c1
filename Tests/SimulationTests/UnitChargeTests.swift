// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing

@testable import Simulation

@Suite struct UnitChargeTests {
  @Test func countsChargeAndNothingElse() {
    var bench = UnitBench(soc: .percent(50))
    bench.senses.current = .amperes(-20)
    bench.run(36_000)
    // An hour at 20 A of 100 Ah, whatever the cells say.
    #expect((bench.unit.soc.raw - 30_000_000).magnitude < 10_000)
    bench.setCells(.init(repeating: 3600, count: 16))
    bench.run(36_000)
    #expect((bench.unit.soc.raw - 10_000_000).magnitude < 20_000)
    bench.run(36_000)
    #expect(bench.unit.soc == .zero)
    bench.senses.current = .amperes(70)
    bench.run(72_000)
    #expect(bench.unit.soc == .percent(100))
  }

  @Test func healthFallsWithDischargedCharge() throws {
    var bench = UnitBench([(322, 10), (306, 1000)])
    bench.senses.current = .amperes(-10)
    bench.run(36_000)
    // One of ten cycles of 10 Ah.
    let worn = try bench.read(45, 1)
    #expect((Int(worn[0]) - 45_000).magnitude <= 2)
    _ = try bench.write(323, 30_000)
    let set = try bench.read(45, 1)
    #expect(set[0] > 29_900)
    #expect(try bench.read(323, 1) == [0xFFFF])
  }

  @Test func chargesAfterItsDelayUntilAllCellsAreFull() throws {
    var bench = UnitBench([(310, 7), (311, 3)])
    #expect(bench.unit.isChargerOn == false)
    bench.senses.hasCharger = true
    bench.run(1)
    #expect(bench.events.last == 0x64)
    bench.run(69)
    #expect(!bench.unit.isChargerOn)
    bench.run(2)
    #expect(bench.unit.isChargerOn)
    #expect(bench.events.last == 0x62)
    bench.senses.current = .amperes(20)
    bench.run(1)
    #expect(bench.unit.status == 0x91)

    // Each condition alone is not enough.
    bench.setCells([3449] + .init(repeating: 3460, count: 15))
    bench.senses.current = .amperes(1)
    bench.run(10)
    #expect(bench.unit.status == 0x91)
    bench.setCells([3490] + .init(repeating: 3452, count: 15))
    bench.run(10)
    #expect(bench.unit.status == 0x91)
    bench.setCells(.init(repeating: 3452, count: 16))
    bench.senses.current = .milliamperes(2500)
    bench.run(10)
    #expect(bench.unit.status == 0x91)
    #expect(bench.unit.soc < .percent(60))

    bench.senses.current = .milliamperes(2400)
    bench.run(1)
    #expect(bench.unit.status == 0x92)
    #expect(bench.unit.soc == .percent(100))
    #expect(bench.events.last == 0x63)
    #expect(bench.unit.isChargerOn)
    bench.run(31)
    #expect(!bench.unit.isChargerOn)
    #expect(try bench.read(111, 2) == [1, 1])
  }

  @Test func chargesAgainBelowTheRestartLevel() {
    var bench = UnitBench([(321, 90)])
    bench.connectCharger()
    bench.setCells(.init(repeating: 3452, count: 16))
    bench.run(100)
    #expect(bench.unit.status == 0x92)
    bench.setCells(.init(repeating: 3300, count: 16))
    bench.senses.current = .amperes(-30)
    // 9 % of 100 Ah at 30 A.
    bench.run(10_700)
    #expect(!bench.unit.isChargerOn)
    #expect(bench.unit.status == 0x93)
    bench.run(1500)
    #expect(bench.unit.isChargerOn)
    #expect(bench.events.last == 0x62)
  }

  @Test func tellsWhatItDoes() {
    var bench = UnitBench()
    #expect(bench.unit.status == 0x97)
    bench.senses.current = .milliamperes(-801)
    bench.run(1)
    #expect(bench.unit.status == 0x93)
    bench.senses.current = .milliamperes(-800)
    bench.run(1)
    #expect(bench.unit.status == 0x97)
    bench.senses.current = .milliamperes(801)
    bench.run(1)
    #expect(bench.unit.status == 0x96)
    bench.connectCharger()
    #expect(bench.unit.status == 0x91)

    var design = TinyBMSUnit.Design()
    design.isHighPower = false
    var small = UnitBench(design: design)
    small.senses.current = .milliamperes(-81)
    small.run(1)
    #expect(small.unit.status == 0x93)
  }

  @Test func balancesEachThirdOfTheHighCellsWhileCharging() throws {
    var bench = UnitBench([(303, 3350), (308, 20)])
    var cells: [Int] = .init(repeating: 3360, count: 16)
    for index in 4..<16 { cells[index] = 3400 }
    bench.setCells(cells)
    bench.run(1)
    #expect(bench.unit.balancing == 0)
    bench.connectCharger()
    bench.senses.current = .amperes(10)
    var union: UInt64 = 0
    for _ in 0..<40 {
      bench.run(10)
      let now = bench.unit.balancing
      #expect(now.nonzeroBitCount == 4)
      for index in 0..<15 where now >> UInt64(index) & 1 == 1 {
        #expect(now >> UInt64(index + 1) & 1 == 0)
      }
      union |= now
    }
    #expect(union == 0xFFF0)
    #expect(try bench.read(51, 1) == [0xFFF0])
    bench.senses.current = .zero
    bench.run(1)
    #expect(bench.unit.balancing == 0)

    // Above the lowest by less than setting 308, or below setting 303, is no reason.
    bench.senses.current = .amperes(10)
    for index in 4..<16 { cells[index] = 3380 }
    bench.setCells(cells)
    bench.run(30)
    #expect(bench.unit.balancing == 0)
  }

  @Test func balancesInAnOvervoltageFault() {
    var bench = UnitBench()
    var cells: [Int] = .init(repeating: 3400, count: 16)
    cells[7] = 3700
    bench.setCells(cells)
    var seen: UInt64 = 0
    for _ in 0..<40 {
      bench.run(10)
      seen |= bench.unit.balancing
    }
    #expect(seen == 1 << 7)
  }

  @Test func keepsTheNewest49Events() throws {
    var bench = UnitBench()
    for _ in 0..<40 {
      bench.senses.hasCharger.toggle()
      bench.run(80)
    }
    #expect(bench.events.count == 49)
    guard case .allEvents(let list) = try bench.ask(.allEvents) else {
      Issue.record("no list of events")
      return
    }
    #expect(list.events.map(\.id) == bench.events)
    let times = list.events.map(\.time)
    #expect(times == times.sorted())
    let registers = try bench.read(200, 98)
    #expect(registers[97] >> 8 == UInt16(list.events[48].id))
    guard case .newestEvents(let first) = try bench.ask(.newestEvents) else { return }
    #expect(first.events.count == 49)
    guard case .newestEvents(let second) = try bench.ask(.newestEvents) else { return }
    #expect(second.events.isEmpty)
    #expect(try bench.ask(.reset(.clearEvents)) == .acknowledged(command: 0x02))
    #expect(bench.events.isEmpty)
    #expect(try bench.read(200, 4) == [0, 0, 0, 0])
  }
}
