// SPDX-License-Identifier: Apache-2.0
import Battery
import Gateway
import Inverters
import Quantities
import Simulation
import Testing
import Wire

@Suite("Inverters of several languages at once")
struct ProfilesTests {
  private static let names = InverterProfile.all.map { "\($0.name)" }

  private func loop() -> ClosedLoop {
    var scenario = Scenario.demo
    scenario.faults = []
    var loop = ClosedLoop(scenario)
    loop.profiles = Self.names
    loop.start()
    return loop
  }

  @Test("Each bus carries its own frames alone, and all are told the same limits")
  func buses() throws {
    var loop = loop()
    loop.run(20_000)
    #expect(loop.rig.view.gx == .running)
    for (output, profile) in InverterProfile.all.enumerated() {
      let frames = loop.sent.filter { $0.output == output }.map(\.frame)
      let own = Set(profile.frames.filter { $0.until != nil }.map(\.id))
      #expect(own.isSuperset(of: frames.map(\.id)))
      for id in profile.urgent { #expect(frames.contains { $0.id == id }) }
      var said = InverterReading()
      for frame in frames { try profile.decode(frame, into: &said) }
      #expect(said.reading.identity.manufacturer == Label("\(profile.manufacturer)".utf8))
      let limits = try #require(loop.controller?.limits)
      let told = try #require(said.reading[.chargeVoltageLimit])
      #expect(told <= limits.chargeVoltage.value.raw + 100)
      #expect(said.reading[.chargeCurrentLimit] ?? 0 > 0)
    }
  }

  @Test("A silent battery goes through the stages on every bus")
  func silence() throws {
    var loop = loop()
    loop.run(10_000)
    let silentAt = loop.now
    loop.rig.begin(.silent, at: silentAt)
    loop.run(40_000)
    #expect(loop.controller?.freshness == .stale)
    for (output, profile) in InverterProfile.all.enumerated() {
      let late = loop.sent.filter { $0.output == output && $0.at >= silentAt + 13_000 }
      #expect(late.allSatisfy { ![0x355, 0x356, 0x373].contains($0.frame.id) })
      var said = InverterReading()
      for sent in late { try profile.decode(sent.frame, into: &said) }
      #expect(said.reading[.chargeCurrentLimit] == 0)
      #expect((said.reading[.dischargeCurrentLimit] ?? 0) > 0)
      #expect(said.reading.alarms == [])
      #expect(said.reading.warnings.has(.internalFault))
      if let enabled = said.reading[.chargeEnabled] { #expect(enabled == 0) }
      if let enabled = said.reading[.dischargeEnabled] { #expect(enabled == 1) }
    }
    loop.run(40_000)
    let lostAt = loop.now
    loop.run(5_000)
    #expect(loop.sent.allSatisfy { $0.at < lostAt })
  }

  @Test("The last word is a stale cycle of each language, after a pause where one is asked for")
  func farewell() throws {
    var loop = loop()
    loop.run(10_000)
    var controller = try #require(loop.controller)
    let words = controller.farewell(at: loop.now)
    #expect(words.count == Self.names.count)
    for (output, (word, profile)) in zip(words, InverterProfile.all).enumerated() {
      let stale = profile.frames.filter { $0.isSent(in: .stale) }.map(\.id)
      #expect(!word.isEmpty && Set(stale).isSuperset(of: word.map(\.id)))
      #expect(controller.farewellPause(output: output) == profile.repeatGap)
    }
  }
}
