// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing

@testable import Simulation

/// One row of the table of what a TinyBMS does by itself.
struct ProtectionCase: Sendable, CustomTestStringConvertible {
  let name: String
  let protection: TinyBMSProtection
  var settings: [(Int, UInt16)] = []
  /// Whether a charger is there, in which case its switch is closed before.
  var hasCharger = true
  /// Brings the cause about.
  let cause: @Sendable (inout UnitBench) -> Void
  /// Just not the cause.
  let nearly: @Sendable (inout UnitBench) -> Void
  /// Load switch, charge switch, while it acts.
  let switches: [Bool]
  let status: UInt16

  var testDescription: String { name }

  static let all: [ProtectionCase] = [
    ProtectionCase(
      name: "over-temperature, external sensor", protection: .overTemperature,
      cause: { $0.senses.outside.1 = .decidegrees(551) },
      nearly: { $0.senses.outside.1 = .degrees(55) },
      switches: [false, false], status: 0x9B),
    ProtectionCase(
      name: "over-temperature, board above 90", protection: .overTemperature,
      cause: { $0.senses.inside = .decidegrees(901) }, nearly: { $0.senses.inside = .degrees(90) },
      switches: [false, false], status: 0x9B),
    ProtectionCase(
      name: "over-temperature, board alone", protection: .overTemperature,
      cause: {
        $0.senses.outside = (nil, nil)
        $0.senses.inside = .decidegrees(551)
      },
      nearly: {
        $0.senses.outside = (nil, nil)
        $0.senses.inside = .degrees(55)
      }, switches: [false, false], status: 0x9B),
    ProtectionCase(
      name: "too cold to charge", protection: .chargeCold,
      cause: { $0.senses.outside.0 = .decidegrees(19) },
      nearly: { $0.senses.outside.0 = .degrees(2) },
      switches: [true, false], status: 0x97),
    ProtectionCase(
      name: "too cold to charge, board alone", protection: .chargeCold,
      cause: {
        $0.senses.outside = (nil, nil)
        $0.senses.inside = .degrees(1)
      },
      nearly: {
        $0.senses.outside = (nil, nil)
        $0.senses.inside = .degrees(2)
      }, switches: [true, false], status: 0x97),
    ProtectionCase(
      name: "too cold for anything", protection: .cold, cause: { $0.senses.inside = .degrees(-41) },
      nearly: { $0.senses.inside = .degrees(-40) }, switches: [false, false], status: 0x9B),
    ProtectionCase(
      name: "over-voltage", protection: .overVoltage,
      cause: { $0.setCells([3651] + .init(repeating: 3400, count: 15)) },
      nearly: { $0.setCells([3650] + .init(repeating: 3400, count: 15)) }, switches: [true, false],
      status: 0x9B),
    ProtectionCase(
      name: "fully discharged", protection: .fullyDischarged, hasCharger: false,
      cause: { $0.setCells([2899] + .init(repeating: 3100, count: 15)) },
      nearly: { $0.setCells([2900] + .init(repeating: 3100, count: 15)) },
      switches: [false, false],
      status: 0x97),
    ProtectionCase(
      name: "charge over-current", protection: .chargeOvercurrent,
      cause: { $0.senses.current = .milliamperes(80_001) },
      nearly: { $0.senses.current = .amperes(80) },
      switches: [true, false], status: 0x9B),
    ProtectionCase(
      name: "peak discharge over-current", protection: .dischargeOvercurrent,
      cause: { $0.senses.current = .milliamperes(-150_001) },
      nearly: { $0.senses.current = .amperes(-120) },
      switches: [false, false], status: 0x9B),
    ProtectionCase(
      name: "peak discharge over-current, external load switch", protection: .dischargeOvercurrent,
      settings: [(331, 3)], cause: { $0.senses.current = .milliamperes(-150_001) },
      nearly: { $0.senses.current = .amperes(-120) }, switches: [false, true], status: 0x9B),
    ProtectionCase(
      name: "regeneration over-current", protection: .regenerationOvercurrent, hasCharger: false,
      cause: { $0.senses.current = .milliamperes(120_001) },
      nearly: { $0.senses.current = .amperes(120) },
      switches: [false, false], status: 0x9B),
  ]
}

@Suite struct UnitProtectionTests {
  @Test(arguments: ProtectionCase.all) func actsAtOnceAndRecoversLater(_ row: ProtectionCase) {
    var bench = UnitBench(row.settings)
    if row.hasCharger { bench.connectCharger() }
    let calm = bench.senses
    row.nearly(&bench)
    bench.run(10)
    #expect(bench.unit.protections.isEmpty)
    bench.senses = calm
    bench.run(1)
    let before = bench.events.count

    row.cause(&bench)
    bench.run(1)
    #expect(bench.unit.protections == .of(row.protection))
    #expect(bench.switches == row.switches)
    #expect(bench.events.dropFirst(before) == [row.protection.event])
    bench.senses.current = .zero
    bench.run(1)
    #expect(bench.unit.status == row.status)

    // 5 s after the cause has gone, and not before.
    bench.senses = calm
    bench.run(48)
    #expect(bench.unit.protections == .of(row.protection))
    bench.run(4)
    #expect(bench.unit.protections.isEmpty)
    #expect(bench.events.dropFirst(before) == [row.protection.event, row.protection.recovery])
    #expect(bench.unit.isLoadOn)
    #expect(bench.unit.isChargerOn == row.hasCharger)
  }

