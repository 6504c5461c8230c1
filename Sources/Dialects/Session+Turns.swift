// SPDX-License-Identifier: Apache-2.0

public import Quantities

// A line that several batteries share: each conversation asks in its turn.

extension Session {
  /// Whether the line is in use by this conversation: an answer is awaited, or the questions of a poll
  /// are not all asked.
  public var isBusy: Bool {
    if case .idle = activity { return job != nil || chain != nil }
    return true
  }

  /// When it next has something to ask; `.never` where it never does by itself.
  public var wish: Tick {
    if following != nil { return .never }
    if rates.areVisits, visit == nil, queue.isEmpty { return nextVisit }
    let next = chain != nil || !queue.isEmpty ? Tick(.min) : due.min() ?? .never
    return max(notBefore, next)
  }
}
