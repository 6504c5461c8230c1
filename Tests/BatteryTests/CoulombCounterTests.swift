// SPDX-License-Identifier: Apache-2.0
import Battery
import Quantities
import Testing

@Suite("The gateway's own coulomb counter")
struct CoulombCounterTests {
  private let capacity = Charge.ampereHours(100)

  /// A counter that was full at time 0, with no current then.
  private func full() -> CoulombCounter {
    var counter = CoulombCounter(longestGap: 10_000)
    counter.count(.zero, capacity: capacity, at: Tick(0))
    counter.anchor()
    return counter
  }

  /// A counter after `hours` at a current.
  private func counter(_ current: Current, hours: Int64, every period: Int64) -> CoulombCounter {
    var counter = CoulombCounter(longestGap: 10_000)
    counter.count(current, capacity: capacity, at: Tick(0))
    counter.anchor()
    for time in stride(from: period, through: hours * 3_600_000, by: Int(period)) {
      counter.count(current, capacity: capacity, at: Tick(time))
    }
    return counter
  }

  @Test("Two hours at 10 A out of 100 Ah leave 80 %", arguments: [100, 250, 1000, 10_000])
  func knownAnswer(period: Int64) {
    let counter = counter(.amperes(-10), hours: 2, every: period)
    #expect(counter.consumed == .ampereHours(20))
    #expect(counter.soc(capacity) == .percent(80))
    #expect(counter.margin == .zero)
  }

  @Test("Before the first full charge nothing is told, however much was counted")
  func unknown() {
    var counter = CoulombCounter(longestGap: 10_000)
    for second in 0..<100 {
      counter.count(.amperes(-10), capacity: capacity, at: Tick(Int64(second) * 1000))
    }
    #expect(counter.consumed == nil)
    #expect(counter.margin == nil)
    #expect(counter.soc(capacity) == nil)
  }

  @Test("A milliampere for weeks is not lost to rounding")
  func small() {
    let counter = counter(.milliamperes(-1), hours: 500, every: 10_000)
    #expect(counter.consumed == Charge(raw: 500))
  }

  @Test("The count does not depend on where the readings fall", arguments: 1...20)
  func chunking(seed: UInt64) {
    // A saw of currents, straight between its corners, sampled at all corners and at chance moments.
    var dice = Dice(seed: seed)
    var corners: [(at: Int64, current: Int64)] = [(0, -5000)]
    for _ in 0..<60 {
      let last = corners[corners.count - 1]
      // Steps whose slope is a whole number of mA a ms, so that each moment has an exact current.
      let time = Int64(dice.roll(1...4000))
      corners.append((last.at + time, last.current + Int64(dice.roll(-2...1)) * time))
    }
    func current(at time: Int64) -> Current {
      var index = 1
      while corners[index].at < time { index += 1 }
      let (a, b) = (corners[index - 1], corners[index])
      return .milliamperes(a.current + (b.current - a.current) / (b.at - a.at) * (time - a.at))
    }
    func count(_ moments: [Int64]) -> CoulombCounter {
      var counter = CoulombCounter(longestGap: 10_000)
      counter.resume(.ampereHours(50), margin: .zero, current: current(at: 1), at: Tick(0))
      counter.count(current(at: 1), capacity: capacity, at: Tick(1))
      for moment in moments {
        counter.count(current(at: moment), capacity: capacity, at: Tick(moment))
      }
      return counter
    }
    let end = corners[corners.count - 1].at
    let coarse = corners.map(\.at).filter { $0 > 1 }
    let fine = Set(coarse + (0..<200).map { _ in Int64(dice.roll(2...Int(end))) }).sorted()
    let (a, b) = (count(coarse), count(fine))
    #expect(a.consumed == b.consumed, "seed \(seed)")
    #expect(a.soc(Charge(raw: 1)) == b.soc(Charge(raw: 1)))
    #expect(a.soc(capacity) == b.soc(capacity))
  }

  @Test("Charging a full battery does not store more than it holds")
  func overcharge() {
    var counter = full()
    counter.count(.amperes(20), capacity: capacity, at: Tick(5000))
    #expect(counter.consumed == .zero)
    counter.count(.amperes(-20), capacity: capacity, at: Tick(5001))
    counter.count(.amperes(-20), capacity: capacity, at: Tick(14_001))
    #expect(counter.consumed == Charge(raw: 50))
  }

