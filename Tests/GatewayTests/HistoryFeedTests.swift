// SPDX-License-Identifier: Apache-2.0
import Battery
import Dialects
@testable import Gateway
import History
import Machine
import Quantities
import Simulation
import TestKit
import Testing

@Suite("Readings on their way to the history")
struct HistoryFeedTests {
  private let battery = ClosedLoop(.demo).battery
  private var controller: Controller { Controller(battery, []) }

  /// Hands over as many records as there are, two seconds apart.
  private func take(_ count: Int, _ feed: inout HistoryFeed, from start: Int64) {
    for index in 0..<Int64(count) {
      let milliseconds = start + index * 2000
      feed.take(controller, of: battery, at: Moment(Tick(milliseconds), wall: milliseconds))
    }
  }

  @Test("What is read while the writer is being started, or changed, is stored too")
  func backlog() throws {
    let scratch = try Scratch()
    let choice = HistoryWriter.Settings(path: scratch("h.db"), batteries: ["other", "test"])
    let numbers = RecordNumbers()
    var feed = HistoryFeed(isWanted: true, numbers: numbers)
    #expect(feed.counters(of: "test") == nil)
    take(5, &feed, from: 1000)
    let first = try HistoryWriter(choice)
    feed.change(to: first)
    take(5, &feed, from: 20_000)
    #expect(first.flush(timeoutMilliseconds: 10_000) && first.status.stored == 10)
    #expect(feed.counters(of: "test") != nil && feed.counters(of: "stranger") == nil)
    // It ends, as for other settings: nothing is handed to it any longer.
    #expect(first.stop(timeoutMilliseconds: 10_000))
    take(5, &feed, from: 40_000)
    let second = try HistoryWriter(choice)
    feed.change(to: second)
    #expect(second.flush(timeoutMilliseconds: 10_000) && second.status.stored == 5)
    #expect(second.status.dropped == 0 && first.status.dropped == 0)
    #expect(second.stop(timeoutMilliseconds: 10_000))
    #expect(numbers.next() == 16, "no number is given twice")
  }

  @Test("Without a history nothing waits, and counters begin at zero")
  func unwanted() throws {
    let scratch = try Scratch()
    var feed = HistoryFeed(isWanted: true, numbers: RecordNumbers())
    take(5, &feed, from: 1000)
    feed.isWanted = false
    take(5, &feed, from: 20_000)
    #expect(feed.counters(of: "test") == Controller.Counters())
    let writer = try HistoryWriter(.init(path: scratch("h.db"), batteries: ["test"]))
    feed.change(to: writer)
    #expect(writer.flush(timeoutMilliseconds: 10_000) && writer.status.stored == 0)
    #expect(writer.stop(timeoutMilliseconds: 10_000))
  }
}
