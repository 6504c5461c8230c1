// SPDX-License-Identifier: Apache-2.0
import Battery
import Dialects
import Gateway
import Inverters
import Quantities
import Simulation
import Testing
import Wire

@Suite("Starts, restarts and stops, as the inverter sees them")
struct RestartTests {
  @Test(
    "The first fresh 0x351 comes within 2 s, also from a battery that sleeps",
    arguments: [false, true])
  func start(sleeps: Bool) throws {
    var loop = ClosedLoop(.demo)
    if sleeps { loop.rig.begin(.asleep, for: 1, at: loop.now) }
    let start = loop.now
    loop.start()
    loop.run(3000)
    let first = try #require(loop.frames(0x351).first)
    #expect(first.at - start < 2000)
  }

  @Test("Fifty kills never look like a lost battery")
  func kills() {
    var loop = ClosedLoop(.demo)
    loop.start()
    loop.run(5000)
    for round in 0..<50 {
      loop.kill()
      // A service manager needs a moment to start the program again.
      loop.run(100 + Int64(round * 7))
      loop.start()
      loop.run(2500)
      #expect(loop.rig.view.gx == .running)
    }
    #expect(!loop.rig.gx.log.contains { $0.state == .bmsLost })
  }

  @Test(
    "A stop for good says one stale cycle: no charging, the discharge limit held, nothing measured")
  func farewell() throws {
    var loop = ClosedLoop(.demo)
    loop.start()
    loop.run(10_000)
    let last = try #require(loop.frames(0x351).last).frame
    let frames = try #require(loop.controller?.farewell(at: loop.now).first)
    let limits = try #require(frames.first { $0.id == 0x351 })
    #expect(limits.littleUInt16(at: 0) == 540)
    #expect(limits.littleUInt16(at: 2) == 0)
    #expect(limits.littleUInt16(at: 4) == last.littleUInt16(at: 4))
    #expect(!frames.contains { [0x355, 0x356, 0x373].contains($0.id) })
    #expect(Set(frames.map(\.id)).count == frames.count)
  }

  @Test("A stop before anything was ever told says nothing")
  func silentFarewell() {
    var loop = ClosedLoop(.demo)
    loop.start()
    #expect(loop.controller?.farewell(at: loop.now).allSatisfy(\.isEmpty) == true)
  }

  @Test("Energy counters go on from the last run and are told to nobody until they are known")
  func counters() throws {
    var loop = ClosedLoop(.demo)
    let inverter = InverterSettings(name: "gx", battery: "test", link: .file("none"))
    var controller = Controller(dialect: .tinyBMS, battery: loop.battery, inverters: [inverter])
    controller.linkOpened(at: loop.now)
    loop.controller = controller
    loop.run(5000)
    #expect(loop.frames(0x378).isEmpty)
    var counters = Controller.Counters()
    counters.energyCharged = .wattHours(123_400)
    loop.controller?.resume(counters)
    loop.run(3000)
    let frame = try #require(loop.frames(0x378).last).frame
    #expect(frame.littleUInt32(at: 0) == 1234)
    #expect(frame.littleUInt32(at: 4) == 0)
  }
}