  @Test(
    "What flowed in a gap is not made up: the margin grows, and in the end the count is given up")
  func gaps() throws {
    var counter = full()
    counter.count(.amperes(-36), capacity: capacity, at: Tick(10_000))
    let before = try #require(counter.consumed)
    // 100 s at 36 A would be 1 Ah; whether they flowed is not known.
    counter.count(.amperes(-2), capacity: capacity, at: Tick(110_000))
    #expect(counter.consumed == before)
    #expect(counter.margin == .ampereHours(1))
    // At rest a tenth of the capacity an hour is assumed: 10 A for 360 s are 1 Ah more.
    counter.count(.zero, capacity: capacity, at: Tick(470_000))
    #expect(counter.margin == .ampereHours(2))
    // 8 Ah more would be a tenth of the capacity: not yet too much.
    counter.count(.zero, capacity: capacity, at: Tick(470_000 + 2_880_000))
    #expect(counter.margin == .ampereHours(10))
    counter.count(.zero, capacity: capacity, at: Tick(470_000 + 2_880_000 + 10_001))
    #expect(counter.consumed == nil)
    #expect(counter.soc(capacity) == nil)
    counter.anchor()
    #expect(counter.consumed == .zero)
    #expect(counter.margin == .zero)
  }

  @Test("A gap with no capacity known ends the count")
  func gapWithoutCapacity() {
    var counter = full()
    counter.count(.zero, capacity: nil, at: Tick(10_001))
    #expect(counter.consumed == nil)
  }

  @Test("A clock that stands still or goes back counts nothing twice")
  func clock() {
    var counter = full()
    counter.count(.amperes(-36), capacity: capacity, at: Tick(10_000))
    let before = counter.consumed
    counter.count(.amperes(-36), capacity: capacity, at: Tick(10_000))
    counter.count(.amperes(-36), capacity: capacity, at: Tick(4000))
    #expect(counter.consumed == before)
    counter.count(.amperes(-36), capacity: capacity, at: Tick(11_000))
    #expect(counter.consumed == Charge(raw: 60))
  }

  @Test("A short restart is counted through, a long one widens the margin, and margins add up")
  func resume() {
    var short = CoulombCounter(longestGap: 10_000)
    short.resume(.ampereHours(20), margin: .zero, current: .amperes(-36), at: Tick(-4000))
    short.count(.amperes(-36), capacity: capacity, at: Tick(1000))
    #expect(short.consumed == Charge(raw: 20_050))
    #expect(short.margin == .zero)
    var long = CoulombCounter(longestGap: 10_000)
    long.resume(
      .ampereHours(20), margin: .ampereHours(1), current: .amperes(-36), at: Tick(-99_000))
    long.count(.zero, capacity: capacity, at: Tick(1000))
    #expect(long.consumed == .ampereHours(20))
    #expect(long.margin == .ampereHours(2))
    // What was anchored since is not overwritten.
    var anchored = full()
    anchored.resume(.ampereHours(20), margin: .zero, current: .zero, at: Tick(0))
    #expect(anchored.consumed == .zero)
  }

  @Test("Another capacity moves the share, not the charge that is missing")
  func capacityChange() {
    let counter = counter(.amperes(-10), hours: 2, every: 1000)
    #expect(counter.soc(.ampereHours(200)) == .percent(90))
    #expect(counter.soc(.ampereHours(10)) == .zero)
    #expect(counter.consumed == .ampereHours(20))
    for senseless in [Int64.min, -1, 0, .max] {
      #expect(counter.soc(Charge(raw: senseless)) == nil)
    }
  }

  @Test("Absurd numbers never trap")
  func absurd() {
    for current in [Int32.min, -1, 0, 1, .max] {
      for capacity in [nil, Int64.min, 0, 1, 1_000_000_000, .max] {
        var counter = CoulombCounter(longestGap: .max)
        let capacity = capacity.map { Charge(raw: $0) }
        counter.resume(
          Charge(raw: .max), margin: Charge(raw: .max), current: Current(raw: current),
          at: Tick(.min))
        counter.count(Current(raw: current), capacity: capacity, at: Tick(.min + 20_000))
        var other = CoulombCounter(longestGap: 10_000)
        other.resume(
          Charge(raw: 5), margin: Charge(raw: .max), current: Current(raw: current), at: Tick(.min))
        for time in [Int64.min + 10_000, 0, 1000, .max] {
          other.count(Current(raw: current), capacity: capacity, at: Tick(time))
          _ = other.consumed
          _ = capacity.flatMap { other.soc($0) }
        }
        other.anchor()
        #expect(other.consumed == .zero)
      }
    }
  }
}

/// Chance that can be repeated.
struct Dice {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func roll(_ range: ClosedRange<Int>) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return range.lowerBound + Int(state >> 11) % range.count
  }
}
