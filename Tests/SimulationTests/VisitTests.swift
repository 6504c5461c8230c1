// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Quantities
import TestKit
import Testing
import Wire

@testable import Simulation

/// A session that visits a unit which nothing else keeps awake.
struct Visitor {
  var bench = UnitBench()
  var session: Session
  /// Moments of the live readings.
  private(set) var live: [Tick] = []
  /// What was sent, and when.
  private(set) var sent: [(at: Tick, bytes: [UInt8])] = []
  /// Bytes that came back.
  private(set) var answered = 0
  /// Measurements, and those after which the unit slept.
  private(set) var awake = 0
  private(set) var asleep = 0
  /// What the line delivers before each answer.
  var noise: (Tick) -> [UInt8] = { _ in [] }

  init(every period: Int64) {
    session = Session(.tinyBMS, rates: PollRates(visitPeriod: period))
    // What was on the table before has ended: the unit sleeps.
    bench.run(110)
    session.linkOpened(at: bench.now)
  }

  /// Lets so many milliseconds pass.
  mutating func run(_ milliseconds: Int64) {
    let end = bench.now + milliseconds
    while bench.now < end {
      let wake = exchange()
      let step = Tick((bench.now.milliseconds / 100 + 1) * 100)
      bench.now = max(bench.now + 1, min(wake, step))
      guard bench.now == step else { continue }
      bench.unit.measure(bench.senses, at: bench.now)
      if bench.unit.isAsleep { asleep += 1 } else { awake += 1 }
    }
  }

  private mutating func exchange() -> Tick {
    let now = bench.now
    while true {
      var wake = Tick.never
      var isBusy = false
      switch session.next(at: now) {
      case .send(let bytes):
        sent.append((now, bytes))
        bench.unit.received(bytes.span, at: now)
        let noise = noise(now)
        session.received(noise.span, at: now)
        isBusy = true
      case .reading(_, let isLive):
        if isLive { live.append(now) }
        isBusy = true
      case .answered, .fault: isBusy = true
      case .wait(let until): wake = until
      }
      switch bench.unit.next(at: now) {
      case .send(let bytes):
        answered += bytes.count
        session.received(bytes.span, at: now)
        isBusy = true
      case .wait(let until): wake = min(wake, until)
      }
      if !isBusy { return wake }
    }
  }

  /// The share of the time that the unit slept, in percent.
  var share: Int { asleep * 100 / (awake + asleep) }

  /// How often requests began with this address of function 03.
  func reads(_ address: UInt16) -> Int {
    sent.count {
      $0.bytes.count > 3 && $0.bytes[1] == 3
        && UInt16($0.bytes[2]) << 8 | UInt16($0.bytes[3]) == address
    }
  }
}

@Suite("Visits to a battery that may sleep")
struct VisitTests {
  private let hour: Int64 = 3_600_000

  @Test("A unit on the table sleeps after ten seconds, and its first request only wakes it")
  func theUnitSleeps() throws {
    var bench = UnitBench()
    bench.run(98)
    #expect(!bench.unit.isAsleep)
    bench.run(2)
    #expect(bench.unit.isAsleep)
    #expect(try bench.ask(.status) == nil)
    #expect(!bench.unit.isAsleep)
    #expect(try bench.ask(.status) != nil)
  }

  @Test("Visited every five minutes it sleeps 95 % of the time, and each visit yields a reading")
  func fiveMinutes() {
    var visitor = Visitor(every: 300_000)
    visitor.run(6 * hour)
    #expect(visitor.share >= 95, "slept \(visitor.share) %")
    #expect(visitor.live.count == 72)
    for (index, at) in visitor.live.enumerated() {
      let due = 11_100 + Int64(index) * 300_000
      #expect(at.milliseconds - due < 2000, "reading \(index) at \(at.milliseconds)")
    }
    // Cutoffs and statistics once an hour, who it is once.
    #expect((6...7).contains(visitor.reads(300)))
    #expect((6...7).contains(visitor.reads(100)))
    #expect(visitor.reads(500) == 1)
    let out = visitor.sent.reduce(0) { $0 + $1.bytes.count }
    #expect(out / 72 < 40, "\(out) bytes sent")
    #expect(visitor.answered / 72 < 400, "\(visitor.answered) bytes answered")
    print(
      "visits: asleep \(visitor.share) %, \(out) bytes out, \(visitor.answered) bytes in, in 6 h")
  }

