// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

@testable import Simulation

@Suite struct JBDFaceTests {
  static let alarms: [Alarm] = [
    .cellOvervoltage, .cellUndervoltage, .packOvervoltage, .packUndervoltage,
    .chargeOvertemperature, .chargeUndertemperature, .dischargeOvertemperature,
    .dischargeUndertemperature, .chargeOvercurrent, .dischargeOvercurrent, .shortCircuit,
    .afeFault, .chargeMosfetFault, .dischargeMosfetFault,
  ]
  static let truth = Truth(voltage: 10, current: 10, soc: 1_000_000, remaining: 10, full: 10)

  static let dialect = Dialect.jbd(DialectOptions())

  @Test(arguments: 1...12 as ClosedRange<UInt64>) func saysWhatTheStateSays(_ seed: UInt64) {
    let sizes = [(16, 2), (4, 0), (32, 6), (1, 1), (13, 3)]
    let size = sizes[Int(seed) % sizes.count]
    let state = UnitState.random(seed, cells: size.0, sensors: size.1, alarms: Self.alarms)
    var design = JBDDesign()
    design.hasTail = seed % 3 != 0
    design.isCoarse = seed % 4 == 0
    var truth = Self.truth
    if !design.hasTail { truth.full = nil }
    if design.isCoarse {
      truth.current = 100
      truth.remaining = 100
      truth.full = truth.full == nil ? nil : 100
    }
    var talk = FaceTalk(JBDFace(design, seed: seed), Self.dialect, state)
    talk.piece = 20
    talk.run(12_000)
    #expect(talk.live.count >= 8, "seed \(seed)")
    #expect(talk.faults.isEmpty, "\(talk.faults)")
    for reading in talk.live {
      #expect(truth.differences(reading, state).isEmpty, "seed \(seed)")
      #expect(reading[.cellCount] == Int64(size.0))
      #expect(reading[.nominal] == (design.isCoarse ? 1_000_000 : 100_000))
      #expect(reading.identity.firmware == Label("8.0"))
    }
    #expect(talk.snapshot.reading.identity.model == Label("JBD-SP16S020-L16S-100A"))
  }

  @Test func badAnswersAreNotBelieved() {
    for quirks in [.wrongChecksum, .endless, .silent, .refusing] as [TinyBMSQuirks] {
      let state = UnitState.random(2, cells: 16, sensors: 2, alarms: Self.alarms)
      var talk = FaceTalk(JBDFace(), Self.dialect, state)
      talk.face.quirks = quirks
      talk.run(10_000)
      #expect(talk.readings.isEmpty)
      #expect(!talk.faults.isEmpty)
      talk.face.quirks = []
      talk.run(6000)
      #expect(talk.live.count >= 2)
    }
  }

  @Test func strayBytesBlocksAndSleepDoNoHarm() {
    for quirks in [.straying, .broadcasting, .asleep, .losingFrames] as [TinyBMSQuirks] {
      let state = UnitState.random(3, cells: 32, sensors: 2, alarms: Self.alarms)
      var talk = FaceTalk(JBDFace(), Self.dialect, state)
      talk.face.quirks = quirks
      talk.run(20_000)
      #expect(talk.live.count >= 5, "\(quirks.rawValue)")
      for reading in talk.live { #expect(Self.truth.differences(reading, state).isEmpty) }
    }
  }

  @Test func theFirstRequestAfterSleepIsSwallowed() {
    let state = UnitState.random(3, cells: 4, sensors: 2, alarms: [])
    var talk = FaceTalk(JBDFace(), Self.dialect, state)
    talk.face.quirks = .asleep
    let question = hex("dda50300fffd77")
    #expect(talk.ask(question).isEmpty)
    talk.face.received(question.span, state, at: talk.now)
    #expect(talk.ask([]).isEmpty)
    talk.now = talk.now + 100
    talk.face.received(question.span, state, at: talk.now)
    #expect(talk.ask(question).count >= 1)
  }

  @Test func droppedAndTurnedBytesNeverMakeAWrongReading() {
    let state = UnitState.random(6, cells: 16, sensors: 2, alarms: Self.alarms)
    var talk = FaceTalk(JBDFace(), Self.dialect, state)
    talk.toUnit.dropped = 3
    talk.toSession.dropped = 3
    talk.toSession.garbled = 2
    talk.run(120_000)
    #expect(talk.live.count > 20)
    for reading in talk.live { #expect(Self.truth.differences(reading, state).isEmpty) }
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>) func packsOfTheUpSeriesSayWhatTheStateSays(
    _ seed: UInt64
  ) {
    let alarms: [Alarm] = [
      .cellOvervoltage, .cellUndervoltage, .packOvervoltage, .packUndervoltage,
      .chargeOvercurrent, .dischargeOvercurrent, .chargeOvertemperature, .chargeUndertemperature,
      .dischargeOvertemperature, .dischargeUndertemperature, .mosfetOvertemperature,
      .ambientOvertemperature, .undertemperature, .cellImbalance, .temperatureDifference, .socLow,
      .shortCircuit, .cellSenseFault, .temperatureSensorFault, .chargeMosfetFault,
      .dischargeMosfetFault, .internalFault, .afeFault,
    ]
    let state = UnitState.random(seed, cells: 8 + Int(seed), sensors: 4, alarms: alarms)
    var design = JBDUpFace.Design()
    design.address = UInt8(seed)
    var options = DialectOptions()
    options.address = UInt8(seed)
    var talk = FaceTalk(JBDUpFace(design, seed: seed), Dialect.jbdUp(options), state)
    talk.run(6000)
    #expect(talk.live.count >= 4)
    let truth = Truth(voltage: 10, current: 10, soc: 10_000, remaining: 10, full: 10)
    for reading in talk.live {
      #expect(truth.differences(reading, state).isEmpty, "seed \(seed)")
      #expect(reading[.soh] == Int64(state.health.raw))
      #expect(reading[.nominal] == 100_000)
      #expect(reading[.mosfetTemperature] == (Int64(state.board.raw) + 5) / 10 * 10)
      #expect(reading[.chargeCurrentLimit] == 100_000)
      #expect(reading[.chargeVoltageLimit] == Int64(state.cells.count * 3550 + 50) / 100 * 100)
      #expect(reading[.status] == Int64(DalyBoard.activity(state)))
      #expect(reading.identity.serial == Label("SIM0000000001"))
    }
    // Another pack's number is not answered.
    options.address = UInt8(seed) + 1
    var other = FaceTalk(JBDUpFace(design), Dialect.jbdUp(options), state)
    other.run(3000)
    #expect(other.readings.isEmpty)
  }
}
