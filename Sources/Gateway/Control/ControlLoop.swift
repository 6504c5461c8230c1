// SPDX-License-Identifier: Apache-2.0

import Glibc
package import History
package import Machine
import Quantities
import Synchronization

/// The control path on its own thread: one loop over all wires and buses, which waits for nothing else.
///
/// To the rest of the program it only hands copies: the newest view through a one-slot mailbox, readings
/// to the history through a queue that it never waits for.
package final class ControlLoop: Sendable {
  /// How a loop ends.
  package enum Ending: Sendable {
    /// Silent at once: the next run takes over within 2 s, and the inverter's dead-man covers one that never comes.
    case restart
    /// One cycle of the stale stage as a last word, then silence.
    case forGood
  }

  private let orders: Orders
  private let failure: Failure
  private let thread: DedicatedThread

  private final class Failure: Sendable {
    let error = Mutex<SystemError?>(nil)
  }

  /// Starts the control of the batteries and inverters in the settings with this number.
  package init(_ settings: Settings, number: UInt64, desk: ControlDesk) throws(SystemError) {
    let reactor = try Reactor()
    let orders = Orders(waker: reactor.waker)
    let failure = Failure()
    self.orders = orders
    self.failure = failure
    let hub = Hub(settings, number: number, reactor: reactor, desk: desk)
    thread = try DedicatedThread(name: "control") {
      Urgency.claim()
      do throws(SystemError) {
        try hub.run(orders)
      } catch {
        failure.error.withLock { $0 = error }
        desk.waker.wake()
      }
    }
  }

  /// Why the loop has ended by itself; `nil` while it runs.
  package var fault: SystemError? { failure.error.withLock { $0 } }

  /// Goes on with other settings, without a gap on any bus that stays.
  package func change(to settings: Settings, number: UInt64) {
    orders.settings.post((number, settings))
  }

  /// Hands readings to this writer from now on, or to none.
  package func change(to history: HistoryWriter?) { orders.history.post(history) }

  /// Ends the loop and waits until it has ended.
  package func stop(_ how: Ending) {
    orders.ending.post(how)
    thread.join()
  }
}
