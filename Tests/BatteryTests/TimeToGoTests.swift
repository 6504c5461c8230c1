// SPDX-License-Identifier: Apache-2.0
import Battery
import Quantities
import Testing

@Suite("Time to go")
struct TimeToGoTests {
  @Test("Half of 100 Ah at 10 A lasts 5 h, as soon as a minute was seen")
  func toEmpty() {
    var books = Books()
    books.run(60, at: -10_000)
    #expect(books[.timeToEmpty] == nil)
    books.run(1, at: -10_000)
    #expect(books[.timeToEmpty] == 18_000)
    #expect(books[.timeToFull] == nil)
    #expect(books.snapshot[.timeToEmpty]?.isDerived == true)
  }

  @Test("The counted charge goes before the battery's word")
  func counted() {
    var books = Books()
    books.fill()
    books.soc = 50
    books.run(300, at: -10_000)
    #expect(books[.timeToEmpty] == 35_700)
  }

  @Test("Charging tells the time to full instead")
  func toFull() {
    var books = Books()
    books.run(300, at: -10_000)
    books.run(300, at: 20_000)
    #expect(books[.timeToFull] == 9000)
    #expect(books[.timeToEmpty] == nil)
  }

  @Test("A kettle moves it by its share of three minutes, and is forgotten after them")
  func mean() throws {
    var books = Books()
    books.run(600, at: -10_000)
    let before = try #require(books[.timeToEmpty])
    books.run(30, at: -100_000)
    // Between 170 s and 180 s are seen; 30 s of them at ten times the current.
    let during = try #require(books[.timeToEmpty])
    #expect(during < before / 2 && during > before / 3)
    books.run(190, at: -10_000)
    #expect(books[.timeToEmpty] == before)
  }

  @Test("It does not depend on the polling period")
  func periods() {
    func time(every period: Int64) -> Int64? {
      var books = Books()
      for _ in 0..<(400_000 / period) {
        books.now = books.now + period
        books.current = books.now.milliseconds / 100_000 % 2 == 0 ? -10_000 : -30_000
        books.read()
      }
      return books[.timeToEmpty]
    }
    let one = time(every: 1000) ?? 0
    for period: Int64 in [100, 250, 2000, 5000] {
      #expect(abs((time(every: period) ?? 0) - one) <= one / 20, "\(period)")
    }
  }

  @Test("An idle battery, a gap, ten days and stale readings tell none")
  func absent() {
    var books = Books()
    books.run(600, at: -99)
    #expect(books[.timeToEmpty] == nil)
    books.run(600, at: -207)
    #expect(books[.timeToEmpty] == nil, "beyond 240 h")
    books.run(600, at: -209)
    #expect(books[.timeToEmpty] == 861_240)
    books.run(600, at: -10_000)
    #expect(books[.timeToEmpty] != nil)
    books.now = books.now + 11_000
    books.read()
    #expect(books[.timeToEmpty] == nil)
    books.run(100, at: -10_000)
    #expect(books[.timeToEmpty] != nil)
    books.accounts.hush(&books.snapshot, at: books.now)
    #expect(books[.timeToEmpty] == nil)
    #expect(books[.countedCycles] != nil)
  }

  @Test("A battery that tells its own time is believed, also when readings stop")
  func own() {
    var books = Books()
    books.run(300, at: -10_000)
    var reading = Reading()
    reading[.voltage] = 53_000
    reading[.current] = -10_000
    reading[.timeToEmpty] = 1234
    books.snapshot.take(reading, at: books.now, isLive: true)
    books.accounts.take(reading, mode: nil, into: &books.snapshot, at: books.now + 1000)
    #expect(books[.timeToEmpty] == 1234)
    books.accounts.hush(&books.snapshot, at: books.now)
    #expect(books[.timeToEmpty] == 1234)
  }
}
