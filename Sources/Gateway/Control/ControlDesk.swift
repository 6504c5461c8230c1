// SPDX-License-Identifier: Apache-2.0

import History
package import Machine
import Synchronization

/// What the control thread shares with the rest of the program: it puts copies there and takes orders,
/// and waits for neither.
package struct ControlDesk: Sendable {
  /// What happened, said once.
  package var log: Log
  /// The newest view of everything.
  package var views: Mailbox<GatewayView>
  /// Its own health.
  package var pulse: Pulse
  /// What it no longer needs.
  package var attic: Attic
  /// Wakes who restarts it, when it has ended.
  package var waker: Waker
  /// Numbers the records of this run of the program, also across a restart of the control.
  let records = RecordNumbers()
  /// When the program started.
  let started = MonotonicClock.now()

  /// The places that the control thread knows.
  package init(
    log: Log, views: Mailbox<GatewayView>, pulse: Pulse, attic: Attic, waker: Waker
  ) {
    self.log = log
    self.views = views
    self.pulse = pulse
    self.attic = attic
    self.waker = waker
  }
}

/// Numbers that are never given twice.
final class RecordNumbers: Sendable {
  private let last = Atomic<Int64>(0)

  /// The next number, from 1.
  func next() -> Int64 { last.add(1, ordering: .relaxed).newValue }
}

/// What the control thread is told; in each slot the newest counts.
struct Orders: Sendable {
  /// Settings to go on with, and their number.
  let settings: Mailbox<(number: UInt64, settings: Settings)>
  /// The writer that readings are handed to; `nil` inside keeps none.
  let history: Mailbox<HistoryWriter?>
  /// The end.
  let ending: Mailbox<ControlLoop.Ending>

  init(waker: Waker) {
    settings = Mailbox(waker: waker)
    history = Mailbox(waker: waker)
    ending = Mailbox(waker: waker)
  }
}
