// SPDX-License-Identifier: Apache-2.0

import Quantities

// Visits to a battery that is left to sleep: one burst, then a wire without a single byte.

extension Session {
  /// The longest visit, in milliseconds: a battery that does not answer, or noise without end, keeps nobody awake
  /// for longer.
  public static let longestVisit: Int64 = 10_000

  /// Whether a visited battery is left alone now.
  public var isResting: Bool { rates.areVisits && visit == nil }

  /// One visit.
  struct Visit {
    /// When it is broken off.
    let end: Tick
  }

  /// Until when nothing is sent; `nil` while a visit goes on or begins now, and where there are no visits.
  mutating func restUntil(at now: Tick) -> Tick? {
    guard rates.areVisits else { return nil }
    if let visit {
      if now < visit.end || !queue.isEmpty { return nil }
      self.visit = nil
    }
    guard now >= nextVisit || !queue.isEmpty else { return nextVisit }
    begin(at: now)
    return nil
  }

  /// Ends the visit once nothing is due any longer; whether there was one.
  mutating func endVisit() -> Bool {
    guard rates.areVisits, visit != nil else { return false }
    visit = nil
    return true
  }

  private mutating func begin(at now: Tick) {
    visit = Visit(end: now + Self.longestVisit)
    guard now >= nextVisit else { return }
    nextVisit = now + rates.livePeriod
    for (index, poll) in dialect.polls.enumerated() {
      // What falls due during the visit belongs to it: the next one is far away.
      if poll.pace == .live || due[index] <= now + Self.longestVisit {
        due[index] = min(due[index], now)
      }
    }
  }

  /// How long after its answer a request comes again, in milliseconds.
  func period(of poll: Poll) -> Int64? {
    switch poll.pace {
    case .live: rates.livePeriod
    case .every(let period): rates.areVisits ? period * PollRates.visitThrift : period
    case .once: nil
    }
  }
}
