// SPDX-License-Identifier: Apache-2.0
import Battery
import Dialects
import Glibc
import Links
import Machine
import Quantities
import TestKit
import Testing

@testable import Gateway

@Suite("A battery behind a network, as the whole control path meets it")
struct NetworkTests {
  /// A running gateway and its battery, and every value that was ever shown.
  private final class Stand {
    let battery: TCPBattery
    let views = Mailbox<GatewayView>()
    let loop: ControlLoop
    let log: Log
    private(set) var newest: GatewayView.BatteryView?
    private(set) var stages: [Freshness] = []

    init(isModbus: Bool = false) throws {
      // A write to a server that has gone must be an error and not a signal, as in the program.
      _ = try Signals([])
      battery = try TCPBattery(isModbus: isModbus)
      let host = HostSettings(host: "127.0.0.1", port: battery.port)
      var settings = Settings()
      settings.batteries = [
        BatterySettings(
          name: "pack", dialect: "tinybms", link: isModbus ? .modbusTCP(host) : .tcp(host))
      ]
      settings.batteries[0].pollPeriod = 100
      settings.history.path = nil
      log = try Log(level: .error, isJournal: false)
      let desk = ControlDesk(
        log: log, views: views, pulse: Pulse(waker: try Waker()), attic: Attic(),
        waker: try Waker())
      loop = try ControlLoop(settings, number: 1, desk: desk)
    }

    deinit {
      loop.stop(.restart)
      battery.close()
      log.close()
    }

    /// Takes views until one is as wished; each is held against what the pack can be.
    func until(
      _ what: String, _ condition: (GatewayView.BatteryView) -> Bool,
      at location: SourceLocation = #_sourceLocation
    ) {
      let isSeen = waitUntil(milliseconds: 60_000) {
        guard let view = views.take()?.batteries.first else { return false }
        newest = view
        if stages.last != view.freshness { stages.append(view.freshness) }
        check(view.snapshot.reading, location)
        return condition(view)
      }
      #expect(
        isSeen, "\(what): \(String(describing: newest?.linkFault))", sourceLocation: location)
    }

