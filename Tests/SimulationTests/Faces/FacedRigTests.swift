// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import Testing
import Wire

@testable import Simulation

/// A face joined with the whole bench: what is ordered over the wire happens to the pack, and what goes
/// wrong on the line makes no wrong reading.
@Suite struct FacedRigTests {
  private static func scenario(_ faults: [FaultWindow] = []) -> Scenario {
    var scenario = Scenario.house
    scenario.control = .own
    scenario.faults = faults
    return scenario
  }

  /// Sends a request, lets a second pass and gives what came back.
  private func ask<Face: UnitFace>(
    _ rig: inout FacedRig<Face>, _ request: [UInt8], _ now: inout Tick
  ) -> [UInt8] {
    rig.serialReceived(request.span, at: now)
    var bytes: [UInt8] = []
    for _ in 0..<1000 {
      now = now + 1
      while case .send(let piece) = rig.serialNext(at: now) { bytes += piece }
    }
    return bytes
  }

  @Test func ordersReachThePack() {
    let scenario = Self.scenario()
    var now = Tick(0)
    var rig = FacedRig(
      Rig(scenario, seed: 3), face: DalyA5Face(settings: DalySettings(scenario)))
    let status = hex("a5409308000000000000000080")
    #expect(ask(&rig, status, &now)[6] == 1)
    _ = ask(&rig, hex("a540d9080000000000000000c6"), &now)
    #expect(ask(&rig, status, &now)[6] == 0)
    #expect(!rig.rig.state.isDischargeOn)
    _ = ask(&rig, hex("a540d9080100000000000000c7"), &now)
    #expect(rig.rig.state.isDischargeOn)
    _ = ask(&rig, hex("a5402108160c0d151d27012cc3"), &now)
    let soc = rig.rig.state.soc
    #expect(soc > .percent(29) && soc < .percent(31))
    #expect(rig.face.orders.soc == nil)
  }

  @Test func settingsAreThoseOfTheScenario() {
    let scenario = Self.scenario()
    let daly = DalySettings(scenario)
    #expect(daly.rated == 280_000)
    #expect(daly.cellHigh.protection == 3650 && daly.packHigh.protection == 584)
    #expect(daly.chargeCurrent.protection == 800 && daly.dischargeCurrent.protection == 1200)
    let memory = JBDMemory(scenario)
    #expect(memory[0x10] == 28_000 && memory[0x2F] == 16)
    #expect(memory[0x20] == 5840 && memory[0x22] == 4000 && memory[0x24] == 3650)
    #expect(memory[0x28] == 8000 && Int16(bitPattern: memory[0x29]) == -12_000)
    #expect(memory[0x18] == 3281 && memory[0x1A] == 2751)
    #expect(JBDMemory(scenario, isCoarse: true)[0x10] == 2800)
    #expect(JBDMemory(scenario, isCoarse: true)[0x2D] & 1 << 12 != 0)
  }

  @Test func aParameterOutlivesTheLinkAndAProtectionIsTold() {
    let scenario = Self.scenario([FaultWindow(.hotSensor(0, celsius: 70), from: 20_000)])
    var now = Tick(0)
    var rig = FacedRig(
      Rig(scenario, seed: 3), face: JBDFace(memory: JBDMemory(scenario)))
    _ = ask(&rig, hex("dd5a00025678ff3077"), &now)
    _ = ask(&rig, hex("dd5a24020e10ffbc77"), &now)
    _ = ask(&rig, hex("dd5a01022828ffad77"), &now)
    rig.connected(at: now)
    #expect(rig.face.memory[0x24] == 3600)
    for _ in 0..<60 { _ = ask(&rig, [], &now) }
    let basic = hex("dda50300fffd77")
    let reading = JBDFaceTests.dialect.explain(basic, [ask(&rig, basic, &now)]).whole.reading
    #expect(reading.alarms == .of(.chargeOvertemperature, .dischargeOvertemperature))
    #expect(reading[.chargeEnabled] == 0)
  }

  /// Every reading's cells were in the unit within the last second, whatever the line did.
  @Test(arguments: [1, 2] as [UInt64]) func noiseOnTheLineMakesNoWrongCell(_ seed: UInt64) {
    let scenario = Self.scenario([
      FaultWindow(.droppedBytes(permille: 4), to: 35_000),
      FaultWindow(.garbled(permille: 4), to: 35_000),
    ])
    var rig = FacedRig(
      Rig(scenario, seed: seed), face: JBDFace(memory: JBDMemory(scenario), seed: seed))
    var session = Session(JBDFaceTests.dialect)
    var recent: [[Int64]] = []
    var count = 0
    for milliseconds in 0..<40_000 as Range<Int64> {
      let now = Tick(milliseconds)
      while case .send(let bytes) = rig.serialNext(at: now) {
        session.received(bytes.span, at: now)
      }
      if milliseconds % 100 == 0 {
        let state = rig.rig.state
        recent.append((0..<16).map { (Int64(state.cells[$0].raw) + 5) / 10 })
        if recent.count > 10 { recent.removeFirst() }
      }
      steps: while true {
        switch session.next(at: now) {
        case .send(let bytes): rig.serialReceived(bytes.span, at: now)
        case .reading(let reading, let isLive):
          guard isLive else { continue }
          count += 1
          let cells = (0..<reading.cells.count).map { Int64(reading.cells[$0].raw) / 10 }
          #expect(recent.contains(cells), "seed \(seed), \(milliseconds) ms")
        case .answered, .fault: continue
        case .wait: break steps
        }
      }
    }
    #expect(count > 12, "seed \(seed): \(count)")
  }
}
