// SPDX-License-Identifier: Apache-2.0

import CLinux

/// Stream sockets between programs of one machine, named by a path.
package enum UnixSocket {
  /// Listens on a path; an abandoned socket there is replaced, anything else is not.
  package static func listen(_ path: String) throws(SystemError) -> Descriptor {
    try Descriptor { unsafe clinux_unix_listen(path) }
  }

  /// Listens on a path for connections that keep messages apart (`SOCK_SEQPACKET`).
  package static func listenForPackets(_ path: String) throws(SystemError) -> Descriptor {
    try Descriptor { unsafe clinux_unix_listen_packets(path) }
  }

  /// Connects to the program that listens on a path; reads and writes on it wait.
  package static func connect(_ path: String) throws(SystemError) -> Descriptor {
    try Descriptor { unsafe clinux_unix_connect(path) }
  }

  /// The next program that wants to talk to a listener; `nil` when none waits.
  package static func accept(_ listener: borrowing Descriptor) -> Int32? {
    let number = clinux_unix_accept(listener.number)
    return number >= 0 ? number : nil
  }
}
