// SPDX-License-Identifier: Apache-2.0

import Links
import Quantities

/// When a link that is down is tried again, and what is said about it: once when it goes, once when it
/// is back.
struct Reopening {
  /// Never longer: an inverter must not wait for its bus.
  private static let longest: Int64 = 1000
  /// How long a connection must last before it counts as back, in milliseconds: a server that is taken
  /// answers every call and hangs up at once.
  private static let trial: Int64 = 1000

  /// Why the link is down; `nil` while it is up.
  private(set) var fault: LinkError?
  /// When to try next, or to look whether it lasts; `never` while there is nothing to do.
  private(set) var due = Tick(.min)
  private var wait: Int64 = 125
  private var since: Tick?
  private var tries: UInt64 = 0
  /// When the try that is under way began.
  private var began: Tick?
  /// The fault that was last told.
  private var told: LinkError?
  /// When the connection on trial was made.
  private var back: Tick?

  /// A try has begun that may take a while; none other is made meanwhile.
  mutating func started(at now: Tick) {
    began = now
    due = .never
  }

  /// The link could not be opened or has failed.
  ///
  /// - Returns: what to log; `nil` for a repetition.
  mutating func failed(_ error: LinkError, at now: Tick) -> String? {
    let isNew = told != error
    fault = error
    told = error
    since = since ?? now
    tries += 1
    // Counted from the beginning of the try: one that ran into its time-out waited already.
    due = max(now, (began ?? now) + wait)
    began = nil
    back = nil
    wait = min(Self.longest, wait * 2)
    return isNew ? "\(error); trying again at least each second" : nil
  }

  /// The link is open.
  ///
  /// - Returns: what to log; `nil` for the first opening without a fault.
  mutating func succeeded(at now: Tick) -> String? {
    defer { self = Reopening(due: .never) }
    guard let since else { return nil }
    return "back after \((back ?? now) - since) ms and \(tries) failed tries"
  }

  /// A far end has been reached; whether it stays is seen when this is due again.
  mutating func reached(at now: Tick) {
    fault = nil
    back = now
    due = now + Self.trial
  }

  init() {}

  private init(due: Tick) { self.due = due }
}
