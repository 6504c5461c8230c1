// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

@testable import Simulation

/// What the dialects of JK boards read of simulated ones is what those know of their pack.
struct JKFaceTests {
  /// A form of board with what its frames tell.
  struct Form: Sendable, CustomTestStringConvertible {
    let name: String
    let design: JKDesign
    let fineness: JKFineness
    var testDescription: String { name }

    static let all: [Form] = {
      var pb = JKDesign()
      pb.hasMoreSensors = true
      pb.piece = 244
      var first = JKFineness(cell: 1)
      first.untold = [
        .current, .soc, .soh, .remaining, .full, .cycles, .chargeEnabled, .dischargeEnabled,
        .mosfetTemperature, .temperatureMax,
      ]
      var other = JKDesign(.cells24)
      other.piece = 128
      return [
        Form(name: "32 cells", design: JKDesign(), fineness: JKFineness()),
        Form(name: "PB", design: pb, fineness: JKFineness()),
        Form(name: "24 cells", design: other, fineness: JKFineness()),
        Form(name: "the first", design: JKDesign(.first), fineness: first),
      ]
    }()
  }

  @Test(arguments: Form.all)
  func bluetoothTellsWhatTheBoardKnows(_ form: Form) {
    var talk = JKTalk(.jkBLE(DialectOptions()), JKBLEFace(form.design))
    talk.isOf = form.fineness.mismatch
    talk.run(until: 60_000)
    #expect(talk.wrong.isEmpty, "\(talk.wrong.prefix(3))")
    #expect(talk.faults.isEmpty && talk.live.count > 100)
    #expect(talk.snapshot.reading.cutoffs.cellUndervoltage != nil)
    #expect(talk.snapshot.reading.identity.model != nil)
    #expect(
      talk.live.last?.reading.temperatures.count
        == (form.name == "PB" ? 4 : form.name == "the first" ? 0 : 2))
  }

  /// With eight bits of checksum a damaged frame may pass: never one that no battery can be like.
  @Test(arguments: Form.all)
  func bluetoothKeepsItsSensesOnABadLink(_ form: Form) {
    var talk = JKTalk(
      .jkBLE(DialectOptions()), JKBLEFace(form.design),
      [
        FaultWindow(.garbled(permille: 2), from: 5000, to: 60_000),
        FaultWindow(.droppedBytes(permille: 2), from: 30_000, to: 90_000),
      ])
    talk.isOf = form.fineness.mismatch
    talk.run(until: 120_000)
    #expect(talk.wrong.count <= 3, "\(talk.wrong)")
    #expect(talk.live.count > 80)
    #expect(talk.live.contains { $0.at > Tick(110_000) })
    for (_, reading) in talk.live {
      #expect(reading.cells.count == 16)
      for index in 0..<reading.cells.count {
        #expect((3000...55_000).contains(reading.cells[index].raw))
      }
      let difference = reading.cells.sum.raw - (reading.voltage?.raw ?? 0)
      #expect(difference.magnitude < 3500)
    }
  }

  @Test(arguments: [true, false], [true, false])
  func theDisplayPortTellsWhatTheBoardKnows(_ hasSignBit: Bool, _ isBad: Bool) {
    var design = JKDesign()
    design.hasSignBit = hasSignBit
    var fineness = JKFineness(voltage: 10, current: 10, degree: 100)
    fineness.untold = [.soh, .remaining, .full]
    let faults =
      isBad ? [FaultWindow(.garbled(permille: 3)), FaultWindow(.droppedBytes(permille: 2))] : []
    var talk = JKTalk(.jkUART(DialectOptions()), JKUARTFace(design), faults)
    talk.isOf = fineness.mismatch
    talk.run(until: 60_000)
    #expect(talk.wrong.isEmpty, "\(talk.wrong.prefix(3))")
    #expect(talk.live.count > (isBad ? 10 : 100))
    #expect(talk.faults.isEmpty || isBad)
    #expect(talk.snapshot.reading.cutoffs.cellOvervoltage == .millivolts(3650))
    #expect(talk.snapshot.reading[.nominal] == 100_000)
  }

  @Test(arguments: [true, false])
  func triggersTellWhatTheBoardKnows(_ isBad: Bool) {
    var design = JKDesign()
    design.address = 3
    var options = DialectOptions()
    options.address = 3
    let faults = isBad ? [FaultWindow(.droppedBytes(permille: 2))] : []
    var talk = JKTalk(.jkPB(options), JKPBFace(design), faults)
    talk.isOf = JKFineness().mismatch
    talk.run(until: 60_000)
    #expect(talk.wrong.isEmpty, "\(talk.wrong.prefix(3))")
    #expect(talk.live.count > (isBad ? 10 : 80))
    #expect(talk.snapshot.reading.cutoffs.cellOvervoltage == .millivolts(3650))
    // A board with another number stays silent.
    var other = JKTalk(.jkPB(DialectOptions()), JKPBFace(design))
    other.run(until: 5000)
    #expect(other.live.isEmpty && !other.faults.isEmpty)
  }

  @Test(arguments: [true, false], [UInt8(0), 2])
  func canTellsWhatTheBoardKnows(_ sendsCells: Bool, _ address: UInt8) {
    var design = JKDesign()
    design.sendsCells = sendsCells
    design.address = address
    design.invertsCurrent = address == 2
    var options = DialectOptions()
    options.address = address
    options.invertsCurrent = address == 2
    var fineness = JKFineness(voltage: 100, current: 100, degree: 100, charge: 100)
    fineness.isMixed = true
    if !sendsCells {
      fineness.untold = [
        .cellCount, .soh, .remaining, .full, .cycles, .chargeEnabled, .dischargeEnabled,
        .balancing, .mosfetTemperature, .temperatureMax,
      ]
    }
    var talk = JKTalk(.jkCAN(options), JKCANFace(design))
    talk.isOf = fineness.mismatch
    talk.run(until: 60_000)
    // The first pictures may come before the board has told all that it tells more rarely.
    let late = talk.wrong.filter { !$0.hasPrefix("0 ms") }
    #expect(late.isEmpty, "\(late.prefix(3))")
    #expect(talk.live.count > 50)
  }

  @Test func switchesAreOrderedByBluetooth() throws {
    var talk = JKTalk(.jkBLE(DialectOptions()), JKBLEFace())
    talk.run(until: 5000)
    #expect(talk.rig.rig.state.isDischargeOn)
    let write = try JKWrite("discharge_switch", 0, knowing: talk.session.facts)
    talk.session.enqueue(write.request)
    talk.run(until: 8000)
    #expect(talk.rig.face.orders.opensDischarge)
    #expect(talk.live.last?.reading[.dischargeEnabled] == 0)
  }
}
