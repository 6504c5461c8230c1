// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Quantities
import Testing

struct ProtectionTests {
  /// What each alarm of the dictionary forbids: charging, discharging.
  static let forbids: [Alarm: (Bool, Bool)] = [
    .cellOvervoltage: (true, false), .cellUndervoltage: (false, true),
    .packOvervoltage: (true, false), .packUndervoltage: (false, true),
    .chargeOvercurrent: (true, false), .dischargeOvercurrent: (false, true),
    .regenerationOvercurrent: (true, true), .shortCircuit: (true, true),
    .chargeOvertemperature: (true, false), .chargeUndertemperature: (true, false),
    .dischargeOvertemperature: (false, true), .dischargeUndertemperature: (false, true),
    .overtemperature: (true, true), .undertemperature: (true, true),
    .mosfetOvertemperature: (true, true), .chargeMosfetFault: (true, false),
    .dischargeMosfetFault: (false, true), .prechargeFault: (false, true),
    .contactorFault: (true, true), .currentSensorFault: (true, false),
    .temperatureSensorFault: (true, false), .cellSenseFault: (true, false),
    .afeFault: (true, true), .eepromFault: (true, false), .internalFault: (true, true),
    .softwareMosfetLock: (true, true), .chargeInhibited: (true, false),
    .dischargeInhibited: (false, true), .fullyDischarged: (false, true),
    .overCharged: (true, false), .chargerVoltageHigh: (true, false),
  ]

  @Test(arguments: Alarm.allCases)
  func actsAtOnce(alarm: Alarm) throws {
    let (charge, discharge) = Self.forbids[alarm] ?? (false, false)
    var bench = Bench(at: 3300)
    bench.run(10)
    bench.alarms = .of(alarm)
    let limits = try bench.limits(1)
    #expect(limits.charge == (charge ? 0 : 90_000))
    #expect(limits.discharge == (discharge ? 0 : 180_000))
    if charge { #expect(limits.chargeCurrent.reason == .protection(alarm)) }
    if discharge { #expect(limits.dischargeCurrent.reason == .protection(alarm)) }
  }

  @Test func warningsForbidNothing() throws {
    var bench = Bench(at: 3300)
    var reading = bench.reading
    reading.warnings = AlarmSet(rawValue: .max)
    bench.snapshot.take(reading, at: Tick(bench.now), isLive: true)
    let decided = bench.control.decide(bench.snapshot, freshness: .fresh, at: Tick(bench.now))
    let limits = try #require(decided)
    #expect(limits.charge == 90_000)
    #expect(limits.discharge == 180_000)
  }

  @Test func actsDuringARampToo() throws {
    var bench = Bench(at: 3300)
    bench.alarms = .of(.chargeOvercurrent)
    bench.run(1)
    bench.alarms = []
    #expect(try bench.limits(35).charge == 25_000)
    bench.alarms = .of(.cellOvervoltage)
    #expect(try bench.limits(1).charge == 0)
  }

  @Test(arguments: [Freshness.aging, .stale])
  func actsWhateverTheAgeOfTheCells(freshness: Freshness) throws {
    var bench = Bench(at: 3300)
    bench.run(10)
    bench.alarms = .of(.shortCircuit)
    bench.snapshot.take(bench.reading, at: Tick(bench.now), isLive: false)
    let limits = try bench.limits(1, freshness)
    #expect(limits.charge == 0)
    #expect(limits.dischargeCurrent == Limit(.zero, .protection(.shortCircuit)))
  }

  @Test func anUndervoltageLeavesChargingFree() throws {
    var bench = Bench(at: 2400)
    bench.alarms = .of(.cellUndervoltage)
    let limits = try bench.limits(30)
    #expect(limits.discharge == 0)
    #expect(limits.charge == 90_000)
    #expect(limits.volts == 55_200)
  }
}
