// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

/// Which protections a TinyBMS reports, by its status and its events.
struct AlarmTests {
  static let eventsRequest = TinyBMS.Command.readModbus(address: 200, count: 98).request

  static func readEvents(_ unit: Unit, _ facts: inout Facts) throws -> Reading {
    var reading = Reading()
    try Dialect.tinyBMS.read(
      TinyBMS.Reply.readModbus(unit.words(200, 98)).encode().span, eventsRequest, &facts, &reading)
    return reading
  }

  /// The live reading of a unit with these events and this status.
  static func live(_ events: [(UInt32, UInt8)], status: UInt16) throws -> Reading {
    var unit = Unit()
    unit.registers[50] = status
    unit.setEvents(events.map { TinyBMS.Event(time: $0.0, id: $0.1) })
    var facts = Facts()
    _ = try LiveTests.read(unit, &facts)
    _ = try readEvents(unit, &facts)
    return try LiveTests.read(unit, &facts)
  }

  @Test func aFaultActsAtOnceAndIsNamedByTheEvents() throws {
    var unit = Unit()
    var facts = Facts()
    _ = try LiveTests.read(unit, &facts)
    _ = facts.takeWanted()
    let calm = try Self.readEvents(unit, &facts)
    #expect(calm.reportsAlarms && calm.alarms.isEmpty)
    #expect(calm[.chargeEnabled] == 1 && calm[.dischargeEnabled] == 1)
    unit.registers[50] = 0x9B
    unit.setEvents([.init(time: 12_000_000, id: 0x03)])
    let first = try LiveTests.read(unit, &facts)
    #expect(first.reportsAlarms)
    #expect(first.alarms == .of(.chargeInhibited, .dischargeInhibited))
    #expect(first[.chargeEnabled] == 0 && first[.dischargeEnabled] == 0)
    #expect(facts.takeWanted() == 1 << 2)
    let named = try Self.readEvents(unit, &facts)
    #expect(named.alarms == .of(.cellOvervoltage))
    #expect(named[.chargeEnabled] == 0 && named[.dischargeEnabled] == 1)
    #expect(try LiveTests.read(unit, &facts).alarms == .of(.cellOvervoltage))
  }

  @Test func aFaultThatNoEventNamesInhibitsBoth() throws {
    let reading = try Self.live([(100, 0x64)], status: 0x9B)
    #expect(reading.alarms == .of(.chargeInhibited, .dischargeInhibited))
    #expect(reading[.chargeEnabled] == 0 && reading[.dischargeEnabled] == 0)
  }

  /// Fault, recovery, alarm, whether charging and discharging stay allowed.
  static let table: [(UInt8, UInt8, Alarm, Int64, Int64)] = [
    (0x02, 0x7B, .cellUndervoltage, 1, 0), (0x03, 0x79, .cellOvervoltage, 0, 1),
    (0x04, 0x73, .overtemperature, 0, 0), (0x05, 0x77, .dischargeOvercurrent, 0, 0),
    (0x06, 0x76, .chargeOvercurrent, 0, 1), (0x07, 0x78, .regenerationOvercurrent, 0, 0),
    (0x0A, 0x75, .undertemperature, 0, 0), (0x0B, 0x61, .chargeMosfetFault, 0, 1),
    (0x0C, 0x61, .dischargeMosfetFault, 1, 0), (0x0D, 0x61, .contactorFault, 0, 0),
    (0x0E, 0x7C, .currentSensorFault, 0, 0), (0x0F, 0x61, .currentSensorFault, 0, 0),
    (0x31, 0x7A, .fullyDischarged, 1, 0), (0x37, 0x74, .chargeUndertemperature, 0, 1),
  ]

  @Test(arguments: table)
  func eachProtectionEndsWithItsRecovery(
    _ id: UInt8, _ recovery: UInt8, _ alarm: Alarm, _ charge: Int64, _ discharge: Int64
  ) throws {
    let active = try Self.live([(500, recovery), (1000, id)], status: 0x9B)
    #expect(active.alarms == AlarmSet(alarm))
    #expect(active[.chargeEnabled] == charge && active[.dischargeEnabled] == discharge)
    #expect(active.reportable.has(alarm))
    let over = try Self.live([(1000, id), (1001, recovery)], status: 0x97)
    #expect(over.alarms.isEmpty)
    #expect(over[.chargeEnabled] == 1 && over[.dischargeEnabled] == 1)
  }

