// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

@testable import Simulation

/// What is read and written by hand, in and out of factory mode.
@Suite struct JBDMemoryTests {
  private func talk(_ design: JBDDesign = JBDDesign()) -> FaceTalk<JBDFace> {
    var state = UnitState.random(4, cells: 16, sensors: 2, alarms: [])
    state.alarms = .of(.cellOvervoltage)
    return FaceTalk(JBDFace(design), JBDFaceTests.dialect, state)
  }

  private func frame(_ action: UInt8, _ register: UInt8, _ data: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [0xDD, action, register, UInt8(data.count)] + data
    let sum = bytes[2...].reduce(0 as UInt16) { $0 &- UInt16($1) }
    bytes.appendBig(sum)
    return bytes + [0x77]
  }

  /// Status and data of the one answer.
  private func ask(
    _ talk: inout FaceTalk<JBDFace>, _ action: UInt8, _ register: UInt8, _ data: [UInt8] = []
  ) -> (status: UInt8, data: [UInt8]) {
    let answers = talk.ask(frame(action, register, data))
    guard answers.count == 1, answers[0].count >= 7, answers[0][1] == register else {
      return (0xFF, [])
    }
    return (answers[0][2], Array(answers[0][4..<answers[0].count - 3]))
  }

  private func read(_ talk: inout FaceTalk<JBDFace>, _ register: UInt8) -> (UInt8, [UInt8]) {
    ask(&talk, 0xA5, register)
  }

  private func write(
    _ talk: inout FaceTalk<JBDFace>, _ register: UInt8, _ data: [UInt8]
  ) -> UInt8 {
    ask(&talk, 0x5A, register, data).status
  }

  @Test func parametersAreRefusedOutsideFactoryMode() {
    var talk = talk()
    #expect(talk.ask(hex("dda52400ffdc77")) == [hex("dd248100ff7f77")])
    #expect(write(&talk, 0x24, [0x0E, 0x10]) == 0x81)
    #expect(write(&talk, 0xE0, [0, 100]) == 0x81)
    // Opened as the maker's app does it; the empty answer has the sum 0.
    #expect(talk.ask(hex("dd5a00025678ff3077")) == [hex("dd000000000077")])
    #expect(read(&talk, 0x24) == (0, [0x0E, 0x42]))
    #expect(write(&talk, 0x01, [0, 0]) == 0)
    #expect(read(&talk, 0x24) == (0x81, []))
  }

  @Test func whatIsSavedStaysAndWhatIsNotIsDropped() {
    var talk = talk()
    _ = write(&talk, 0x00, [0x56, 0x78])
    #expect(write(&talk, 0x24, [0x0E, 0x10]) == 0)
    #expect(read(&talk, 0x24) == (0, [0x0E, 0x10]))
    _ = write(&talk, 0x01, [0, 0])
    #expect(talk.face.memory[0x24] == 3650)
    _ = write(&talk, 0x00, [0x56, 0x78])
    _ = write(&talk, 0x24, [0x0E, 0x10])
    _ = write(&talk, 0x01, [0x28, 0x28])
    #expect(talk.face.memory[0x24] == 3600)
    _ = write(&talk, 0x00, [0x56, 0x78])
    #expect(read(&talk, 0x24) == (0, [0x0E, 0x10]))
  }

  @Test func everyParameterIsReadAndWritten() {
    var talk = talk()
    _ = write(&talk, 0x00, [0x56, 0x78])
    for register in JBDMemory.words where register != 0x17 {
      let (status, data) = read(&talk, register)
      #expect(status == 0 && data.count == 2, "\(Hex.byte(register))")
      let changed = data.span.bigUInt16(at: 0) ^ 1
      #expect(write(&talk, register, [UInt8(changed >> 8), UInt8(changed & 0xFF)]) == 0)
      let now = read(&talk, register).1
      #expect(now == [UInt8(changed >> 8), UInt8(changed & 0xFF)])
    }
    // The dialect's own rows read back as its units say.
    let question = frame(0xA5, 0x18, [])
    let value = JBDFaceTests.dialect.explain(question, talk.ask(question)).registers.first
    #expect(value.map { $0.row.steps($0.raw) } == 549)
  }

  @Test func impossibleValuesAreRefused() {
    var talk = talk()
    _ = write(&talk, 0x00, [0x56, 0x78])
    for (register, word) in [
      (0x24, 5001), (0x18, 2330), (0x18, 3932), (0x28, 0), (0x28, 0x8000), (0x29, 0x7FFF),
      (0x2B, 1001), (0x2F, 0), (0x2F, 33),
    ] as [(UInt8, UInt16)] {
      let before = talk.face.memory
      #expect(write(&talk, register, [UInt8(word >> 8), UInt8(word & 0xFF)]) == 0x81)
      #expect(talk.face.memory == before)
    }
    #expect(write(&talk, 0x24, [0x0E]) == 0x81)
    #expect(write(&talk, 0x24, [0x0E, 0x10, 0]) == 0x81)
    #expect(write(&talk, 0xE3, [0x43, 0x21]) == 0x80)
    #expect(read(&talk, 0xFA).0 == 0x80)
  }

