// SPDX-License-Identifier: Apache-2.0
import Dialects
import Glibc
import Links
import Machine
import Quantities
import TestKit
import Testing
import Wire

@testable import Gateway

/// Recordings of a lane: its wire and its bus.
@Suite struct TrafficTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func events(_ name: String) -> [TrafficLine.Event] {
    var reader = TrafficReader([scratch(name)])
    var events: [TrafficLine.Event] = []
    while let item = try? reader.next() {
      if case .line(let line) = item.content { events.append(line.event) }
    }
    return events
  }

  @Test func recordingsBeginAndEndWhileTheWireIsOpen() throws {
    let pty = try Pty(link: scratch("tty"))
    let log = try Log(level: .error, isJournal: false)
    let reactor = try Reactor()
    var battery = BatterySettings(
      name: "pack", dialect: "tinybms", link: .serial(SerialSettings(path: scratch("tty"))))
    battery.traffic = TrafficSettings(path: scratch("first"))
    let inverter = InverterSettings(name: "gx", battery: "pack", link: .file(scratch("can")))
    let lane = Lane(
      battery: battery, inverters: [inverter],
      controller: Controller(dialect: .tinyBMS, battery: battery, inverters: [inverter]),
      reactor: reactor, log: log)
    /// Lets the lane ask until it has asked once more.
    func ask() throws {
      var asked: [UInt8] = []
      while asked.isEmpty {
        let wake = lane.run(at: MonotonicClock.now())
        _ = try reactor.turn(until: min(wake, MonotonicClock.now() + 20))
        _ = try pty.receive(into: &asked)
      }
    }
    try ask()
    lane.record(TrafficSettings(path: scratch("second")))
    // The same again changes nothing.
    let same = lane.link.log
    lane.record(TrafficSettings(path: scratch("second")))
    #expect(lane.link.log === same)
    try ask()
    lane.record(nil)
    try ask()
    lane.record(TrafficSettings(path: scratch("gx.log")), inverter: "other")
    #expect(lane.buses[0].link.log?.path == scratch("can"))
    lane.record(TrafficSettings(path: scratch("gx.log")), inverter: "gx")
    #expect(lane.buses[0].link.log?.path == scratch("gx.log"))
    lane.record(nil, inverter: "gx")
    #expect(lane.buses[0].link.log == nil)
    #expect(lane.link.counters.opens == 1)
    let wake = TinyBMS.Command.status.encode()
    #expect(waitUntil { events("first").first == .opened && events("first").count >= 2 })
    #expect(events("first").dropFirst().allSatisfy { $0 == .sent(wake) })
    #expect(waitUntil { !events("second").isEmpty })
    #expect(events("second").allSatisfy { $0 == .sent(wake) })
    lane.close()
    log.close()
  }

  @Test func whatWaitsIsWrittenAtTheEnd() throws {
    let pty = try Pty(link: scratch("tty"))
    let log = try Log(level: .error, isJournal: false)
    let reactor = try Reactor()
    var battery = BatterySettings(
      name: "pack", dialect: "tinybms", link: .serial(SerialSettings(path: scratch("tty"))))
    battery.traffic = TrafficSettings(path: scratch("log"))
    let lane = Lane(
      battery: battery, inverters: [],
      controller: Controller(dialect: .tinyBMS, battery: battery, inverters: []),
      reactor: reactor, log: log)
    _ = lane.run(at: MonotonicClock.now())
    lane.close()
    #expect(events("log") == [.opened, .sent(TinyBMS.Command.status.encode()), .closed])
    log.close()
    withExtendedLifetime(pty) {}
  }
}
