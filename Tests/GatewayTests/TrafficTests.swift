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
    var inverter = InverterSettings(name: "gx", battery: "pack", link: .file(scratch("can")))
    let bus = Bus(inverter)
    let lane = Lane(battery, buses: [bus], reactor: reactor, log: log)
    /// Lets the lane ask until it has asked once more.
    func ask() throws {
      var asked: [UInt8] = []
      while asked.isEmpty {
        lane.run(at: MonotonicClock.now())
        _ = try reactor.turn(until: min(lane.due, MonotonicClock.now() + 20))
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
    // A file that stands in the place of a bus is one of its own, whatever else is recorded.
    #expect(bus.link.log?.path == scratch("can"))
    inverter.traffic = TrafficSettings(path: scratch("gx.log"))
    #expect(bus.reconfigure(inverter) == nil && bus.link.log?.path == scratch("can"))
    #expect(lane.link.counters.opens == 1)
    let wake = TinyBMS.Command.status.encode()
    #expect(waitUntil { events("first").first == .opened && events("first").count >= 2 })
    #expect(events("first").dropFirst().allSatisfy { $0 == .sent(wake) })
    #expect(waitUntil { !events("second").isEmpty })
    #expect(events("second").allSatisfy { $0 == .sent(wake) })
    lane.close()
    lane.finishRecordings()
    log.close()
  }

  @Test func whatWaitsIsWrittenAtTheEnd() throws {
    let pty = try Pty(link: scratch("tty"))
    let log = try Log(level: .error, isJournal: false)
    let reactor = try Reactor()
    var battery = BatterySettings(
      name: "pack", dialect: "tinybms", link: .serial(SerialSettings(path: scratch("tty"))))
    battery.traffic = TrafficSettings(path: scratch("log"))
    let lane = Lane(battery, buses: [], reactor: reactor, log: log)
    lane.run(at: MonotonicClock.now())
    lane.close()
    lane.finishRecordings()
    #expect(events("log") == [.opened, .sent(TinyBMS.Command.status.encode()), .closed])
    log.close()
    withExtendedLifetime(pty) {}
  }
}
