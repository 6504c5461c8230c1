// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// The way to the service manager (sd_notify(3)): one datagram for each thing that it is told.
///
/// Nothing here ever waits: what finds no room is refused, and may be tried again.
package final class NotifySocket: Sendable {
  private let address: String

  /// The way to the manager that listens at `address`, the value of NOTIFY_SOCKET.
  package init(address: String) { self.address = address }

  /// Tells the manager something, such as "READY=1"; several lines are several things at once.
  ///
  /// - Throws: what the system says when it is not taken now.
  package func tell(_ text: String) throws(SystemError) {
    // Connected anew each time: a manager that was executed again may listen on a new socket.
    let address = address
    let socket = try Descriptor { unsafe clinux_notify_open(address) }
    let bytes = Array(text.utf8)
    let number = socket.number
    try checked { unsafe send(number, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }
  }
}
