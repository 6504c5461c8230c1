// SPDX-License-Identifier: Apache-2.0
import Battery
import Quantities
import Testing

/// Accounts of a 100 Ah battery that is read once a second.
struct Books {
  var accounts: Accounts
  var snapshot = Snapshot()
  var now = Tick(1_000_000)
  var current: Int64 = 0
  var soc: Int64? = 50
  var cell: Int64 = 3300
  var volts: Int64 = 53
  var mode: ChargeMode?
  var full: Int64? = 100_000

  init(
    _ terms: Accounts.Terms = .init(float: .millivolts(3375), floor: .millivolts(2800)),
    open: Bool = true
  ) {
    accounts = Accounts(terms, longestGap: 10_000)
    if open { accounts.open(.init(), gap: nil, at: now) }
  }

  mutating func read() {
    var reading = Reading()
    reading[.voltage] = volts * 1000
    reading[.current] = current
    reading[.soc] = soc.map { $0 * 1_000_000 }
    reading[.full] = full
    for _ in 0..<4 { reading.cells.append(.millivolts(cell)) }
    snapshot.take(reading, at: now, isLive: true)
    accounts.take(reading, mode: mode, into: &snapshot, at: now)
  }

  /// Reads once a second for so long.
  mutating func run(_ seconds: Int64, at current: Int64) {
    self.current = current
    for _ in 0..<seconds {
      now = now + 1000
      read()
    }
  }

  /// Charges to the end of absorption, as the charge control sees it.
  mutating func fill() {
    mode = .transition
    run(2, at: 1000)
    mode = .floatApproach
    run(1, at: 1000)
    mode = .bulk
  }

  subscript(point: Point) -> Int64? { snapshot[point]?.value }
}

@Suite("The gateway's own accounts")
struct AccountsTests {
  @Test("Counted state of charge, charge left and drift stand beside the battery's own")
  func drift() {
    var books = Books()
    books.run(10, at: -10_000)
    #expect(books[.countedSOC] == nil)
    #expect(books[.socDrift] == nil)
    books.fill()
    #expect(books[.countedSOC] == 100_000_000)
    #expect(books[.socDrift] == -50_000_000)
    books.soc = 84
    books.run(1, at: -36_000)
    books.run(2000, at: -36_000)
    // 2000 s at 36 A, and half a second from +1 A to -36 A.
    #expect(books[.consumed] == 20_004)
    #expect(books[.countedRemaining] == 79_996)
    #expect(books[.countedSOC] == 79_995_139)
    #expect(books[.socDrift] == 4_004_861)
    #expect(books.snapshot[.countedSOC]?.isDerived == true)
    books.soc = nil
    books.run(1, at: 0)
    #expect(books[.socDrift] == nil)
    #expect(books[.countedSOC] != nil)
  }

  @Test("The battery's own state of charge never begins the count")
  func noSeed() {
    var books = Books()
    books.soc = 100
    books.run(300, at: -1000)
    #expect(books[.countedSOC] == nil)
    // Even charging slowly, while the cells do not agree.
    books.cell = 3374
    books.run(300, at: 1000)
    #expect(books[.countedSOC] == nil)
    #expect(books[.fullCharges] == 0)
  }

  @Test("Full by the battery's word: cells at float and a tail current, for a minute")
  func fullByBattery() {
    var books = Books()
    books.soc = 100
    books.cell = 3375
    books.run(60, at: 5000)
    #expect(books[.countedSOC] == nil)
    books.run(1, at: 5000)
    #expect(books[.countedSOC] == 100_000_000)
    for wrong in [(99, 3375, 5000), (100, 3374, 5000), (100, 3375, 5001), (100, 3375, -5001)] {
      var books = Books()
      books.soc = Int64(wrong.0)
      books.cell = Int64(wrong.1)
      books.run(200, at: Int64(wrong.2))
      #expect(books[.countedSOC] == nil, "\(wrong)")
    }
  }

  @Test("The minute of the battery's word starts anew after a gap")
  func wordIsInterrupted() {
    var books = Books()
    books.soc = 100
    books.cell = 3375
    books.run(50, at: 0)
    books.now = books.now + 60_000
    books.run(50, at: 0)
    #expect(books[.countedSOC] == nil)
    books.run(20, at: 0)
    #expect(books[.countedSOC] == 100_000_000)
  }

  @Test("Full at the end of absorption, once the current has tapered; not while it has not")
  func fullByControl() {
    var books = Books()
    books.mode = .transition
    books.run(10, at: 20_000)
    books.mode = .floatApproach
    books.run(10, at: 5001)
    #expect(books[.countedSOC] == nil)
    books.run(1, at: 5000)
    #expect(books[.countedSOC] == 100_000_000)
    // Absorption that is abandoned is none.
    var other = Books()
    other.mode = .transition
    other.run(10, at: 20_000)
    other.mode = .floatApproach
    other.run(1, at: 20_000)
    other.mode = .bulk
    other.run(10, at: 1000)
    #expect(other[.countedSOC] == nil)
    // Nor is float that was never absorbed, by that alone.
    var started = Books()
    started.mode = .float
    started.run(10, at: 1000)
    #expect(started[.countedSOC] == nil)
  }

