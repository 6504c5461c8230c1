// SPDX-License-Identifier: Apache-2.0

import Glibc
package import History
package import Machine
import Quantities

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

  private let ending: Mailbox<Ending>
  private let thread: DedicatedThread

  /// Starts the control of these batteries and inverters; `makeController` makes that of the battery
  /// with an index.
  package init(
    _ settings: Settings, log: Log, views: Mailbox<GatewayView>?, history: HistoryWriter?,
    makeController: @escaping @Sendable (Int) -> Controller
  ) throws(SystemError) {
    let reactor = try Reactor()
    let ending = Mailbox<Ending>(waker: reactor.waker)
    self.ending = ending
    let hub = Hub(
      settings, reactor: reactor, log: log, views: views, history: history,
      makeController: makeController)
    thread = try DedicatedThread(name: "control") {
      Urgency.claim()
      hub.run(until: ending)
    }
  }

  /// Ends the loop and waits until it has ended.
  package func stop(_ how: Ending) {
    ending.post(how)
    thread.join()
  }
}
