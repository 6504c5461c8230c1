// SPDX-License-Identifier: Apache-2.0
import Gateway
import Quantities
import Testing

@Suite("Whose turn it is on a line that several batteries share, over simulated time")
struct LineTurnsTests {
  /// Batteries on a line: each wants to ask every so often, and keeps the line for a while.
  private struct Bench {
    struct Member {
      var period: Int64 = 250
      var time: Int64 = 100
      var isWell = true
      var due = Tick(0)
      var turns: [Tick] = []
    }
    var turns = LineTurns()
    var members: [Member]
    private(set) var now = Tick(0)
    private var busy: (id: Int, until: Tick)?
    /// The shortest time between two turns.
    private(set) var shortestGap = Int64.max
    private var lastEnd: Tick?

    init(_ members: [Member]) {
      self.members = members
      for id in members.indices { turns.join(id) }
    }

    mutating func run(_ milliseconds: Int64) {
      let end = now + milliseconds
      while now < end {
        if let (id, until) = busy, now >= until {
          turns.giveBack(id, isWell: members[id].isWell, pauseEnds: now + 60, at: now)
          busy = nil
          lastEnd = now
        }
        for id in members.indices where members[id].due <= now && busy == nil {
          guard turns.ask(id, wish: members[id].due, at: now) else { continue }
          if let lastEnd { shortestGap = min(shortestGap, now - lastEnd) }
          members[id].turns.append(now)
          members[id].due = now + members[id].period
          busy = (id, now + members[id].time)
        }
        now = now + 10
      }
    }
  }

  @Test(
    "Three that want more than there is get the same, one at a time, with the pause of their language"
  )
  func fair() {
    var bench = Bench([.init(), .init(), .init()])
    bench.run(60_000)
    let counts = bench.members.map(\.turns.count)
    #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1, "\(counts)")
    #expect((counts.min() ?? 0) > 100)
    #expect(bench.shortestGap >= 60)
  }

  @Test("One that always has something to ask does not keep others from theirs")
  func hungry() {
    var bench = Bench([.init(period: 0), .init(period: 1000)])
    bench.run(60_000)
    #expect(bench.members[1].turns.count >= 50)
    #expect(bench.members[0].turns.count > 200)
  }

  @Test(
    "A silent one costs its time-outs, more and more rarely, and is back within 8 s of its return")
  func silent() {
    var bench = Bench([.init(), .init(time: 1350, isWell: false)])
    bench.run(60_000)
    let silent = bench.members[1].turns
    #expect(silent.count < 12, "\(silent.count)")
    #expect(zip(silent.dropFirst(), silent).map { $0 - $1 }.max() ?? 0 <= 10_000)
    #expect(bench.members[0].turns.count > 180)
    bench.members[1].isWell = true
    bench.members[1].time = 100
    let back = bench.now
    bench.run(10_000)
    #expect((bench.members[1].turns.first { $0 > back }.map { $0 - back } ?? .max) <= 8500)
    #expect(bench.members[1].turns.count { $0 > back } > 5)
  }

  @Test("Where all are silent, none is left out: the first that answers is heard soon")
  func allSilent() {
    var bench = Bench([.init(time: 1350, isWell: false), .init(time: 1350, isWell: false)])
    bench.run(30_000)
    #expect(bench.members.allSatisfy { $0.turns.count >= 9 })
  }

  @Test("One that leaves with the turn leaves it to others; nobody else can give it back")
  func leaves() {
    var turns = LineTurns()
    turns.join(1)
    turns.join(2)
    let isFirst = turns.ask(1, wish: Tick(0), at: Tick(0))
    let isSecond = turns.ask(2, wish: Tick(0), at: Tick(0))
    #expect(isFirst && !isSecond)
    #expect(turns.due(of: 2, at: Tick(0)) == .never)
    turns.giveBack(2, isWell: true, pauseEnds: Tick(0), at: Tick(0))
    #expect(turns.holder == 1)
    turns.leave(1)
    #expect(turns.holder == nil)
    let isNext = turns.ask(2, wish: Tick(0), at: Tick(0))
    let isGone = turns.ask(1, wish: Tick(0), at: Tick(0))
    #expect(isNext && !isGone)
  }
}