  @Test("Held at float with hardly any current it is nearly full; a load is counted from then on")
  func heldAtFloat() {
    var books = Books()
    books.mode = .float
    books.cell = 3365
    books.run(1, at: -100)
    #expect(books[.consumed] == 0)
    // A small offset adds up to a fiftieth at most.
    books.run(36_000, at: -100)
    #expect(books[.consumed] == 1000)
    #expect(books[.sinceFullCharge] == 0)
    books.run(72_000, at: -100)
    #expect(books[.consumed] == 2000)
    books.run(1, at: -36_000)
    books.run(1000, at: -36_000)
    #expect(books[.consumed] == 12_005)
    #expect(books[.sinceFullCharge] == 1001)
    #expect(books[.fullCharges] == 1)
    books.run(1, at: 500)
    #expect(books[.consumed] == 2000)
    #expect(books[.lastDischarge] == 2000)
    #expect(books[.fullCharges] == 2)
    for (cell, current) in [(3364, -100), (3365, -101), (3365, 501)] as [(Int64, Int64)] {
      var books = Books()
      books.mode = .float
      books.cell = cell
      books.run(100, at: current)
      #expect(books[.consumed] == nil, "\(cell) \(current)")
    }
  }

  @Test("Cycles are charge drawn in full capacities, and go on when the capacity changes")
  func cycles() {
    var books = Books()
    books.run(1, at: -100_000)
    books.run(3600, at: -100_000)
    #expect(books[.countedCycles] == 10_000)
    books.run(1, at: 100_000)
    books.run(3600, at: 100_000)
    #expect(books[.countedCycles] == 10_000)
    books.full = 50_000
    books.run(1, at: -100_000)
    books.run(900, at: -100_000)
    #expect(books[.countedCycles] == 15_000)
  }

  @Test("A full charge counts once, and only after a tenth was drawn")
  func fullCharges() {
    var books = Books()
    books.fill()
    #expect(books[.fullCharges] == 1)
    #expect(books[.sinceFullCharge] == 0)
    books.run(1, at: -36_000)
    books.run(995, at: -36_000)
    #expect(books[.lastDischarge] == 9954)
    books.fill()
    // Until the current had turned, 5 mAh more went out.
    #expect(books[.fullCharges] == 1)
    #expect(books[.deepestDischarge] == 9959)
    books.run(1, at: -36_000)
    books.run(1005, at: -36_000)
    books.run(600, at: 3000)
    #expect(books[.sinceFullCharge] == 1606)
    #expect(books[.lastDischarge] == 10_059)
    books.fill()
    #expect(books[.fullCharges] == 2)
    #expect(books[.lastDischarge] == 0)
    #expect(books[.deepestDischarge] == 10_059)
    // 20.01 Ah drawn in all, for two full charges.
    #expect(books[.averageDischarge] == 10_005)
  }

  @Test("A full discharge is the lowest cell at its floor for 10 s, once until a tenth came back")
  func fullDischarges() {
    var books = Books()
    books.run(5, at: -10_000)
    books.cell = 2800
    books.run(10, at: -10_000)
    #expect(books[.fullDischarges] == 0)
    books.run(1, at: -10_000)
    #expect(books[.fullDischarges] == 1)
    books.cell = 3000
    books.run(355, at: 100_000)
    books.cell = 2800
    books.run(20, at: -10_000)
    #expect(books[.fullDischarges] == 1)
    books.cell = 3000
    books.run(30, at: 100_000)
    books.cell = 2800
    books.run(20, at: -10_000)
    #expect(books[.fullDischarges] == 2)
    // A battery that is found empty was counted before.
    var found = Books()
    found.cell = 2790
    found.run(100, at: -1000)
    #expect(found[.fullDischarges] == 0)
  }

  @Test("The extremes of the pack's voltage are kept")
  func extremes() {
    var books = Books()
    for volts: Int64 in [53, 47, 55, 52] {
      books.volts = volts
      books.run(1, at: 0)
    }
    #expect(books[.lowestVoltage] == 47_000)
    #expect(books[.highestVoltage] == 55_000)
  }

  @Test("A rolling gap is not counted, a reading without current changes nothing")
  func partial() {
    var books = Books()
    books.fill()
    books.now = books.now + 20_000
    books.read()
    #expect(books[.consumedMargin] == 56)
    var reading = Reading()
    reading[.voltage] = 1000
    books.accounts.take(reading, mode: nil, into: &books.snapshot, at: books.now + 1000)
    #expect(books[.lowestVoltage] == 53_000)
  }

  @Test("While it is not known what an earlier run held, nothing is told")
  func closed() {
    var books = Books(open: false)
    books.fill()
    for point in [Point.countedSOC, .countedCycles, .fullCharges, .timeToEmpty, .lowestVoltage] {
      #expect(books[point] == nil)
    }
  }
}