  @Test("Between two visits the wire is silent", arguments: [15_000, 60_000, 3_600_000] as [Int64])
  func silence(period: Int64) {
    var visitor = Visitor(every: period)
    let start = visitor.bench.now
    visitor.run(period * 6)
    #expect(visitor.live.count == 6)
    if period == 15_000 { #expect((25...40).contains(visitor.share), "slept \(visitor.share) %") }
    #expect(visitor.sent.allSatisfy { ($0.at - start) % period < 2000 })
  }

  @Test("A unit that never sleeps is visited in the same way")
  func neverSleeps() {
    var visitor = Visitor(every: 60_000)
    visitor.bench.senses.current = .amperes(-5)
    visitor.run(hour)
    #expect(visitor.share <= 1)
    #expect(visitor.live.count == 60)
    #expect(visitor.sent.allSatisfy { ($0.at.milliseconds - 11_100) % 60_000 < 2000 })
  }

  @Test("Noise at each waking costs no visit", arguments: 1...5 as ClosedRange<UInt64>)
  func noise(seed: UInt64) {
    var visitor = Visitor(every: 60_000)
    var dice = SplitMix64(seed: seed)
    let lengths = (0..<400).map { _ in Int(dice.next() % 40) }
    let bytes = (0..<64).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
    visitor.noise = { now in
      guard (now.milliseconds - 11_100) % 60_000 < 400 else { return [] }
      return Array(bytes.prefix(lengths[Int(now.milliseconds / 7 % 400)]))
    }
    visitor.run(hour)
    #expect(visitor.live.count == 60, "seed \(seed)")
  }

  @Test("A unit that does not answer is called for ten seconds and then left alone")
  func silent() {
    var visitor = Visitor(every: 60_000)
    visitor.bench.unit.quirks = .silent
    visitor.run(600_000)
    #expect(visitor.live.isEmpty)
    let late = visitor.sent.filter {
      ($0.at.milliseconds - 11_100) % 60_000 >= Session.longestVisit + 4000
    }
    #expect(late.isEmpty, "\(late.count) requests")
    // It is found again at the next visit.
    visitor.bench.unit.quirks = []
    visitor.run(60_000)
    #expect(visitor.live.count == 1)
  }

  @Test("A link that is opened anew is visited at once")
  func reopened() {
    var visitor = Visitor(every: 600_000)
    visitor.run(100_000)
    #expect(visitor.live.count == 1)
    #expect(visitor.session.isResting)
    visitor.session.linkOpened(at: visitor.bench.now)
    visitor.run(5000)
    #expect(visitor.live.count == 2)
  }

  @Test("A wish is sent at once, and the plan goes on as before")
  func wish() {
    var visitor = Visitor(every: 600_000)
    visitor.run(100_000)
    let before = visitor.sent.count
    visitor.session.enqueue(TinyBMS.Command.version.request)
    visitor.run(5000)
    #expect(visitor.sent.count > before)
    #expect(visitor.sent[before...].contains { $0.bytes == TinyBMS.Command.version.encode() })
    #expect(visitor.live.count == 1)
    visitor.run(500_000)
    #expect(visitor.live.count == 2)
  }

  @Test("Periods beyond the range are brought into it")
  func range() {
    #expect(PollRates(visitPeriod: 1).livePeriod == 15_000)
    #expect(PollRates(visitPeriod: .max).livePeriod == 3_600_000)
    #expect(PollRates(livePeriod: 300_000).livePeriod == 10_000)
    #expect(!PollRates().areVisits && PollRates(visitPeriod: 60_000).areVisits)
  }
}
