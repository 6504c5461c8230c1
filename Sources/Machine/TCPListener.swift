// SPDX-License-Identifier: Apache-2.0
import CLinux

/// A program's ear for TCP connections from this machine alone.
package struct TCPListener: ~Copyable, Sendable {
  private let socket: Descriptor
  /// The port that it listens on.
  package let port: UInt16

  /// Listens on 127.0.0.1; port 0 takes a free one.
  package init(port: UInt16 = 0) throws(SystemError) {
    let socket = try Descriptor { clinux_tcp_listen(port) }
    let number = socket.number
    self.port = UInt16(truncatingIfNeeded: try checked { clinux_tcp_port(number) })
    self.socket = consume socket
  }

  /// What to watch: readable when somebody connects.
  package var descriptor: Int32 { socket.number }

  /// The next connection, which never waits; `nil` when there is none.
  package func accept() -> Descriptor? {
    let number = clinux_tcp_accept(socket.number)
    return number >= 0 ? Descriptor(owning: number) : nil
  }
}

extension Descriptor {
  /// Ends a connection as a fault does it: the other side is told of a reset, not of an end.
  package consuming func reset() { _ = clinux_tcp_reset(number) }
}
