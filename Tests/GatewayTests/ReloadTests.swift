// SPDX-License-Identifier: Apache-2.0
import Battery
import Charging
import Dialects
import Gateway
import Inverters
import Quantities
import Simulation
import Testing
import Wire

@Suite("Other settings while a battery drives its inverters, in time that the test makes pass")
struct ReloadTests {
  /// The inverters of a loop by other settings.
  private func inverters(
    _ profiles: [String], _ change: (inout InverterSettings) -> Void = { _ in }
  ) -> [InverterSettings] {
    profiles.map { profile in
      var inverter = InverterSettings(name: profile, battery: "test", link: .file(profile))
      inverter.profile = profile
      change(&inverter)
      return inverter
    }
  }

  /// Whether the same frames went out at the same moments.
  private func isSame(_ a: [ClosedLoop.Sent], _ b: [ClosedLoop.Sent]) -> Bool {
    a.map(\.frame) == b.map(\.frame) && a.map(\.at) == b.map(\.at)
  }

  /// The longest pause between two frames of an identifier, in milliseconds.
  private func longestPause(_ sent: [ClosedLoop.Sent]) -> Int64 {
    zip(sent.dropFirst(), sent).map { $0.at - $1.at }.max() ?? .max
  }

  @Test("Fifty reloads that change nothing change no byte on the bus and no moment of it")
  func nothingChanges() {
    var (loop, twin) = (ClosedLoop(.demo), ClosedLoop(.demo))
    loop.start()
    twin.start()
    for _ in 0..<50 {
      loop.run(777)
      twin.run(777)
      loop.controller?.reconfigure(
        battery: loop.battery, inverters: inverters(["victron"]), at: loop.now)
    }
    #expect(loop.sent.count > 400)
    #expect(isSame(loop.sent, twin.sent))
    #expect(loop.controller?.statistics.requests == twin.controller?.statistics.requests)
  }

  @Test(
    "Other charge settings are obeyed by the same conversation; nothing pauses, nothing is made up")
  func charging() throws {
    var loop = ClosedLoop(.demo)
    loop.start()
    loop.run(60_000)
    let readings = try #require(loop.controller?.liveReadings)
    let changedAt = loop.now
    var battery = loop.battery
    battery.charging.maxChargeCurrent = .amperes(20)
    loop.controller?.reconfigure(
      battery: battery, inverters: inverters(["victron"]), at: loop.now)
    loop.run(5000)
    let limits = loop.frames(0x351)
    #expect(longestPause(limits) <= 1200)
    for sent in limits where sent.at > changedAt + 50 {
      #expect(try #require(sent.frame.littleUInt16(at: 2)) <= 200)
    }
    #expect(try #require(loop.controller?.liveReadings) >= readings + 15)
    #expect(loop.stages == [.fresh] && loop.controller?.freshness == .fresh)
    #expect(loop.events.allSatisfy { if case .mode(_, from: .some) = $0 { false } else { true } })
  }

  @Test(
    "An inverter by other settings goes on without missing a second, the one beside it untouched",
    arguments: ["victron", "pylontech-1.2", "sma"])
  func inverter(profile: String) throws {
    var loop = ClosedLoop(.demo)
    loop.profiles = ["victron", profile]
    loop.start()
    loop.run(30_000)
    var twin = loop
    for round in 0..<20 {
      loop.run(1333)
      twin.run(1333)
      var changed = inverters(loop.profiles)
      changed[1].period = round % 2 == 0 ? 500 : 1000
      changed[1].model = "round \(round)"
      loop.controller?.reconfigure(
        battery: loop.battery, inverters: changed, at: loop.now)
    }
    let gap = (InverterProfile.named(profile) ?? .victron).repeatGap
    for id in [UInt32(0x351), 0x356] {
      let sent = loop.frames(id).filter { $0.output == 1 }
      #expect(longestPause(sent) <= 1200, "0x\(String(id, radix: 16))")
      #expect(zip(sent.dropFirst(), sent).allSatisfy { $0.at - $1.at >= gap })
    }
    let (mine, his) = (loop.sent.filter { $0.output == 0 }, twin.sent.filter { $0.output == 0 })
    #expect(isSame(mine, his))
  }

