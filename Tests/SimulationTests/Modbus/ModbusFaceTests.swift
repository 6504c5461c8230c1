// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

@testable import Simulation

/// What simulated boards with registers say is what the languages read.
struct ModbusFaceTests {
  /// A board with the language that reads it.
  struct Board: Sendable, CustomTestStringConvertible {
    let name: String
    let face: ModbusFace
    let dialect: Dialect
    let sensors: Int
    let alarms: AlarmSet
    var testDescription: String { name }
  }

  /// A map in which every point of a battery stands.
  static let whole: ModbusMap = {
    var map = ModbusMap(name: "whole", title: "Whole")
    map.unit = 9
    map.pause = 5
    var address: UInt16 = 0x100
    func add(_ form: ModbusMap.Form, _ target: ModbusMap.Target, _ scale: Int64, count: Int = 1) {
      var row = ModbusMap.Row(address, form, target)
      row.scale = scale
      row.count = count
      switch target {
      case .temperatures: (row.offset, row.absent) = (-2731, [0xFFFF])
      case .cells: row.absent = [0]
      case .identity: row.scale = 1_000_000
      default: break
      }
      map.rows.append(row)
      address += UInt16(row.words)
    }
    add(.uint16, .cells(first: 1), 1000, count: 20)
    add(.uint16, .temperatures(first: 1), 100_000, count: 4)
    add(.uint16, .balancing, 1_000_000)
    add(.uint32, .alarms([.init(0, .cellOvervoltage), .init(31, .shortCircuit)]), 1_000_000)
    for point in Point.allCases where point.canBeRead && UnitState.pack().value(point) != nil {
      switch point.kind {
      case .cellVoltage: add(.uint16, .point(point), 1000)
      case .voltage: add(.float32, .point(point), 1_000_000)
      case .current: add(.int16, .point(point), -100_000)
      case .power: add(.int32, .point(point), 1000)
      case .temperature: add(.int16, .point(point), 100_000)
      case .percent: add(.uint16, .point(point), 10_000)
      case .charge: add(.uint32, .point(point), 1000)
      default: add(.uint16, .point(point), 1_000_000)
      }
    }
    for cutoff in ModbusMap.Cutoff.allCases {
      switch cutoff.kind {
      case .cellVoltage: add(.uint16, .cutoff(cutoff), 1000)
      default: add(.int16, .cutoff(cutoff), 100_000)
      }
    }
    for part in ModbusMap.IdentityPart.allCases { add(.text, .identity(part), 1_000_000, count: 5) }
    map.blocks = [.init(0x100, address - 0x100)]
    return map
  }()

  static let boards: [Board] = [
    Board(
      name: "daly-d2", face: .dalyD2(), dialect: .dalyD2(DialectOptions()), sensors: 3,
      alarms: .of(.cellOvervoltage, .chargeOvercurrent, .shortCircuit)),
    Board(
      name: "daly-81", face: .daly81(), dialect: .daly81(DialectOptions()), sensors: 4,
      alarms: .of(.cellUndervoltage, .dischargeOvercurrent, .shortCircuit)),
    Board(
      name: "jk-modbus", face: .jkModbus(), dialect: .jkModbus(DialectOptions()), sensors: 4,
      alarms: .of(.cellOvervoltage, .dischargeOvercurrent, .chargeUndertemperature)),
    Board(
      name: "whole", face: ModbusFace(whole), dialect: whole.dialect, sensors: 4,
      alarms: .of(.cellOvervoltage, .shortCircuit)),
  ]

  /// What a reading tells otherwise than the state, in words.
  static func differences(_ reading: Reading, _ state: UnitState) -> [String] {
    var wrong: [String] = []
    if reading.cells.count != state.cells.count { wrong.append("\(reading.cells.count) cells") }
    for index in 0..<min(reading.cells.count, state.cells.count)
    where reading.cells[index] != state.cells[index] {
      wrong.append("cell \(index + 1): \(reading.cells[index])")
    }
    for index in 0..<state.temperatures.count
    where reading.temperatures[index] != state.temperatures[index] {
      wrong.append("sensor \(index + 1)")
    }
    for point in Point.allCases {
      guard let told = reading[point], let truth = state.value(point) else { continue }
      // As finely as a language tells it.
      let step: Int64 =
        switch point {
        case .power: 1
        case .cellAverage: 10
        default: 0
        }
      if (told - truth).magnitude > UInt64(step) {
        wrong.append("\(point.name): \(told) for \(truth)")
      }
    }
    if reading.alarms != state.alarms { wrong.append("alarms: \(reading.alarms.list)") }
    return wrong
  }

  @Test func theWholeMapIsRight() {
    #expect(Self.whole.problems == [])
    #expect(Self.whole.rows.count > 35)
  }

