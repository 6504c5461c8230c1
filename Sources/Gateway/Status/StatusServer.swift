// SPDX-License-Identifier: Apache-2.0

package import Machine

/// Shows the gateway to programs on this machine over a Unix socket: one JSON object a line.
///
/// A client may send `{"every_ms": 250}` to choose its period (50–60,000 ms; 1000 ms until it does).
/// It runs on a thread of its own; a client that does not read loses lines, and then its connection,
/// and never costs the gateway more than one line of memory.
package final class StatusServer: Sendable {
  /// Where the control path puts what it shows.
  package let mailbox: Mailbox<GatewayView>
  private let stop: Mailbox<Bool>
  private let thread: DedicatedThread

  /// Listens on a path; an abandoned socket there is replaced.
  ///
  /// - Throws: what the system says when the path cannot be bound.
  package init(path: String, log: Log) throws(SystemError) {
    let listener = try UnixSocket.listen(path)
    let reactor = try Reactor()
    let mailbox = Mailbox<GatewayView>()
    let stop = Mailbox<Bool>(waker: reactor.waker)
    self.mailbox = mailbox
    self.stop = stop
    let hall = Hall(listener: listener, reactor: reactor, path: path, mailbox: mailbox)
    thread = try DedicatedThread(name: "status") { hall.run(until: stop, log: log) }
  }

  /// Ends all connections and removes the socket.
  package func close() {
    stop.post(true)
    thread.join()
  }
}
