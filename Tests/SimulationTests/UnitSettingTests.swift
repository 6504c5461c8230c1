// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

@testable import Simulation

@Suite struct UnitSettingTests {
  @Test func hearsNothingWhileItStores() throws {
    for seed in 1...20 {
      var bench = UnitBench()
      bench.unit.random = SeededRandom(seed: UInt64(seed))
      let start = bench.now
      #expect(
        try bench.ask(.writeIndividual([TinyBMS.Word(315, 3600)])) == .acknowledged(command: 0x0D))
      bench.now = start + 490
      #expect(try bench.ask(.readModbus(address: 315, count: 1)) == nil)
      bench.now = start + 1000
      #expect(try bench.read(315, 1) == [3600], "seed \(seed)")
    }
  }

  @Test func threeWaysOfWritingDoTheSame() throws {
    var bench = UnitBench()
    #expect(
      try bench.ask(.writeModbus(address: 315, [3640, 2600]))
        == .writtenModbus(address: 315, count: 2))
    bench.run(10)
    #expect(try bench.read(315, 2) == [3640, 2600])
    #expect(try bench.ask(.writeBlock(address: 319, [50, 0xFFFB])) == .acknowledged(command: 0x0B))
    bench.run(10)
    #expect(try bench.read(319, 2) == [50, 0xFFFB])
    #expect(
      try bench.ask(.writeIndividual([TinyBMS.Word(303, 3333), TinyBMS.Word(308, 25)]))
        == .acknowledged(command: 0x0D))
    bench.run(10)
    #expect(try bench.read(303, 6) == [3333, 2500, 150, 10_000, 16, 25])
  }

  @Test func takesOnlyWhatLiesWithinItsOwnLimits() throws {
    var bench = UnitBench()
    guard case .settings(let lowest) = try bench.ask(.settings(.minimum, count: 44)),
      case .settings(let highest) = try bench.ask(.settings(.maximum, count: 44))
    else {
      Issue.record("1D not answered")
      return
    }
    let signed: Set<Int> = [319, 320]
    for row in TinyBMSSettings.rows where ![313, 330, 337].contains(row.address) {
      let place = row.address - 300
      let low =
        signed.contains(row.address) ? Int(Int16(bitPattern: lowest[place])) : Int(lowest[place])
      let high = Int(highest[place])
      var block = bench.unit.settings
      if low > 0 || signed.contains(row.address) {
        let word = UInt16(bitPattern: Int16(truncatingIfNeeded: low - 1))
        let isTaken = block.write([(UInt16(row.address), word)])
        #expect(!isTaken, "\(row.address) below")
      }
      if high < 65_535 {
        let isTaken = block.write([(UInt16(row.address), UInt16(high + 1))])
        #expect(!isTaken, "\(row.address) above")
      }
    }
  }

  @Test(arguments: [(300, 3650), (300, 2905), (315, 3455), (316, 2895), (305, 120), (317, 150)])
  func keepsTheRulesBetweenSettings(_ address: Int, _ word: Int) throws {
    var bench = UnitBench()
    let before = bench.unit.settings[address]
    let order = TinyBMS.Command.writeIndividual([TinyBMS.Word(UInt16(address), UInt16(word))])
    #expect(try bench.ask(order) == .refused(command: 0x0D, code: 0))
    #expect(bench.unit.settings[address] == before)
    // A refused order is not stored: the unit hears at once.
    #expect(try bench.ask(.status) != nil)
  }

  @Test func anOrderIsTakenWholeOrNotAtAll() throws {
    var bench = UnitBench()
    let order = TinyBMS.Command.writeIndividual([TinyBMS.Word(308, 30), TinyBMS.Word(344, 1)])
    #expect(try bench.ask(order) == .refused(command: 0x0D, code: 0))
    #expect(bench.unit.settings[308] == 15)
    #expect(try bench.ask(.writeModbus(address: 36, [0])) == .refused(command: 0x10, code: 0))
    #expect(
      try bench.ask(.writeModbus(address: 299, [0, 3400])) == .refused(command: 0x10, code: 0))
  }

  @Test func stateOfChargeIsSetAndShownAsTaken() throws {
    var bench = UnitBench(soc: .percent(20))
    #expect(try bench.read(328, 1) == [0xFFFF])
    _ = try bench.write(328, 37_500)
    #expect(bench.unit.soc == .percent(75))
    #expect(try bench.read(328, 1) == [0xFFFF])
    #expect(try bench.write(328, 50_001) == .refused(command: 0x0D, code: 0))
  }

  @Test func settingsBlockTellsLimitsDefaultsAndValues() throws {
    var bench = UnitBench()
    guard case .settings(let present) = try bench.ask(.settings(.current, count: 100)) else {
      Issue.record("1D not answered")
      return
    }
    #expect(present.count == 100)
    #expect(present[0] == 3450)
    #expect(present[2] == 0)
    #expect(present[44...].allSatisfy { $0 == 0 })
    guard case .settings(let standard) = try bench.ask(.settings(.byDefault, count: 44)) else {
      return
    }
    #expect(standard[15] == 4200)
    #expect(try bench.read(300, 44) == Array(present.prefix(44)))
  }

  @Test func limitsOfTheUnitLieWithinThoseOfTheDocument() {
    for register in Dialect.tinyBMS.registers where register.group == .settings {
      guard let row = TinyBMSSettings.rows.first(where: { $0.address == Int(register.address) }),
        register.form == .uint16 || register.form == .int16
      else { continue }
      if let lowest = register.lowest, ![332].contains(row.address) {
        #expect(Int64(row.lowest) >= lowest, "\(row.address)")
      }
      if let highest = register.highest { #expect(Int64(row.highest) <= highest, "\(row.address)") }
    }
  }

  @Test func changeOfThePortModeRestarts() throws {
    var bench = UnitBench()
    _ = try bench.write(340, 1)
    #expect(bench.events.suffix(2) == [0x61, 0x67])
  }

  @Test func broadcastIsReadAsItWasMeant() throws {
    var bench = UnitBench(soc: .percent(80), [(342, 3)])
    bench.senses.current = .milliamperes(-3030)
    bench.senses.outside = (.decidegrees(243), nil)
    bench.senses.inside = .decidegrees(-12)
    bench.setCells([3276] + .init(repeating: 3300, count: 14) + [3312])
    bench.run(1)
    var lines: [[UInt8]] = []
    for _ in 0..<30 {
      if case .send(let bytes) = bench.unit.next(at: bench.now) { lines.append(bytes) }
      bench.run(1)
    }
    #expect(lines.count == 5)
    let line = try #require(lines.first)
    let broadcast = TinyBMS.Broadcast(text: line.span)
    #expect(broadcast.voltage == .millivolts(52_790))
    #expect(broadcast.cellMin == .millivolts(3276))
    #expect(broadcast.cellMax == .millivolts(3312))
    #expect(broadcast.current == .milliamperes(-3030))
    #expect(broadcast.soc == .percent(80))
    #expect(broadcast.inside?.temperature == .decidegrees(-12))
    #expect(broadcast.external1?.temperature == .decidegrees(243))
    #expect(broadcast.external2 == .init(nil))
    #expect(broadcast.status == 0x93)
    #expect(broadcast.dischargeEnabled == true)
    #expect(broadcast.chargeEnabled == false)
  }

  @Test func broadcastPausesForACommand() throws {
    var bench = UnitBench([(342, 1)])
    bench.run(1)
    var texts = 0
    for _ in 0..<20 {
      bench.run(1)
      #expect(try bench.ask(.status) == .status(0x97))
      while case .send = bench.unit.next(at: bench.now) { texts += 1 }
    }
    #expect(texts <= 20)
    for _ in 0..<10 {
      bench.run(1)
      while case .send = bench.unit.next(at: bench.now) { texts += 1 }
    }
    #expect(texts >= 8)
  }

  @Test func cycleAnalystLineHasThirteenNumbers() throws {
    var bench = UnitBench(soc: .percent(50), [(342, 1), (343, 0)])
    bench.senses.current = .amperes(-10)
    bench.run(2)
    _ = bench.unit.next(at: bench.now)
    bench.run(2)
    guard case .send(let bytes) = bench.unit.next(at: bench.now) else {
      Issue.record("no text")
      return
    }
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.hasSuffix("\r\n"))
    let fields = text.dropLast().split(separator: "\t")
    #expect(fields.count == 13)
    #expect(fields[1] == "52.80")
    #expect(fields[2] == "-10.00")
    #expect(fields[5] == "23.0")
    #expect(fields[6...].allSatisfy { $0 == "0" })
  }
}
