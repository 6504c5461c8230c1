// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

/// A battery that is known by its register map alone.
struct ModbusMapTests {
  /// What a whole poll of the sample board says, by its requests in order.
  static func live(_ board: MapBoard, _ map: ModbusMap = .sample) throws(WireError) -> Reading {
    let dialect = map.dialect
    var reading = Reading()
    for request in dialect.polls[0].requests {
      var facts = Facts()
      try dialect.read(board.answer(request.bytes).span, request, &facts, &reading)
    }
    return reading
  }

  @Test func everySortOfRowIsRead() throws {
    let map = ModbusMap.sample
    #expect(map.problems == [])
    let reading = try Self.live(.sample)
    #expect(reading[.voltage] == 13_210)
    #expect(reading[.current] == -12_300)
    #expect(reading[.soc] == 50_500_000)
    #expect(reading[.remaining] == 100_000)
    #expect(reading.alarms == .of(.cellOvervoltage) && reading.warnings == .of(.overtemperature))
    #expect(reading.reportsAlarms && reading.reportable == .of(.cellOvervoltage, .overtemperature))
    #expect(reading[.chargeEnabled] == 0 && reading[.dischargeEnabled] == 1)
    #expect(reading.cells.balancing == 0b101 && reading[.balancing] == 1)
    #expect(reading[.cellCount] == 4 && reading.cells.count == 4)
    #expect((0..<4).map { reading.cells[$0].raw } == [33_010, 33_020, 33_030, 33_040])
    #expect(reading[.mosfetTemperature] == 2550)
    #expect(reading.temperatures.count == 3)
    #expect(reading.temperatures[0]?.raw == 2500 && reading.temperatures[1] == nil)
    #expect(reading.temperatures[2]?.raw == -500)
  }

  @Test func otherBlocksAreAskedAtTheirOwnPace() throws {
    let dialect = ModbusMap.sample.dialect
    #expect(dialect.polls.map(\.pace) == [.live, .every(60_000), .once])
    #expect(dialect.polls.map(\.isLive) == [true, false, false])
    #expect(dialect.polls.map(\.isOptional) == [false, false, true])
    #expect(dialect.tellsCutoffs)
    var facts = Facts()
    var reading = Reading()
    for poll in dialect.polls[1...] {
      let answer = MapBoard.sample.answer(poll.request.bytes)
      try dialect.read(answer.span, poll.request, &facts, &reading)
    }
    #expect(reading.cutoffs.cellOvervoltage?.raw == 36_500)
    #expect(reading.cutoffs.dischargeOvercurrent?.raw == 100_000)
    #expect(reading.identity.serial?.string == "ABC12")
    // The low word first: 7 + 65536.
    #expect(reading[.cycles] == 65_543)
    // The call of a gateway has an answer of its own length.
    let wake = try #require(dialect.overModbus?.wake)
    #expect(wake.bytes == MapBoard.sealed([1, 3, 1, 0, 0, 1]))
    for poll in dialect.polls {
      #expect(poll.requests.allSatisfy { ModbusTCP.isRequest($0.bytes.span) })
    }
  }

  @Test func exceptionsAreRefusals() throws {
    let dialect = ModbusMap.sample.dialect
    let request = dialect.polls[0].request
    for (code, isRefusal) in [(UInt8(2), true), (6, true), (10, false), (11, false)] {
      let frame = MapBoard.sealed([1, 0x83, code])
      #expect(dialect.scan(frame.span, request) == .frame(length: 5))
      var facts = Facts()
      var reading = Reading()
      let expected: WireError =
        isRefusal ? .refused(command: 3, code: code) : .exception(function: 3, code: code)
      #expect(throws: expected) { try dialect.read(frame.span, request, &facts, &reading) }
      #expect(!reading.hasValues)
    }
    #expect(dialect.transientCodes.contains(6) && !dialect.transientCodes.contains(2))
  }