  @Test func causeThatComesBackStartsTheWaitAnew() {
    var bench = UnitBench()
    let calm = bench.senses
    bench.senses.outside.0 = .degrees(60)
    bench.run(1)
    bench.senses = calm
    bench.run(40)
    bench.senses.outside.0 = .degrees(60)
    bench.run(1)
    bench.senses = calm
    bench.run(49)
    #expect(bench.unit.protections == .of(.overTemperature))
    bench.run(3)
    #expect(bench.unit.protections.isEmpty)
  }

  @Test func lastingDischargeOvercurrentWaitsForItsTime() {
    var bench = UnitBench([(330, 0x0301)])
    bench.senses.current = .milliamperes(-120_001)
    bench.run(30)
    #expect(bench.unit.protections.isEmpty)
    bench.senses.current = .amperes(-119)
    bench.run(1)
    bench.senses.current = .milliamperes(-120_001)
    bench.run(30)
    #expect(bench.unit.protections.isEmpty)
    bench.run(1)
    #expect(bench.unit.protections == .of(.dischargeOvercurrent))
  }

  @Test func underVoltageNeverRecoversByItself() {
    var bench = UnitBench()
    bench.setCells(.init(repeating: 2450, count: 16))
    bench.run(1)
    #expect(bench.unit.protections == .of(.underVoltage, .fullyDischarged))
    #expect(bench.switches == [false, false])
    #expect(bench.unit.status == 0x9B)
    bench.setCells(.init(repeating: 3100, count: 16))
    bench.run(6000)
    #expect(bench.unit.protections == .of(.underVoltage))

    // A charger lifts it and may charge.
    bench.setCells(.init(repeating: 2450, count: 16))
    bench.connectCharger()
    #expect(!bench.unit.protections.has(.underVoltage))
    #expect(bench.events.contains(0x7B))
    #expect(bench.switches == [false, true])
  }

  @Test func underVoltageIsForgottenByARestart() throws {
    var bench = UnitBench()
    bench.setCells(.init(repeating: 2450, count: 16))
    bench.run(1)
    bench.setCells(.init(repeating: 3100, count: 16))
    bench.run(100)
    try bench.wake()
    #expect(try bench.ask(.reset(.restart)) == .acknowledged(command: 0x02))
    bench.run(20)
    #expect(bench.unit.protections.isEmpty)
    #expect(bench.events.suffix(2) == [0x61, 0x66])
    let causes = try bench.read(114, 1)
    #expect(causes[0] & 0xFF == 4)
  }

  @Test func withoutAutomaticRecoveryAChargerRecovers() {
    var bench = UnitBench([(332, 0)])
    let calm = bench.senses
    bench.senses.outside.0 = .degrees(60)
    bench.run(1)
    bench.senses = calm
    bench.run(3000)
    #expect(bench.unit.protections == .of(.overTemperature))
    bench.connectCharger()
    #expect(bench.unit.protections.isEmpty)
  }

  @Test func lostCurrentSensorOpensBothAndItsReturnClosesThem() {
    var design = TinyBMSUnit.Design()
    design.sensor = 2
    var bench = UnitBench(design: design)
    bench.connectCharger()
    bench.senses.hasCurrentSensor = false
    bench.run(1)
    #expect(bench.switches == [false, false])
    #expect(bench.events.last == 0x0E)
    bench.senses.hasCurrentSensor = true
    bench.run(1)
    #expect(bench.switches == [true, true])
    #expect(bench.events.last == 0x7C)

    var inside = UnitBench()
    inside.senses.hasCurrentSensor = false
    inside.run(10)
    #expect(inside.unit.protections.isEmpty)
  }

  @Test func trippedProtectionsAreCounted() throws {
    var bench = UnitBench()
    bench.senses.current = .amperes(-2)
    for _ in 0..<3 {
      bench.senses.outside.0 = .degrees(60)
      bench.run(1)
      bench.senses.outside.0 = .degrees(20)
      bench.run(60)
    }
    #expect(try bench.read(105, 5) == [0, 0, 0, 0, 3])
    #expect(try bench.ask(.reset(.clearStatistics)) == .acknowledged(command: 0x02))
    bench.run(1)
    #expect(try bench.read(105, 5) == [0, 0, 0, 0, 0])
    let cleared = try bench.read(116, 2)
    #expect(UInt32(cleared[0]) | UInt32(cleared[1]) << 16 >= 5_184_000)
  }
}
