// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

@testable import Simulation

/// What the classic language is asked and ordered by hand, and how real boards misbehave.
@Suite struct DalyBoardTests {
  private func talk(
    _ design: DalyDesign = DalyDesign(), _ settings: DalySettings = DalySettings()
  ) -> FaceTalk<DalyA5Face> {
    var state = UnitState.random(4, cells: 16, sensors: 2, alarms: [])
    state.current = .amperes(-10)
    return FaceTalk(
      DalyA5Face(design, settings: settings), Dialect.dalyA5(DialectOptions()), state)
  }

  /// A request of 13 bytes, as the tables of other programs print it.
  private func request(
    _ command: UInt8, _ data: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0], host: UInt8 = 0x40
  ) -> [UInt8] {
    let bytes: [UInt8] = [0xA5, host, command, 8] + data
    return bytes + [bytes.reduce(0, &+)]
  }

  @Test func answersEveryReadCommand() {
    var talk = talk()
    for command in Array(0x90...0x98) + Array(0x50...0x57) + Array(0x59...0x63) as [UInt8] {
      let pieces = talk.ask(request(command))
      #expect(!pieces.isEmpty, "\(Hex.byte(command))")
      for piece in pieces {
        #expect(piece.count == 13 && piece[0] == 0xA5 && piece[1] == 1 && piece[2] == command)
        #expect(piece[12] == piece[0..<12].reduce(0, &+))
      }
    }
    #expect(talk.ask(request(0x58)).isEmpty)
    #expect(talk.ask(request(0xD8)) == [hex("a501d808000000000000000086")])
  }

  @Test func everyRegisterComesBack() {
    var settings = DalySettings()
    settings.totals = (123, 186)
    var talk = talk(DalyDesign(), settings)
    let dialect = Dialect.dalyA5(DialectOptions())
    var told: [String: Int64] = [:]
    for command in Set(dialect.registers.map { UInt8($0.address / 4) }) {
      let question = request(command)
      for value in dialect.explain(question, talk.ask(question)).registers {
        told["\(value.row.name)"] = value.row.steps(value.raw)
      }
    }
    let expected: [String: Int64] = [
      "rated_ah": 100_000, "cell_reference_v": 3200, "total_charge_ah": 123,
      "total_discharge_ah": 186, "battery_type": 0, "cell_high_l1_v": 3600, "cell_high_l2_v": 3650,
      "cell_low_l1_v": 2700, "cell_low_l2_v": 2500, "pack_high_l1_v": 576, "pack_high_l2_v": 584,
      "pack_low_l1_v": 432, "pack_low_l2_v": 400, "soc_high_l1_pct": 1001, "soc_high_l2_pct": 1001,
      "soc_low_l1_pct": 100, "soc_low_l2_pct": 50, "cell_difference_l1_v": 300,
      "cell_difference_l2_v": 500, "balance_start_v": 3400, "balance_delta_v": 20,
      "short_circuit_a": 600, "shunt_microohm": 333,
    ]
    #expect(told == expected)
  }

  @Test func extremesNameTheirPlaces() {
    var talk = talk()
    talk.state.temperatures = Temperatures()
    for degrees in [21, 30, 18] { talk.state.temperatures.append(.degrees(degrees)) }
    let dialect = Dialect.dalyA5(DialectOptions())
    let cells = dialect.explain(request(0x91), talk.ask(request(0x91))).whole.reading
    let place = talk.state.cells.extremes ?? (0, 0)
    #expect(cells[.cellMaxNumber] == Int64(place.highest + 1))
    #expect(cells[.cellMinNumber] == Int64(place.lowest + 1))
    #expect(cells.cellMax?.raw == (talk.state.cells[place.highest].raw + 5) / 10 * 10)
    let data = talk.ask(request(0x92))[0][4..<8]
    #expect(Array(data) == [70, 2, 58, 3])
  }

  @Test func longHostsGetEveryFrame() {
    var talk = talk()
    #expect(talk.ask(request(0x95)).count == 6)
    #expect(talk.ask(request(0x95, host: 0x80)).count == 16)
    #expect(talk.ask(request(0x96)).count == 2)
    #expect(talk.ask(request(0x96, host: 0x80)).count == 3)
    #expect(talk.ask(request(0x96))[0][4] == 1)
  }

  @Test func takesItsTimeAndHearsNothingMeanwhile() {
    var talk = talk()
    talk.face.received(request(0x95, host: 0x80).span, talk.state, at: Tick(0))
    talk.face.received(request(0x90).span, talk.state, at: Tick(10))
    var moments: [Int64] = []
    for now in 0..<500 as Range<Int64> {
      while case .send(let bytes) = talk.face.next(talk.state, at: Tick(now)) {
        #expect(bytes[2] == 0x95)
        moments.append(now)
      }
    }
    // 50 to 80 ms, then 13 bytes of ten bits each at 9600 bit/s.
    #expect(moments.count == 16)
    #expect((64...94).contains(moments.first ?? 0))
    #expect((moments.last ?? 0) - (moments.first ?? 0) == 15 * 14)
  }

  @Test func fillersAreHeardAndStrayBytesPassedOver() {
    var talk = talk()
    let filler = [UInt8](repeating: 0xAA, count: 8)
    #expect(talk.ask([0x0A] + request(0x90, filler) + [0x0A]).count == 1)
    // Not for board 1: another board, no host, a wrong sum, another length.
    #expect(talk.ask(request(0x90, host: 0x41)).isEmpty)
    #expect(talk.ask(request(0x90, host: 0x01)).isEmpty)
    var broken = request(0x90)
    broken[12] ^= 1
    #expect(talk.ask(broken).isEmpty)
  }

  @Test func switchesFollowOrders() {
    var talk = talk()
    let off = talk.ask(hex("a540d9080000000000000000c6"))
    #expect(off.count == 1 && off[0][4] == 0)
    #expect(talk.face.orders.opensDischarge)
    #expect(talk.ask(hex("a540da080000000000000000c7"))[0][4] == 0)
    #expect(talk.face.orders.opensCharge)
    #expect(talk.ask(hex("a540d9080100000000000000c7"))[0][4] == 1)
    #expect(!talk.face.orders.opensDischarge && talk.face.orders.opensCharge)
    #expect(talk.ask(request(0xDA, [7, 0, 0, 0, 0, 0, 0, 0])).isEmpty)
    #expect(talk.face.orders.opensCharge)
  }

  @Test func takesClockAndCharge() {
    var talk = talk()
    // As the maker's program sent it: 2022-12-13 21:29:39, 30.0 %.
    let answer = talk.ask(hex("a5402108160c0d151d27012cc3"))
    #expect(answer.count == 1 && answer[0][4] == 1)
    #expect(talk.face.orders.soc == .percent(30))
    talk.now = talk.now + 2 * 86_400_000 + 9 * 3_600_000
    // Asked within a second of the order, two days and nine hours later.
    let clock = talk.ask(request(0x61))
    #expect(Array(clock[0][4..<9]) == [22, 12, 16, 6, 29])
    talk.face.orders.soc = nil
    let refused = talk.ask(request(0x21, [22, 12, 13, 21, 29, 39, 0x03, 0xE9]))
    #expect(refused[0][4] == 0)
    #expect(talk.face.orders.soc == nil)
  }

  @Test func isDeafWhileItRestarts() {
    var talk = talk()
    #expect(talk.ask(request(0x00)).isEmpty)
    #expect(talk.ask(request(0x90)).isEmpty)
    talk.now = talk.now + 1000
    #expect(talk.ask(request(0x90)).count == 1)
  }

  @Test func warnsFromTheFirstThreshold() {
    var talk = talk()
    talk.state = UnitState()
    for index in 0..<4 { talk.state.cells.append(.millivolts(index == 0 ? 3601 : 3300)) }
    talk.state.voltage = .millivolts(45000)
    talk.state.soc = .percent(9)
    talk.state.current = .amperes(101)
    talk.state.temperatures.append(.degrees(51))
    talk.state.temperatures.append(.degrees(4))
    let question = request(0x98)
    let reading = Dialect.dalyA5(DialectOptions()).explain(question, talk.ask(question)).whole
      .reading
    #expect(reading.alarms.isEmpty)
    #expect(
      reading.warnings
        == .of(
          .cellOvervoltage, .cellImbalance, .socLow, .chargeOvercurrent, .chargeOvertemperature,
          .chargeUndertemperature, .temperatureDifference))
    talk.state.cells = Cells()
    talk.state.cells.append(.millivolts(2699))
    talk.state.voltage = .millivolts(43000)
    talk.state.soc = .percent(50)
    talk.state.current = .amperes(-101)
    talk.state.temperatures = Temperatures()
    talk.state.temperatures.append(.degrees(56))
    let other = Dialect.dalyA5(DialectOptions()).explain(question, talk.ask(question)).whole.reading
    #expect(
      other.warnings
        == .of(
          .cellUndervoltage, .packUndervoltage, .dischargeOvercurrent, .dischargeOvertemperature))
  }

  @Test func sleepsWithoutTrafficAndIsWoken() {
    var design = DalyDesign()
    design.wakesEmpty = true
    var talk = talk(design)
    talk.state.current = .zero
    #expect(talk.ask(request(0x90)).count == 1)
    talk.now = talk.now + 3_600_000
    // It sends back what it was sent, at once.
    let before = talk.now
    talk.face.received(request(0x90).span, talk.state, at: talk.now)
    #expect(talk.face.deadline - before <= 20)
    #expect(talk.ask([]) == [request(0x90)])
    // Awake it first does not know its charge.
    let empty = talk.ask(request(0x90))
    #expect(empty.first?[1] == 1)
    #expect(empty.first?[10...11] == [0, 0])
    talk.now = talk.now + 1000
    #expect(talk.ask(request(0x90)).first?[10...11] != [0, 0])
  }

  @Test func onlyCurrentWakesItOnRS485() {
    var design = DalyDesign()
    design.wakesByTraffic = false
    design.sleepAfter = 60
    var talk = talk(design)
    talk.state.current = .zero
    #expect(talk.ask(request(0x90)).count == 1)
    talk.now = talk.now + 60_000
    for _ in 0..<3 { #expect(talk.ask(request(0x90)) == [request(0x90)]) }
    talk.state.current = .amperes(5)
    #expect(talk.ask(request(0x90)).first?[1] == 1)
  }

  @Test func theSessionWakesASleepingBoard() {
    var talk = talk()
    talk.state.current = .zero
    talk.face.quirks = .asleep
    talk.run(8000)
    #expect(talk.live.count > 2)
    for reading in talk.live {
      #expect(DalyFaceTests.truth.differences(reading, talk.state).isEmpty)
    }
  }

  @Test func lostFramesAndStrayBytesDoNoHarm() {
    for quirks in [.losingFrames, .straying, [.losingFrames, .straying]] as [TinyBMSQuirks] {
      var talk = talk()
      talk.face.quirks = quirks
      talk.run(60_000)
      #expect(talk.live.count > 5)
      for reading in talk.live {
        #expect(DalyFaceTests.truth.differences(reading, talk.state).isEmpty)
      }
    }
  }

  @Test func badSumsAndEndlessAnswersAreNotBelieved() {
    for quirks in [.wrongChecksum, .endless, .silent, .refusing] as [TinyBMSQuirks] {
      var talk = talk()
      talk.face.quirks = quirks
      talk.run(10_000)
      #expect(talk.readings.isEmpty)
      #expect(!talk.faults.isEmpty)
      talk.face.quirks = []
      talk.run(6000)
      #expect(talk.live.count >= 2)
    }
  }

  @Test(arguments: [1, 5, 13, 20]) func cutAnywhere(_ piece: Int) {
    var talk = talk()
    talk.piece = piece
    talk.run(5000)
    #expect(talk.faults.isEmpty)
    #expect(talk.live.count >= 2)
  }

  @Test func droppedBytesNeverMakeAWrongCell() {
    var talk = talk()
    talk.toUnit.dropped = 3
    talk.toSession.dropped = 3
    talk.run(120_000)
    #expect(talk.live.count > 10)
    for reading in talk.live {
      #expect(DalyFaceTests.truth.differences(reading, talk.state).isEmpty)
    }
  }
}