  @Test(arguments: boards)
  func everyValueComesBack(_ board: Board) {
    let state = UnitState.pack(sensors: board.sensors, alarms: board.alarms)
    var talk = ModbusTalk(board.face, board.dialect, state)
    talk.run(70_000)
    #expect(talk.faults.isEmpty, "\(talk.faults)")
    #expect(talk.live.count > 50)
    for reading in talk.live { #expect(Self.differences(reading, state) == []) }
    let told = talk.snapshot.reading
    #expect(Self.differences(told, state) == [])
    #expect(told[.voltage] != nil && told[.current] != nil && told[.soc] != nil)
    #expect(told[.chargeEnabled] == 1 && told[.dischargeEnabled] == 0)
    #expect(told.cells.balancing == 0b101 || !told.cells.reportsBalancing)
    #expect(told.cutoffs.cellOvervoltage == .millivolts(3650))
    #expect(told.identity != Identity())
  }

  /// Nothing of what a bad line lets through is another value.
  @Test(arguments: boards)
  func noWrongValueOnABadLine(_ board: Board) {
    let state = UnitState.pack(sensors: board.sensors, alarms: board.alarms)
    var talk = ModbusTalk(board.face, board.dialect, state)
    talk.garbled = 2
    talk.run(300_000)
    #expect(talk.live.count > 50 && talk.session.statistics.badChecksums > 20)
    for reading in talk.live { #expect(Self.differences(reading, state) == []) }
    #expect(Self.differences(talk.snapshot.reading, state) == [])
  }

  @Test(arguments: boards)
  func whatIsSilentOrRefusesIsFault(_ board: Board) {
    let state = UnitState.pack(sensors: board.sensors)
    for quirk in [TinyBMSQuirks.silent, .refusing, .wrongChecksum, .endless] {
      var talk = ModbusTalk(board.face, board.dialect, state)
      talk.face.quirks = quirk
      talk.run(20_000)
      #expect(talk.live.isEmpty && !talk.faults.isEmpty, "\(quirk.rawValue)")
      #expect(!talk.snapshot.reading.hasValues)
      talk.face.quirks = []
      talk.run(20_000)
      #expect(!talk.live.isEmpty, "\(quirk.rawValue)")
    }
  }

  @Test func aCaptureOfADalyIsAskedAndAnsweredLikeTheFace() {
    // Requests of an app and the length of what real boards answered.
    var talk = ModbusTalk(.dalyD2(), .dalyD2(DialectOptions()), .pack())
    for (request, length) in [
      ("d2030000003ed7b9", 129), ("d203000000505655", 165), ("d20300800029965f", 87),
      ("d20300a900208791", 69),
    ] {
      let answer = talk.ask(Hex.bytes(request.utf8) ?? [])
      #expect(answer.count == length && answer.prefix(2) == [0xD2, 3])
    }
    // A register that nobody knows is met with silence, a switch is echoed.
    #expect(talk.ask(ModbusRTU.reading(0xD2, 3, 0x300, 1)).isEmpty)
    let off = Hex.bytes("d20600a600007a4a".utf8) ?? []
    #expect(talk.ask(off) == off && talk.face.orders.opensDischarge)
    // Writing many registers carries no count of bytes.
    var many: [UInt8] = [0xD2, 0x10, 0, 0xA6, 0, 1, 0, 1]
    ModbusRTU.seal(&many)
    var acknowledgement = Array(many.prefix(6))
    ModbusRTU.seal(&acknowledgement)
    #expect(talk.ask(many) == acknowledgement)
    #expect(!talk.face.orders.opensDischarge)
  }

  @Test func theNewerDalyAnswersFromAnotherAddress() {
    var talk = ModbusTalk(.daly81(board: 3), .daly81(DialectOptions()), .pack())
    #expect(talk.ask(ModbusRTU.reading(0x81, 3, 0, 64)).isEmpty)
    let answer = talk.ask(ModbusRTU.reading(0x83, 3, 0, 64))
    #expect(answer.count == 133 && answer[0] == 0x53)
    // The life counter counts.
    let first = talk.ask(ModbusRTU.reading(0x83, 3, 0x3B, 1))
    let second = talk.ask(ModbusRTU.reading(0x83, 3, 0x3B, 1))
    #expect(first[4] &+ 1 == second[4])
  }

  @Test func aJKWakesByItsTrigger() {
    let state = UnitState.pack(sensors: 4)
    var talk = ModbusTalk(.jkModbus(), .jkModbus(DialectOptions()), state)
    let cells = ModbusRTU.reading(1, 3, 0x1200, 34)
    #expect(talk.ask(cells).isEmpty, "a board that was left alone")
    var trigger: [UInt8] = [1, 0x10, 0x16, 0x20, 0, 1, 2, 0, 0]
    ModbusRTU.seal(&trigger)
    let frame = talk.ask(trigger)
    #expect(frame.count == 310 && frame.prefix(5) == [0x55, 0xAA, 0xEB, 0x90, 2])
    // The frame says the same as the registers.
    let dialect = Dialect.jkModbus(DialectOptions())
    let exchange = dialect.explain(trigger, [frame])
    #expect(exchange.error == nil)
    #expect(Self.differences(exchange.whole.reading, state) == [])
    #expect(talk.ask(cells).count == 73)
    #expect(talk.ask(ModbusRTU.reading(1, 3, 0x1200, 41)).isEmpty, "more than 40 registers")
    for page: UInt8 in [0x1E, 0x1C] {
      trigger[3] = page
      trigger.removeLast(2)
      ModbusRTU.seal(&trigger)
      #expect(dialect.explain(trigger, [talk.ask(trigger)]).error == nil)
    }
  }

  @Test func aBoardOfAMapHasExceptions() {
    var talk = ModbusTalk(ModbusFace(Self.whole), Self.whole.dialect, .pack())
    #expect(talk.ask(ModbusRTU.reading(9, 3, 0x80, 1)).prefix(3) == [9, 0x83, 2])
    #expect(talk.ask(ModbusRTU.reading(9, 4, 0x100, 1)).prefix(3) == [9, 0x84, 2])
    #expect(talk.ask(ModbusRTU.reading(8, 3, 0x100, 1)).isEmpty)
  }
}
