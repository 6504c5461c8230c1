// SPDX-License-Identifier: Apache-2.0
import Battery
import Charging
import Gateway
import Quantities
import Simulation
import Testing
import Wire

@Suite("The whole control path on a simulated pack")
struct ClosedLoopTests {
  @Test("A full cycle each second, no gap within it over 50 ms, and none of the GX's own frames")
  func cycle() {
    var loop = ClosedLoop(.demo)
    loop.start()
    loop.run(5000)
    let start = loop.now
    loop.run(10_000)
    let frames = loop.sent.filter { $0.at >= start }
    #expect(!frames.contains { (0x305...0x307).contains($0.frame.id) })
    let ids = Set(frames.map(\.frame.id))
    // All nineteen frames of a battery, and nothing else.
    #expect(
      ids == [
        0x351, 0x355, 0x356, 0x35A, 0x35E, 0x35F, 0x370, 0x371, 0x372, 0x373, 0x374, 0x375, 0x376,
        0x377, 0x378, 0x379, 0x380, 0x381, 0x382,
      ])
    for id in ids where ![0x351, 0x35A].contains(id) {
      #expect(frames.count { $0.frame.id == id } == 10, "0x\(String(id, radix: 16))")
    }
  }

  @Test(
    "A protection reaches the bus in the very turn in which its reading came",
    arguments: [0, 37, 91, 140, 211] as [Int64])
  func protection(after delay: Int64) throws {
    var scenario = Scenario.demo
    scenario.faults = []
    var loop = ClosedLoop(scenario)
    loop.start()
    loop.run(10_000 + delay)
    let begin = loop.now
    loop.rig.begin(.hotSensor(0, celsius: 68), at: begin)
    loop.run(2000)
    let stop = try #require(
      loop.frames(0x351, since: begin).first { $0.frame.littleUInt16(at: 2) == 0 })
    // The unit measures each 100 ms and is polled each 250 ms.
    #expect(stop.at - begin <= 400)
    #expect(loop.deliveries.contains(stop.at), "sent \(stop.at), not when a reading came")
    #expect(loop.frames(0x35A, since: begin).contains { $0.at == stop.at })
    #expect(loop.frames(0x35A, since: stop.at).contains { $0.frame.payload[0] >> 6 == 1 })
    #expect(!loop.rig.view.isChargerOn || loop.rig.view.chargerCurrent == 0)
  }

  @Test(
    "The demo charges, tapers, floats, trips and recovers, and no cell passes its ceiling",
    arguments: [1, 2, 3] as [UInt64])
  func demo(seed: UInt64) throws {
    // Times are those of a real battery here: the bench runs as slowly as the gateway's clock.
    var loop = ClosedLoop(.demo, seed: seed) { $0.charging.absorptionDwell = 300_000 }
    loop.start()
    loop.run(75 * 60_000)
    #expect(loop.modes.first == .bulk)
    #expect(loop.modes.contains(.transition), "\(loop.modes)")
    #expect(loop.highestCell < 3.55, "highest cell \(loop.highestCell) V")
    let raised = loop.events.contains {
      if case .alarmRaised(.overtemperature) = $0 { true } else { false }
    }
    let cleared = loop.events.contains {
      if case .alarmCleared(.overtemperature) = $0 { true } else { false }
    }
    #expect(raised && cleared)
    for sent in loop.frames(0x351) { #expect(try #require(sent.frame.littleUInt16(at: 0)) <= 552) }
    #expect(loop.modes.count < 20, "it oscillates: \(loop.modes)")
  }

  @Test("What the inverter is told is what the battery is, within what its senses resolve")
  func truth() throws {
    var loop = ClosedLoop(.house, speed: 20)
    loop.start()
    loop.run(30_000)
    let told = try #require(loop.frames(0x356).last).frame
    let view = loop.rig.view
    #expect(abs(Double(try #require(told.littleInt16(at: 0))) / 100 - view.voltage) < 0.3)
    let cells = try #require(loop.frames(0x373).last).frame
    #expect(
      abs(Double(try #require(cells.littleUInt16(at: 2))) / 1000 - (view.cellVoltages.max() ?? 0))
        < 0.02)
  }
}
