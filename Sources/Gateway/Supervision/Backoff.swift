// SPDX-License-Identifier: Apache-2.0

package import Quantities

/// When something that failed is tried again: soon, and later each time.
package struct Backoff {
  /// How long a part must run before its next failure counts as a first one, in milliseconds.
  package static let settled: Int64 = 10_000

  private let first: Int64
  private let longest: Int64
  private var wait: Int64
  private var startedAt: Tick?
  /// When to try; `never` while it runs.
  package private(set) var due = Tick(.min)

  /// From `first` milliseconds, doubled each time, to `longest`.
  package init(first: Int64 = 1000, longest: Int64 = 60_000) {
    self.first = first
    self.longest = longest
    wait = first
  }

  /// It could not start, or has ended.
  package mutating func failed(at now: Tick) {
    if let startedAt, now - startedAt >= Self.settled { wait = first }
    startedAt = nil
    due = now + wait
    wait = min(longest, wait * 2)
  }

  /// It runs.
  package mutating func started(at now: Tick) {
    startedAt = now
    due = .never
  }
}
