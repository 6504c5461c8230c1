// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

@testable import Simulation

@Suite struct DalyFaceTests {
  /// Alarms that the classic language has a bit for, of its own.
  static let alarms: [Alarm] = [
    .cellOvervoltage, .cellUndervoltage, .packOvervoltage, .packUndervoltage,
    .chargeOvertemperature, .chargeUndertemperature, .dischargeOvertemperature,
    .dischargeUndertemperature, .chargeOvercurrent, .dischargeOvercurrent, .socHigh, .socLow,
    .cellImbalance, .temperatureDifference, .mosfetOvertemperature, .chargeMosfetFault,
    .dischargeMosfetFault, .afeFault, .cellSenseFault, .temperatureSensorFault, .eepromFault,
    .rtcFault, .prechargeFault, .communicationFault, .currentSensorFault, .internalFault,
    .shortCircuit, .chargeInhibited,
  ]

  static let truth = Truth(temperatures: 100)

  @Test(arguments: 1...12 as ClosedRange<UInt64>) func saysWhatTheStateSays(_ seed: UInt64) {
    let sizes = [(16, 2), (4, 1), (48, 16), (1, 1), (13, 8), (32, 7)]
    let size = sizes[Int(seed) % sizes.count]
    let state = UnitState.random(seed, cells: size.0, sensors: size.1, alarms: Self.alarms)
    for options in Self.options {
      var design = DalyDesign()
      design.board = options.address ?? 1
      design.invertsCurrent = options.invertsCurrent
      design.filler = seed % 2 == 0 ? .stale : .ones
      var talk = FaceTalk(DalyA5Face(design, seed: seed), Dialect.dalyA5(options), state)
      talk.run(12_000)
      #expect(talk.live.count >= 3, "seed \(seed)")
      #expect(talk.faults.isEmpty, "\(talk.faults)")
      for reading in talk.live {
        #expect(Self.truth.differences(reading, state).isEmpty, "seed \(seed)")
        #expect(reading[.status] == Int64(DalyBoard.activity(state)))
        #expect(reading[.cellCount] == Int64(size.0))
      }
    }
  }

  private static let options: [DialectOptions] = {
    var other = DialectOptions()
    other.address = 7
    other.invertsCurrent = true
    return [DialectOptions(), other]
  }()

  @Test(arguments: 1...6 as ClosedRange<UInt64>) func saysTheSameOnCAN(_ seed: UInt64) {
    let state = UnitState.random(seed, cells: 16, sensors: 2, alarms: Self.alarms)
    var options = DialectOptions()
    options.address = UInt8(seed)
    var design = DalyDesign()
    design.board = UInt8(seed)
    design.filler = .ones
    var talk = FaceTalk(DalyCANFace(design), Dialect.dalyCAN(options), state)
    talk.run(5000)
    #expect(talk.live.count >= 3)
    #expect(talk.faults.isEmpty, "\(talk.faults)")
    for reading in talk.live { #expect(Self.truth.differences(reading, state).isEmpty) }
    // The inverter's frames stood between.
    #expect(talk.sent.contains { CANRecord.frame($0.span)?.isExtended == false })
  }

  @Test func anotherBoardIsSilentOnCAN() {
    let state = UnitState.random(1, cells: 4, sensors: 1, alarms: [])
    var options = DialectOptions()
    options.address = 2
    var talk = FaceTalk(DalyCANFace(), Dialect.dalyCAN(options), state)
    talk.run(3000)
    #expect(talk.readings.isEmpty)
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>) func streamsWhatTheStateSays(_ seed: UInt64) {
    let alarms: [Alarm] = [
      .cellOvervoltage, .cellUndervoltage, .packOvervoltage, .packUndervoltage, .cellImbalance,
      .chargeOvertemperature, .chargeUndertemperature, .dischargeOvertemperature,
      .dischargeUndertemperature, .temperatureDifference, .chargeOvercurrent, .dischargeOvercurrent,
      .socLow, .mosfetOvertemperature, .overtemperature, .shortCircuit, .communicationFault,
      .afeFault, .cellSenseFault, .internalFault, .currentSensorFault, .eepromFault, .rtcFault,
      .chargeMosfetFault, .dischargeMosfetFault, .prechargeFault,
    ]
    let state = UnitState.random(seed, cells: seed % 2 == 0 ? 16 : 23, sensors: 3, alarms: alarms)
    var talk = FaceTalk(DalyHKMSFace(), Dialect.dalyHKMS(DialectOptions()), state)
    talk.run(6000)
    #expect(talk.live.count >= 8)
    #expect(talk.faults.isEmpty, "\(talk.faults)")
    // Of the first picture the cells came before their number.
    let truth = Truth(temperatures: 100, tellsBalancing: false)
    for reading in talk.live.dropFirst() { #expect(truth.differences(reading, state).isEmpty) }
    #expect(
      talk.live.last.map { $0[.mosfetTemperature] }
        == Int64(state.board.raw).dividedRounding(by: 100) * 100)
    #expect(talk.live.last?[.balancing] == (state.cells.balancing == 0 ? 0 : 1))
  }

  @Test func fallsSilentWithoutKeepAlive() {
    let state = UnitState.random(3, cells: 4, sensors: 1, alarms: [])
    var face = DalyHKMSFace()
    #expect(face.next(state, at: Tick(0)) == .wait(until: .never))
    let alive = CANRecord.bytes(
      CANFrame(id: 0x0400_FF80, isExtended: true, [0, 0, 0, 0, 0, 0, 0, 0]))
    face.received(alive.span, state, at: Tick(100))
    var last = Tick(0)
    for now in 100..<5000 as Range<Int64> {
      while case .send = face.next(state, at: Tick(now)) { last = Tick(now) }
    }
    #expect(last > Tick(1500) && last < Tick(2100))
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>) func olderBoardsSayWhatTheStateSays(
    _ seed: UInt64
  ) {
    let state = UnitState.random(seed, cells: 3 + Int(seed), sensors: 2, alarms: [])
    let dialect = Dialect.dalySinowealth(DialectOptions())
    var talk = FaceTalk(DalySinowealthFace(seed: seed), dialect, state)
    talk.run(15_000)
    #expect(talk.live.count >= 3)
    let truth = Truth(
      voltage: 1, current: 1, soc: 1_000_000, full: 1, tellsSwitches: false, tellsBalancing: false,
      tellsAlarms: false)
    for reading in talk.live { #expect(truth.differences(reading, state).isEmpty) }
  }

  @Test func readsItsLimitsAndNames() {
    let state = UnitState.random(5, cells: 16, sensors: 2, alarms: [])
    var talk = FaceTalk(DalyA5Face(), Dialect.dalyA5(DialectOptions()), state)
    // Each of them must be seen twice: the checksum has 8 bits.
    talk.run(40_000)
    let reading = talk.snapshot.reading
    #expect(reading.cutoffs.cellOvervoltage == .millivolts(3650))
    #expect(reading.cutoffs.cellUndervoltage == .millivolts(2500))
    #expect(reading.cutoffs.chargeOvercurrent == .amperes(120))
    #expect(reading.cutoffs.overtemperature == .degrees(55))
    #expect(reading.cutoffs.chargeUndertemperature == .degrees(0))
    #expect(reading[.nominal] == 100_000)
    #expect(reading.identity.serial == Label("SIM0000000001"))
    #expect(reading.identity.firmware == Label("20220810-1.02T"))
    #expect(reading.identity.hardware == Label("DL-BMS-R32-01E"))
  }
}