  @Test func chargerWarningsAreWarnings() throws {
    let reading = try Self.live([(1000, 0x38)], status: 0x92)
    #expect(reading.warnings == .of(.chargerVoltageHigh) && reading.alarms.isEmpty)
    #expect(try Self.live([(1000, 0x38), (1100, 0x62)], status: 0x91).warnings.isEmpty)
  }

  @Test func currentThroughASwitchProvesItClosed() throws {
    #expect(try Self.live([(1000, 0x03)], status: 0x91).alarms.isEmpty)
    #expect(try Self.live([(1000, 0x31)], status: 0x93).alarms.isEmpty)
    // Discharging says nothing about the charger switch.
    #expect(try Self.live([(1000, 0x03)], status: 0x93).alarms == .of(.cellOvervoltage))
  }

  @Test func aRestartEndsWhatTheUnitNoLongerCallsAFault() throws {
    #expect(try Self.live([(1000, 0x02), (2000, 0x61)], status: 0x97).alarms.isEmpty)
    #expect(
      try Self.live([(1000, 0x02), (2000, 0x61)], status: 0x9B).alarms == .of(.cellUndervoltage))
  }

  /// The stamps have 24 bits: the clock of this unit passed 2^24 s, so that a small stamp is the
  /// newer one.
  @Test func stampsAreRebuiltAcrossTheirWrap() throws {
    var unit = Unit()
    unit.registers[50] = 0x9B
    unit.setDouble(32, 0x0100_1000)
    unit.setEvents([.init(time: 0xFF_FFF0, id: 0x79), .init(time: 0x10, id: 0x03)])
    var facts = Facts()
    _ = try LiveTests.read(unit, &facts)
    _ = try Self.readEvents(unit, &facts)
    #expect(try LiveTests.read(unit, &facts).alarms == .of(.cellOvervoltage))
    #expect(TinyBMS.Event(time: 0x10, id: 3).time(before: 0x0100_1000) == 0x0100_0010)
    #expect(TinyBMS.Event(time: 0xFF_FFF0, id: 3).time(before: 0x0100_1000) == 0x00FF_FFF0)
    #expect(TinyBMS.Event(time: 50, id: 3).time(before: 10) == 50)
  }

  @Test func allEventsCommandTellsTheSame() throws {
    var facts = Facts()
    var unit = Unit()
    unit.registers[50] = 0x9B
    _ = try LiveTests.read(unit, &facts)
    var reading = Reading()
    let list = TinyBMS.EventList(now: 5000, events: [.init(time: 100, id: 0x37)])
    try Dialect.tinyBMS.read(
      TinyBMS.Reply.allEvents(list).encode().span, TinyBMS.Command.allEvents.request, &facts,
      &reading)
    #expect(reading.alarms == .of(.chargeUndertemperature))
  }

  /// In a conversation: within two polls of the fault its name is known.
  @Test func aProtectionIsNamedWithinMilliseconds() throws {
    var talk = Conversation()
    talk.run(until: 1000)
    talk.unit.registers[50] = 0x9B
    talk.unit.setEvents([.init(time: 12_000_000, id: 0x06)])
    talk.run(until: 1600)
    let first = try #require(talk.live.first { $0.at > 1000 })
    #expect(first.reading.alarms == .of(.chargeInhibited, .dischargeInhibited))
    let named = try #require(talk.readings.first { $0.reading.alarms == .of(.chargeOvercurrent) })
    #expect(named.at - first.at <= 20)
    talk.unit.setEvents([.init(time: 12_000_000, id: 0x06), .init(time: 12_000_005, id: 0x04)])
    talk.run(until: 3000)
    #expect(talk.live.last?.reading.alarms == .of(.chargeOvercurrent, .overtemperature))
    talk.unit.registers[50] = 0x97
    talk.unit.setEvents([
      .init(time: 12_000_000, id: 0x06), .init(time: 12_000_005, id: 0x04),
      .init(time: 12_000_009, id: 0x76), .init(time: 12_000_009, id: 0x73),
    ])
    talk.run(until: 3600)
    #expect(talk.live.last?.reading.alarms.isEmpty == true)
    #expect(talk.live.last?.reading[.chargeEnabled] == 1)
  }
}