  @Test func whatIsNoAnswerIsNeverTaken() {
    let dialect = ModbusMap.sample.dialect
    let requests = dialect.polls.flatMap(\.requests)
    for request in requests {
      let answer = MapBoard.sample.answer(request.bytes)
      #expect(dialect.scan(request.bytes.span, request) == .skip(8), "its own echo")
      #expect(dialect.scan(answer.span, request) == .frame(length: answer.count))
      for other in requests where other != request {
        if case .frame(answer.count) = dialect.scan(answer.span, other) {
          Issue.record("the answer to \(request.bytes) for that to \(other.bytes)")
        }
      }
      var stranger = answer
      stranger[0] = 2
      #expect(dialect.scan(stranger.span, request) != .frame(length: answer.count))
      for length in 1..<answer.count {
        switch dialect.scan(Array(answer[..<length]).span, request) {
        case .incomplete: break
        case .frame(let whole): #expect(whole == answer.count)
        case let scan: Issue.record("\(scan) after \(length) bytes")
        }
      }
    }
  }

  /// With a checksum that holds, what no battery can be is refused: a wrong address looks like that.
  @Test func nonsenseIsRefused() throws {
    func refuses(_ change: (inout MapBoard) -> Void) -> Bool {
      var board = MapBoard.sample
      change(&board)
      do throws(WireError) {
        _ = try Self.live(board)
      } catch {
        if case .implausible = error { return true }
      }
      return false
    }
    #expect(!refuses { _ in })
    #expect(refuses { $0.registers[0x200] = 5501 })
    #expect(refuses { $0.registers[0x200] = 299 })
    #expect(refuses { $0.registers[0x201] = 0 }, "a cell after one that is not there")
    #expect(refuses { $0.registers[0x203] = 0 }, "fewer cells than are told")
    #expect(refuses { $0.registers[0x204] = 3300 }, "more cells than are told")
    #expect(refuses { $0.registers[0x100] = 1450 }, "no sum of the cells")
    #expect(refuses { $0.registers[0x101] = 20_001 })
    #expect(refuses { $0.registers[0x102] = 1101 })
    #expect(refuses { $0.registers[0x206] = 2130 }, "-60 °C is the coldest")
    #expect(refuses { $0.registers[0x10A] = 0x7FC0 }, "not a number")
  }

  @Test func damagedAnswersAreNeverTaken() throws {
    let dialect = ModbusMap.sample.dialect
    let truth = try Self.live(.sample)
    var dice = Dice(seed: 5)
    var accepted = 0
    for round in 0..<20_000 {
      var reading = Reading()
      do throws(WireError) {
        for request in dialect.polls[0].requests {
          let bytes = CorruptionTests.damage(MapBoard.sample.answer(request.bytes), &dice)
          guard case .frame(let length) = dialect.scan(bytes.span, request), length <= bytes.count
          else { throw .notAReading }
          var facts = Facts()
          try dialect.read(Array(bytes[..<length]).span, request, &facts, &reading)
        }
      } catch { continue }
      accepted += 1
      #expect(reading.tellsTheSame(truth), "seed 5, round \(round)")
    }
    #expect(accepted < 5000)
  }

  @Test func explanationsNameRegistersAndErrors() {
    let dialect = ModbusMap.sample.dialect
    let request = dialect.polls[0].request.bytes
    let answer = MapBoard.sample.answer(request)
    let exchange = dialect.explain(request, [[0x00], Array(answer[..<5]), Array(answer[5...])])
    #expect(exchange.error == nil && exchange.whole.reading[.voltage] == 13_210)
    let voltage = exchange.registers.first { "\($0.row.name)" == "voltage_v" }
    #expect(voltage?.raw == 1321 && voltage?.row.decimals == 2)
    #expect(dialect.explain(request, [answer.dropLast()]).error != nil)
    #expect(
      dialect.explain(request, [MapBoard.sealed([1, 0x83, 2])]).error
        == .refused(command: 3, code: 2))
    #expect(dialect.explain(request, []).error == nil)
    #expect(dialect.explain(nil, [answer]).error != nil)
    var broken = answer
    broken[9] ^= 1
    guard case .badChecksum = dialect.explain(request, [broken]).error else {
      Issue.record("a wrong checksum must be told")
      return
    }
  }

  @Test func aDialectOfAMapHasItsOwnName() {
    let dialect = ModbusMap.sample.dialect
    #expect(dialect.name == "sample" && dialect.title == "Sample")
    #expect(dialect.provenance == .documented && dialect.serialBaud == 9600)
    #expect(dialect.registers.count == Set(dialect.registers.map { "\($0.name)" }).count)
    for request in dialect.polls.flatMap(\.requests) { #expect(request.bytes.count == 8) }
  }
}