  @Test func passwordsGuardFactoryMode() {
    var design = JBDDesign()
    design.password = [1, 2, 3, 4, 5, 6]
    var talk = talk(design)
    #expect(write(&talk, 0x00, [0x56, 0x78]) == 0x81)
    #expect(write(&talk, 0x06, [6, 0, 0, 0, 0, 0, 0]) == 0x83)
    #expect(write(&talk, 0x00, [0x56, 0x78]) == 0x81)
    #expect(write(&talk, 0x06, [6, 1, 2, 3, 4, 5, 6]) == 0)
    #expect(write(&talk, 0x00, [0x56, 0x79]) == 0x81)
    #expect(write(&talk, 0x00, [0x56, 0x78]) == 0)
    #expect(write(&talk, 0x07, [12, 1, 2, 3, 4, 5, 6, 9, 9, 9, 9, 9, 9]) == 0)
    _ = write(&talk, 0x01, [0, 0])
    #expect(write(&talk, 0x06, [6, 1, 2, 3, 4, 5, 6]) == 0x83)
    #expect(write(&talk, 0x06, [6, 9, 9, 9, 9, 9, 9]) == 0)
    #expect(write(&talk, 0x09, [6] + Array("J1B2D5".utf8)) == 0x83)
    #expect(write(&talk, 0x09, [6] + Array("J1B2D4".utf8)) == 0)
    _ = write(&talk, 0x01, [0, 0])
    #expect(write(&talk, 0x00, [0x56, 0x78]) == 0)
  }

  @Test func switchesAndBalancingFollowOrders() {
    var talk = talk()
    // Without factory mode, as the app does it.
    #expect(talk.ask(frame(0x5A, 0xE1, [0, 3])) == [hex("dde10000000077")])
    #expect(talk.face.orders.opensCharge && talk.face.orders.opensDischarge)
    let basic = frame(0xA5, 0x03, [])
    let locked = JBDFaceTests.dialect.explain(basic, talk.ask(basic)).whole.reading
    #expect(locked.alarms == .of(.cellOvervoltage, .softwareMosfetLock))
    #expect(write(&talk, 0xE1, [0, 1]) == 0)
    #expect(talk.face.orders.opensCharge && !talk.face.orders.opensDischarge)
    #expect(write(&talk, 0xE1, [0, 0]) == 0)
    #expect(!talk.face.orders.opensCharge)
    #expect(write(&talk, 0xE1, [0, 4]) == 0x81)
    // Bit 2 of the functions balances, and holds though the mode is left without saving.
    _ = write(&talk, 0x00, [0x56, 0x78])
    #expect(write(&talk, 0x2D, [0, 2]) == 0)
    _ = write(&talk, 0x01, [0, 0])
    #expect(talk.face.orders.stopsBalancing && talk.face.memory[0x2D] == 2)
    _ = write(&talk, 0x00, [0x56, 0x78])
    #expect(write(&talk, 0x2D, [0, 6]) == 0)
    #expect(!talk.face.orders.stopsBalancing)
    #expect(write(&talk, 0xE2, [0, 3]) == 0)
    #expect(talk.face.orders.stopsBalancing)
  }

  @Test func chargeAndCyclesAreSet() {
    var talk = talk()
    talk.state.full = .ampereHours(200)
    talk.state.cycles = 40
    _ = write(&talk, 0x00, [0x56, 0x78])
    #expect(write(&talk, 0xE0, [0x13, 0x88]) == 0)
    #expect(talk.face.orders.soc == .percent(25))
    talk.face.orders.soc = nil
    #expect(write(&talk, 0xE0, [0x4E, 0x21]) == 0x81)
    #expect(talk.face.orders.soc == nil)
    #expect(write(&talk, 0x17, [0, 7]) == 0)
    #expect(read(&talk, 0x17) == (0, [0, 7]))
    talk.state.cycles = 42
    #expect(read(&talk, 0x17) == (0, [0, 9]))
  }

  @Test func textsAndCounters() {
    var talk = talk()
    #expect(read(&talk, 0xA0) == (0, [7] + Array("CELLBUS".utf8)))
    #expect(write(&talk, 0xA1, [2, 0x48, 0x69]) == 0x81)
    _ = write(&talk, 0x00, [0x56, 0x78])
    #expect(write(&talk, 0xA1, [2, 0x48, 0x69]) == 0)
    #expect(read(&talk, 0xA1) == (0, [2, 0x48, 0x69]))
    #expect(write(&talk, 0xA1, [3, 0x48, 0x69]) == 0x81)
    #expect(write(&talk, 0xA1, [0]) == 0)
    #expect(read(&talk, 0xA1) == (0, [0]))
    // One cell over-voltage since it was switched on; counters are forgotten by saving.
    #expect(read(&talk, 0xAA).1[6...7] == [0, 1])
    talk.state.alarms = []
    _ = talk.ask([])
    talk.state.alarms = .of(.cellOvervoltage, .shortCircuit)
    _ = talk.ask([])
    #expect(read(&talk, 0xAA).1[0...7] == [0, 1, 0, 0, 0, 0, 0, 2])
    _ = write(&talk, 0x01, [0x28, 0x28])
    #expect(read(&talk, 0xAA).1 == [UInt8](repeating: 0, count: 24))
  }
}