    /// The simulated pack is a 16-cell LFP pack at rest or under a small load.
    private func check(_ reading: Reading, _ location: SourceLocation) {
      if let volts = reading.voltage {
        #expect((50_000...58_000).contains(volts.raw), sourceLocation: location)
      }
      if let current = reading.current {
        #expect((.amperes(-110)...Current.amperes(110)).contains(current), sourceLocation: location)
      }
      for index in 0..<reading.cells.count {
        let cell = reading.cells[index]
        #expect(
          (.millivolts(3100)...CellVoltage.millivolts(3700)).contains(cell),
          sourceLocation: location)
      }
    }
  }

  @Test(
    "A server that goes is called each second, and the battery is fresh when it is back",
    arguments: [false, true])
  func restart(isModbus: Bool) throws {
    let stand = try Stand(isModbus: isModbus)
    stand.until("fresh") { $0.freshness == .fresh && $0.linkFault == nil }
    let before = stand.newest?.liveReadings ?? 0
    stand.battery.change { $0.isListening = false }
    stand.until("down") { $0.linkFault?.contains("connection refused") == true }
    #expect(stand.newest?.counters.opens == 1)
    stand.until("aging") { $0.freshness == .aging }
    stand.battery.change { $0.isListening = true }
    stand.until("fresh again") { $0.freshness == .fresh && $0.linkFault == nil }
    stand.until("more readings") { $0.liveReadings > before + 5 }
    #expect(stand.newest?.counters.reopens == 1)
    #expect(stand.stages.filter { $0 != .lost } == [.fresh, .aging, .fresh])
  }

  @Test("A reset in the middle of a frame leaves nothing of it", arguments: [false, true])
  func reset(isModbus: Bool) throws {
    let stand = try Stand(isModbus: isModbus)
    for (round, count) in [1, 20, 60].enumerated() {
      stand.until("fresh") { $0.freshness == .fresh }
      stand.battery.change { $0.cut = count }
      stand.until("opened again") { $0.counters.reopens == UInt64(round + 1) }
    }
    let before = stand.newest?.liveReadings ?? 0
    stand.until("more readings") { $0.liveReadings > before + 5 && $0.linkFault == nil }
  }

  @Test("A far end that falls silent ages the readings and costs no connection")
  func silence() throws {
    let stand = try Stand()
    stand.until("fresh") { $0.freshness == .fresh }
    stand.battery.change { $0.isSilent = true }
    stand.until("aging") { $0.freshness == .aging }
    stand.battery.change { $0.isSilent = false }
    stand.until("fresh again") { $0.freshness == .fresh }
    #expect(stand.newest?.counters.reopens == 0)
    #expect((stand.newest?.statistics.timeouts ?? 0) > 0)
  }

  @Test("Garbage is never a reading", arguments: [false, true])
  func garbage(isModbus: Bool) throws {
    let stand = try Stand(isModbus: isModbus)
    stand.until("fresh") { $0.freshness == .fresh }
    stand.battery.change { $0.isGarbage = true }
    stand.until("aging") { $0.freshness == .aging }
    if isModbus {
      // No message begins like that: the stream is given up and opened anew.
      #expect((stand.newest?.counters.reopens ?? 0) > 0)
    } else {
      #expect((stand.newest?.statistics.skippedBytes ?? 0) > 0)
    }
    stand.battery.change { $0.isGarbage = false }
    stand.until("fresh again") { $0.freshness == .fresh }
  }

  @Test("An answer that dribbles in is still an answer")
  func slow() throws {
    let stand = try Stand()
    stand.until("fresh") { $0.freshness == .fresh }
    stand.battery.change { $0.pause = 3 }
    let before = stand.newest?.liveReadings ?? 0
    stand.until("more readings") { $0.liveReadings > before + 3 }
    #expect((stand.newest?.statistics.latency.highest ?? 0) >= 300)
    #expect(stand.newest?.counters.reopens == 0)
  }

  @Test("A server that is taken is not called without end, nor told to be back")
  func taken() throws {
    let stand = try Stand()
    stand.battery.change { $0.isTaken = true }
    stand.until("down") { $0.counters.opens > 3 && $0.linkFault != nil }
    let (calls, start) = (stand.battery.connections, MonotonicClock.now())
    #expect(waitUntil(milliseconds: 30_000) { MonotonicClock.now() - start > 3_000 })
    #expect(stand.battery.connections - calls <= 4)
    stand.battery.change { $0.isTaken = false }
    stand.until("fresh") { $0.freshness == .fresh && $0.linkFault == nil }
  }

  @Test("A connection counts as back when it has lasted; one that ends at once is the same fault")
  func reopening() {
    var reopening = Reopening()
    var now = Tick(0)
    let gone = LinkError.vanished(path: "a:1")
    reopening.started(at: now)
    #expect(reopening.failed(.refused(path: "a:1"), at: now)?.contains("refused") == true)
    #expect(reopening.due == now + 125)
    var waits: [Int64] = []
    for round in 0..<6 {
      now = reopening.due
      reopening.started(at: now)
      #expect(reopening.due == .never)
      reopening.reached(at: now)
      #expect(reopening.fault == nil)
      #expect((reopening.failed(gone, at: now) != nil) == (round == 0))
      waits.append(reopening.due - now)
    }
    #expect(waits == [250, 500, 1000, 1000, 1000, 1000])
    // A try that took longer than the pause is followed at once.
    now = reopening.due
    reopening.started(at: now)
    _ = reopening.failed(.timedOut(path: "a:1"), at: now + 2000)
    #expect(reopening.due == now + 2000)
    now = now + 2000
    reopening.started(at: now)
    reopening.reached(at: now + 5)
    #expect(reopening.due == now + 1005)
    #expect(
      reopening.succeeded(at: now + 1005)
        == "back after \(now.milliseconds + 5) ms and 8 failed tries")
    #expect(reopening.due == .never)
    #expect(reopening.failed(gone, at: now + 9000) != nil)
    #expect(reopening.due == now + 9125)
  }
}
