// SPDX-License-Identifier: Apache-2.0
import Battery
import Charging
import Dialects
import History
import Quantities
import Simulation
import TestKit
import Testing

@testable import Gateway

@Suite("The gateway's own accounts, from the wire to the next run")
struct AccountsTests {
  /// A day of a small shed that begins nearly full.
  private func loop() -> ClosedLoop {
    var scenario = Scenario.demo
    scenario.faults = []
    scenario.load = .constant(2000)
    scenario.charger.supply = .constant(0)
    var loop = ClosedLoop(scenario)
    loop.start()
    return loop
  }

  @Test("Cycles, extremes and the time to go are told with the first minutes")
  func told() throws {
    var loop = loop()
    loop.run(120_000)
    let snapshot = try #require(loop.controller?.snapshot)
    let voltage = try #require(snapshot.reading.voltage)
    #expect(abs((snapshot[.lowestVoltage]?.value ?? 0) - Int64(voltage.raw)) < 500)
    let current = try #require(snapshot.reading.current)
    #expect(current < .amperes(-30))
    // About 95 Ah at about 38 A.
    let time = try #require(snapshot[.timeToEmpty]?.value)
    #expect((8000...10_000).contains(time))
    #expect(snapshot[.countedSOC] == nil)
    #expect((snapshot[.countedCycles]?.value ?? 0) >= 100)
    #expect(snapshot[.countedCycles]?.isDerived == true)
  }

  @Test("The time to go is taken back when readings are stale")
  func stale() throws {
    var loop = loop()
    loop.run(90_000)
    #expect(loop.controller?.snapshot[.timeToEmpty] != nil)
    loop.rig.begin(.silent, at: loop.now)
    loop.run(15_000)
    #expect(loop.controller?.freshness == .stale)
    #expect(loop.controller?.snapshot[.timeToEmpty] == nil)
    #expect(loop.controller?.snapshot[.countedCycles] != nil)
  }

  @Test("Nothing of it changes a single frame on the bus")
  func inverter() {
    var with = loop()
    var without = loop()
    var controller = Controller(
      dialect: .tinyBMS, battery: without.battery,
      inverters: [InverterSettings(name: "victron", battery: "test", link: .file("victron"))])
    controller.resume(Controller.Counters())
    controller.linkOpened(at: without.now)
    without.controller = controller
    with.run(100_000)
    without.run(100_000)
    #expect(with.controller?.snapshot[.countedCycles] != nil)
    #expect(without.controller?.snapshot[.countedCycles] == nil)
    #expect(with.sent.map(\.frame) == without.sent.map(\.frame))
  }

  private func moment(_ now: Tick) -> Moment {
    Moment(now, wall: 1_795_219_200_000 + now.milliseconds)
  }

  @Test("After a kill everything goes on from the last stored reading, and no counter goes back")
  func kill() throws {
    let folder = try Scratch()
    func writer() throws -> HistoryWriter {
      let writer = try HistoryWriter(.init(path: folder("history.db"), batteries: ["house"]))
      #expect(writer.waitUntilOpen(timeoutMilliseconds: 20_000))
      return writer
    }
    let counting: [Point] = [.countedCycles, .fullCharges, .deepestDischarge, .lastDischarge]
    var values: [Point: Int64] = [:]
    var now = Tick(1_000_000)
    for run in 0..<5 {
      let history = try writer()
      var accounts = Accounts(
        .init(capacity: .ampereHours(100), float: .millivolts(3375)), longestGap: 10_000)
      let last = history.lastCounted(battery: 0)
      let gap = last.flatMap { Pause.since($0.moment, moment(now), isClockRight: true) }
      accounts.open(
        Accounts.Earlier(latest: { history.latest($0, battery: 0) }, last: last?.reading),
        gap: gap, at: now)
      var snapshot = Snapshot()
      for second in 0..<600 {
        now = now + 1000
        var reading = Reading()
        reading[.voltage] = 52_000
        reading[.current] = -36_000
        reading[.chargeCharged] = 1
        snapshot.take(reading, at: now, isLive: true)
        // Full at the very beginning, once.
        let mode: ChargeMode =
          run > 0 || second > 1 ? .bulk : second == 0 ? .transition : .floatApproach
        accounts.take(reading, mode: mode, into: &snapshot, at: now)
        for point in counting {
          guard let value = snapshot[point]?.value else { continue }
          #expect(value >= values[point] ?? 0, "\(point.name) in run \(run)")
          values[point] = value
        }
        history.offer(
          Record(
            battery: 0, sequence: Int64(second), snapshot: snapshot, limits: nil, freshness: .fresh,
            at: moment(now)))
      }
      #expect(history.flush(timeoutMilliseconds: 20_000))
      // Full at second 1, then 10 mAh a second in each run; a restart of 3 s is counted through.
      let seconds = Int64(run + 1) * 600 - 2 + Int64(run) * 3
      let consumed = try #require(snapshot[.consumed]?.value)
      #expect(abs(consumed - seconds * 10) <= Int64(run), "run \(run)")
      #expect(snapshot[.consumedMargin]?.value == 0)
      #expect(snapshot[.sinceFullCharge]?.value == seconds)
      #expect(snapshot[.fullCharges]?.value == 1)
      #expect(history.stop(timeoutMilliseconds: 20_000))
      now = now + 3000
    }
  }

