// SPDX-License-Identifier: Apache-2.0
import Battery
import Dialects
import Gateway
import Quantities
import Simulation
import Testing
import Wire

@Suite("A battery that falls silent, as the inverter sees it")
struct StageTests {
  /// Frames that carry measured values (victron-can.md, stages).
  private let measured: [UInt32] = [0x355, 0x356, 0x373]

  @Test("Fresh, aging, stale, lost and back: stage by stage on the bus of a simulated GX")
  func silence() throws {
    var scenario = Scenario.demo
    scenario.faults = []
    var loop = ClosedLoop(scenario)
    loop.start()
    loop.run(20_000)
    #expect(loop.rig.view.gx == .running)
    let before = try #require(loop.frames(0x351).last).frame
    let ccl = try #require(before.littleUInt16(at: 2))
    let cvl = try #require(before.littleUInt16(at: 0))
    #expect(ccl > 0)

    let silentAt = loop.now
    loop.rig.begin(.silent, at: silentAt)

    // Aging from 2 s on: everything is still sent and no limit rises.
    loop.run(9500)
    #expect(loop.controller?.freshness == .aging)
    #expect(!loop.frames(0x356, since: silentAt + 5000).isEmpty)
    for sent in loop.frames(0x351, since: silentAt + 2500) {
      #expect(try #require(sent.frame.littleUInt16(at: 0)) <= cvl)
      #expect(try #require(sent.frame.littleUInt16(at: 2)) <= ccl)
    }

    // Stale from 10 s on: CVL at float, CCL 0, DCL held; measured values withheld; BMS internal as a warning.
    loop.run(3000)
    #expect(loop.controller?.freshness == .stale)
    let staleAt = loop.now
    loop.run(20_000)
    let stale = try #require(loop.frames(0x351, since: staleAt).last).frame
    #expect(stale.littleUInt16(at: 0) == 540)
    #expect(stale.littleUInt16(at: 2) == 0)
    #expect(stale.littleUInt16(at: 4) == before.littleUInt16(at: 4))
    for id in measured {
      #expect(loop.frames(id, since: staleAt).isEmpty, "0x\(String(id, radix: 16)) is still sent")
    }
    let alarms = try #require(loop.frames(0x35A, since: staleAt).last).frame
    #expect(alarms.payload[6] >> 6 == 1)
    #expect(alarms.payload[2] >> 6 != 1)
    #expect(loop.rig.view.gx == .chargeDisabled)
    #expect(loop.rig.view.chargerCurrent == 0)

    // Lost from 60 s on: silence, so that the inverter's own dead-man acts.
    loop.run(31_000)
    #expect(loop.controller?.freshness == .lost)
    let lostAt = loop.now
    loop.run(10_000)
    #expect(loop.sent.allSatisfy { $0.at < lostAt })
    #expect(loop.rig.view.gx == .bmsLost)

    // The cause is gone: it heals by itself.
    loop.rig.endFaults(at: loop.now)
    loop.run(5000)
    #expect(loop.controller?.freshness == .fresh)
    #expect(loop.rig.view.gx == .running || loop.rig.view.gx == .chargeDisabled)
    loop.run(60_000)
    #expect(loop.rig.view.gx == .running)
    #expect(loop.stages == [.fresh, .aging, .stale, .lost, .fresh])
  }

  @Test("A battery that answers everything but its live values is not alive")
  func onlySettings() {
    var scenario = Scenario.demo
    scenario.faults = []
    var loop = ClosedLoop(scenario)
    loop.start()
    loop.run(10_000)
    let before = loop.controller?.statistics.replies ?? 0
    // The reply to the live block: 54 registers by function 03.
    loop.loses = { $0.starts(with: [0xAA, 0x03, 108]) }
    loop.run(30_000)
    #expect((loop.controller?.statistics.replies ?? 0) > before + 3, "nothing else was answered")
    #expect(loop.controller?.freshness == .stale)
    #expect(loop.rig.view.gx == .chargeDisabled)
  }

  @Test("No frame before the battery has told its own cutoffs and a fresh reading")
  func nothingMadeUp() {
    var scenario = Scenario.demo
    scenario.faults = [FaultWindow(.silent)]
    var loop = ClosedLoop(scenario)
    loop.start()
    loop.run(30_000)
    #expect(loop.sent.isEmpty)
    #expect(loop.controller?.limits == nil)
  }

  @Test("A discharge limit of zero and a charge voltage of zero are never sent for want of data")
  func neverZero() throws {
    for fault in [
      SimulatedFault.silent, .garbled(permille: 20), .droppedBytes(permille: 300), .wrongChecksum,
      .endless,
    ] {
      var scenario = Scenario.demo
      scenario.faults = [FaultWindow(fault, from: 10_000, to: 40_000)]
      var loop = ClosedLoop(scenario)
      loop.start()
      loop.run(50_000)
      let limits = loop.frames(0x351)
      #expect(limits.count > 20)
      for sent in limits {
        #expect(try #require(sent.frame.littleUInt16(at: 0)) > 0)
        #expect(try #require(sent.frame.littleUInt16(at: 4)) > 0, "\(fault.name)")
      }
    }
  }
}
