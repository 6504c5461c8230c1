// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

/// The live values of a TinyBMS.
struct LiveTests {
  static let request = TinyBMS.Command.readModbus(address: 0, count: 54).request

  static func read(_ unit: Unit, _ facts: inout Facts) throws -> Reading {
    var reading = Reading()
    try Dialect.tinyBMS.read(unit.live.span, request, &facts, &reading)
    return reading
  }

  static func read(_ unit: Unit) throws -> Reading {
    var facts = Facts()
    return try read(unit, &facts)
  }

  @Test(arguments: 4...16)
  func cellsStandAtTheTop(_ count: Int) throws {
    let reading = try Self.read(Unit(cells: count))
    #expect(reading.cells.count == count)
    #expect(reading[.cellCount] == Int64(count))
    #expect(reading.cells[0] == .decimillivolts(33_000))
    #expect(reading.cells[count - 1] == .decimillivolts(33_000 + 10 * (count - 1)))
  }

  @Test func balancingBitsFollowTheirRegisters() throws {
    var unit = Unit(cells: 14)
    unit.registers[52] = 1 << 2 | 1 << 15
    let reading = try Self.read(unit)
    #expect(reading.cells.balancing == 1 | 1 << 13)
    #expect(reading.cells.reportsBalancing)
    #expect(reading[.balancing] == 1)
  }

  /// A cell whose voltage reads 0 is a cell, when the unit counts it and calls it the lowest.
  @Test func aDeadCellIsToldAsZero() throws {
    var unit = Unit(cells: 16)
    unit.registers[5] = 0
    unit.registers[40] = 0
    unit.setFloat(36, 49.6)
    let reading = try Self.read(unit)
    #expect(reading.cells.count == 16)
    #expect(reading.cells[5] == .zero)
    #expect(reading[.cellMin] == 0)
  }

  @Test func sensorsKeepTheirPlaces() throws {
    var unit = Unit()
    unit.registers[42] = 0x8000
    unit.registers[43] = UInt16(bitPattern: -105)
    let reading = try Self.read(unit)
    #expect(reading.temperatures.count == 3)
    #expect(reading.temperatures[0] == .decidegrees(301))
    #expect(reading.temperatures[1] == nil)
    #expect(reading.temperatures[2] == .decidegrees(-105))
  }

  @Test func healthIsUnknownOnOldFirmware() throws {
    var unit = Unit()
    #expect(try Self.read(unit)[.soh] == 98_000_000)
    unit.registers[45] = 0
    #expect(try Self.read(unit)[.soh] == nil)
    unit.registers[45] = 0xFFFF
    #expect(try Self.read(unit)[.soh] == nil)
  }

  @Test func chargingIsPositive() throws {
    var unit = Unit()
    unit.setFloat(38, 7.25)
    #expect(try Self.read(unit).current == .milliamperes(7250))
  }

  @Test func everyCommandTellsWhatTheBlockTells() throws {
    let block = try Self.read(Unit())
    let unit = Unit()
    func number(_ address: Int) -> UInt32 {
      UInt32(unit.registers[address]) | UInt32(unit.registers[address + 1]) << 16
    }
    func read(_ command: TinyBMS.Command, _ reply: TinyBMS.Reply) throws -> Reading {
      var facts = Facts()
      var reading = Reading()
      try Dialect.tinyBMS.read(reply.encode().span, command.request, &facts, &reading)
      return reading
    }
    #expect(
      try read(.packVoltage, .packVoltage(Binary32(bits: number(36))))[.voltage] == block[.voltage])
    #expect(
      try read(.packCurrent, .packCurrent(Binary32(bits: number(38))))[.current] == block[.current])
    #expect(try read(.highestCell, .highestCell(unit.registers[41]))[.cellMax] == block[.cellMax])
    #expect(try read(.lowestCell, .lowestCell(unit.registers[40]))[.cellMin] == block[.cellMin])
    #expect(try read(.soc, .soc(number(46)))[.soc] == block[.soc])
    #expect(try read(.status, .status(unit.registers[50]))[.status] == block[.status])
    let cells = try read(.cells, .cells(unit.words(2, 14)))
    #expect(cells.cells.count == 14 && cells.cells[3] == block.cells[3])
    let wanted: [UInt16] = [36, 37, 46, 47, 50, 53]
    let single = try read(
      .readIndividual(wanted),
      .readIndividual(wanted.map { TinyBMS.Word($0, unit.registers[Int($0)]) }))
    #expect(single[.voltage] == block[.voltage] && single[.soc] == block[.soc])
    let vendor = try read(.readBlock(address: 0, count: 54), .readBlock(unit.words(0, 54)))
    #expect(vendor.tellsTheSame(block))
  }

  @Test func recordsOfThePastAreNeverLimits() throws {
    var unit = Unit()
    unit.registers[102] = 510
    let request = TinyBMS.Command.readModbus(address: 100, count: 18).request
    var facts = Facts()
    var reading = Reading()
    #expect(throws: WireError.notAReading) {
      try Dialect.tinyBMS.read(
        TinyBMS.Reply.readModbus(unit.words(100, 18)).encode().span, request, &facts, &reading)
    }
    #expect(reading.cutoffs == Cutoffs() && !reading.hasValues)
  }

  @Test func settingsAreCutoffsPerCell() throws {
    let unit = Unit()
    let request = TinyBMS.Command.readModbus(address: 300, count: 44).request
    var facts = Facts()
    var reading = Reading()
    try Dialect.tinyBMS.read(
      TinyBMS.Reply.readModbus(unit.words(300, 44)).encode().span, request, &facts, &reading)
    var cutoffs = Cutoffs()
    cutoffs.cellFull = .millivolts(4150)
    cutoffs.cellEmpty = .millivolts(3000)
    cutoffs.cellOvervoltage = .millivolts(4200)
    cutoffs.cellUndervoltage = .millivolts(2900)
    cutoffs.dischargeOvercurrent = .amperes(60)
    cutoffs.chargeOvercurrent = .amperes(20)
    cutoffs.overtemperature = .degrees(60)
    cutoffs.chargeUndertemperature = .degrees(1)
    #expect(reading.cutoffs == cutoffs)
    #expect(reading[.nominal] == 66_000)
    #expect(reading[.full] == nil)
    var wrong = unit
    wrong.registers[315] = 4100
    #expect(throws: WireError.self) {
      try Dialect.tinyBMS.read(
        TinyBMS.Reply.readModbus(wrong.words(300, 44)).encode().span, request, &facts, &reading)
    }
  }
}
