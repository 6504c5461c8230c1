// SPDX-License-Identifier: Apache-2.0

package import Machine
import Synchronization

/// Shows the gateway to programs on this machine over a Unix socket: one JSON object a line.
///
/// A client may send `{"every_ms": 250}` to choose its period (50–60,000 ms; 1000 ms until it does).
/// It runs on a thread of its own; a client that does not read loses lines, and then its connection,
/// and never costs the gateway more than one line of memory.
package final class StatusServer: Sendable {
  /// Where the control path puts what it shows.
  package let mailbox: Mailbox<GatewayView>
  private let stop: Mailbox<Bool>
  private let failure: Failure
  private let thread: DedicatedThread

  private final class Failure: Sendable {
    let error = Mutex<SystemError?>(nil)
  }

  /// Listens on a path; an abandoned socket there is replaced.
  ///
  /// It shows what comes into the mailbox, and how the parts on the board fare.
  /// - Throws: what the system says when the path cannot be bound.
  package init(
    path: String, mailbox: Mailbox<GatewayView> = Mailbox(), board: Board = Board()
  ) throws(SystemError) {
    let listener = try UnixSocket.listen(path)
    let reactor = try Reactor()
    let failure = Failure()
    let stop = Mailbox<Bool>(waker: reactor.waker)
    self.mailbox = mailbox
    self.stop = stop
    self.failure = failure
    let hall = Hall(
      listener: listener, reactor: reactor, path: path, mailbox: mailbox, board: board)
    thread = try DedicatedThread(name: "status") {
      do throws(SystemError) {
        try hall.run(until: stop)
      } catch {
        failure.error.withLock { $0 = error }
      }
    }
  }

  /// Why it has ended by itself; `nil` while it runs.
  package var fault: SystemError? { failure.error.withLock { $0 } }

  /// Ends all connections and removes the socket.
  package func close() {
    stop.post(true)
    thread.join()
  }
}