  @Test(
    "After two minutes without a gateway the count has a margin; after two hours it is gone, its life is not"
  )
  func longGaps() throws {
    var stored = Reading()
    stored[.current] = -36_000
    stored[.consumed] = 20_000
    stored[.consumedMargin] = 500
    stored[.sinceFullCharge] = 4000
    for (gap, margin) in [(120_000, 1700), (7_200_000, nil), (nil, nil)] as [(Int64?, Int64?)] {
      var accounts = Accounts(.init(capacity: .ampereHours(100)), longestGap: 10_000)
      let earlier = Accounts.Earlier(
        latest: { $0 == .countedCycles ? 70_000 : $0 == .fullCharges ? 7 : nil }, last: stored)
      accounts.open(earlier, gap: gap, at: Tick(0))
      var reading = Reading()
      reading[.voltage] = 52_000
      reading[.current] = -36_000
      var snapshot = Snapshot()
      snapshot.take(reading, at: Tick(0), isLive: true)
      accounts.take(reading, mode: nil, into: &snapshot, at: Tick(0))
      #expect(snapshot[.consumed]?.value == margin.map { _ in 20_000 })
      #expect(snapshot[.consumedMargin]?.value == margin)
      #expect(snapshot[.sinceFullCharge]?.value == gap.map { 4000 + $0 / 1000 })
      #expect(snapshot[.countedCycles]?.value == 70_000)
      #expect(snapshot[.fullCharges]?.value == 7)
      // Opened once: a second time changes nothing.
      accounts.open(.init(), gap: 0, at: Tick(0))
      #expect(accounts.lifetime.fullCharges == 7)
    }
  }

  @Test("What a damaged store says never traps")
  func absurd() {
    for value in [Int64.min, -1, 0, .max] {
      var stored = Reading()
      for point in Point.allCases { stored[point] = value }
      for gap in [nil, Int64.min, 0, .max] {
        var accounts = Accounts(.init(capacity: .ampereHours(100)), longestGap: 10_000)
        accounts.open(.init(latest: { _ in value }, last: stored), gap: gap, at: Tick(5))
        var snapshot = Snapshot()
        for time in [Int64(6), 20_000, .max] {
          snapshot.take(stored, at: Tick(time), isLive: true)
          accounts.take(stored, mode: .float, into: &snapshot, at: Tick(time))
        }
        #expect(accounts.isOpen)
      }
    }
  }
}

@Suite("How long nobody looked")
struct PauseTests {
  private let earlier = Moment(Tick(500_000), wall: 1_800_000_000_000)

  @Test("Within one run of the machine the clock that never goes back tells")
  func sameRun() {
    let now = Moment(Tick(560_000), wall: 1_800_000_060_900)
    for isRight in [false, true] {
      #expect(Pause.since(earlier, now, isClockRight: isRight) == 60_000)
    }
  }

  @Test("After a start of the machine only a clock that is kept right tells")
  func otherRun() {
    let now = Moment(Tick(20_000), wall: 1_800_000_300_000)
    #expect(Pause.since(earlier, now, isClockRight: true) == 300_000)
    #expect(Pause.since(earlier, now, isClockRight: false) == nil)
    // A clock that was set back.
    let back = Moment(Tick(20_000), wall: 1_799_999_000_000)
    #expect(Pause.since(earlier, back, isClockRight: true) == nil)
    // It cannot be less than this run of the machine.
    let young = Moment(Tick(900_000), wall: 1_800_000_000_500)
    #expect(Pause.since(earlier, young, isClockRight: true) == 900_000)
  }

  @Test("A clock that was set while the machine ran is no start of it, but no longer exact")
  func clockSet() {
    let now = Moment(Tick(560_000), wall: 1_800_086_460_000)
    #expect(Pause.since(earlier, now, isClockRight: false) == nil)
    #expect(Pause.since(earlier, now, isClockRight: true) == 86_460_000)
  }
}