  @Test("An inverter that comes is told at once, and one that goes leaves the others their places")
  func comesAndGoes() throws {
    var loop = ClosedLoop(.demo)
    loop.profiles = ["victron"]
    loop.start()
    loop.run(10_000)
    let came = loop.now
    loop.controller?.reconfigure(
      battery: loop.battery, inverters: inverters(["pylontech-1.2", "victron"]), at: loop.now)
    loop.run(5000)
    let first = try #require(loop.frames(0x359, since: came).first { $0.output == 0 })
    #expect(first.at - came < 1000)
    let victron = loop.frames(0x35A, since: came).filter { $0.output == 1 }
    #expect(victron.count >= 4, "the Victron goes on as the second")
    loop.controller?.reconfigure(
      battery: loop.battery, inverters: inverters(["victron"]), at: loop.now)
    let gone = loop.now
    loop.run(3000)
    #expect(loop.sent.allSatisfy { $0.at < gone || $0.output == 0 })
    #expect(!loop.frames(0x351, since: gone).isEmpty)
  }

  @Test("A battery that was lost is not fresh because settings are read")
  func lost() {
    var loop = ClosedLoop(.demo)
    loop.start()
    loop.run(10_000)
    loop.rig.begin(.silent, at: loop.now)
    loop.run(70_000)
    #expect(loop.controller?.freshness == .lost)
    let lostAt = loop.now
    var battery = loop.battery
    battery.charging.maxChargeCurrent = .amperes(20)
    battery.pollPeriod = 500
    loop.controller?.reconfigure(
      battery: battery, inverters: inverters(["victron"]) { $0.period = 500 }, at: loop.now)
    loop.run(10_000)
    #expect(loop.sent.allSatisfy { $0.at <= lostAt } && loop.controller?.limits == nil)
  }

  @Test("Other ages and another pace of polling are obeyed from the next reading on")
  func ages() throws {
    var loop = ClosedLoop(.demo)
    loop.start()
    loop.run(10_000)
    var battery = loop.battery
    battery.pollPeriod = 1000
    battery.stale = 20_000
    battery.aging = 5000
    loop.controller?.reconfigure(
      battery: battery, inverters: inverters(["victron"]), at: loop.now)
    let before = try #require(loop.controller?.liveReadings)
    loop.run(10_000)
    let more = try #require(loop.controller?.liveReadings) - before
    #expect(more >= 9 && more <= 12)
    loop.rig.begin(.silent, at: loop.now)
    loop.run(8000)
    #expect(loop.controller?.freshness == .stale)
    loop.run(15_000)
    #expect(loop.controller?.freshness == .lost)
  }

  @Test("Energy is not counted over a gap that the new ages call too long")
  func gaps() throws {
    var (loop, twin) = (ClosedLoop(.demo), ClosedLoop(.demo))
    loop.start()
    twin.start()
    var battery = loop.battery
    battery.aging = 3000
    loop.controller?.reconfigure(
      battery: battery, inverters: inverters(["victron"]), at: loop.now)
    func energy(_ loop: inout ClosedLoop) -> Int64 {
      loop.run(20_000)
      loop.rig.begin(.silent, at: loop.now)
      loop.run(6000)
      loop.rig.endFaults(at: loop.now)
      loop.run(3000)
      let reading = loop.controller?.snapshot.reading
      return (reading?[.energyCharged] ?? 0) + (reading?[.energyDischarged] ?? 0)
    }
    let (less, more) = (energy(&loop), energy(&twin))
    #expect(less > 0 && less < more)
  }

  @Test("What is different in two settings is said in a few words")
  func changes() {
    var old = Settings()
    old.batteries = [ClosedLoop(.demo).battery]
    old.inverters = inverters(["victron", "sma"])
    #expect(old.changes(to: old).isEmpty)
    var new = old
    new.batteries[0].charging.maxChargeCurrent = .amperes(1)
    new.inverters = inverters(["victron", "pylontech-1.2"])
    new.history.path = nil
    #expect(
      old.changes(to: new) == [
        "battery test changed", "inverter sma removed", "inverter pylontech-1.2 added",
        "history changed",
      ])
  }
}
