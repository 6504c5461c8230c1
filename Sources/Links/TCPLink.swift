// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc
import Machine

/// A connection to a program on the network that passes bytes on as they are, such as a serial
/// server.
///
/// Opening only begins to connect: it is ready when the other side has answered, and what fails
/// meanwhile is told by the next `receive`. Its descriptor stays the same from opening to closing
/// and becomes readable whenever `receive` has something to do: bytes, a connection made or
/// refused, a name found, room for what is unsent, or time that is over.
package final class TCPLink: ByteLink {
  /// How long each address of the host may take to answer, in milliseconds.
  ///
  /// Longer than the longest pause between two tries: a host that is switched on is then called each
  /// second.
  package static let connectTime: Int64 = 2_000
  /// How long the first lookup of a name may take, in milliseconds.
  package static let lookupTime: Int64 = 5_000
  /// A peer that has gone without a word is noticed in about 10 s.
  ///
  /// Little is sent ahead of it: a request that nobody took is worth nothing later.
  static let watch = clinux_tcp_watch(
    idle: 5, interval: 2, probes: 3, unacknowledged: 10_000, buffer: 4_096)

  /// The host and its port, as people write them: `192.168.1.20:2000`, `[::1]:2000`.
  package let name: String
  /// A name or an address, without brackets.
  package let host: String
  /// The port.
  package let port: UInt16
  package internal(set) var counters = LinkCounters()
  package internal(set) var isReady = false

  /// Watches everything that this link waits for, and is what others watch.
  var poller: Descriptor?
  var timer: Descriptor?
  var deadline: Int64 = 0
  var lookup: HostLookup?
  var isLookingUp = false
  var socket: Descriptor?
  /// Addresses that are still to be tried.
  var untried: [clinux_address] = []
  /// Why the last address did not work.
  var refusal: LinkError?
  /// The end of a message that the kernel took only in part.
  private var unsent: [UInt8] = []

  /// A connection that is not begun yet.
  package init(host: String, port: UInt16) {
    self.host = host
    self.port = port
    name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
  }

  package var descriptor: Int32? { poller?.number }

  package var hasUnsent: Bool { !unsent.isEmpty }

  package func open() throws(LinkError) {
    guard descriptor == nil else { return }
    do throws(LinkError) { try begin() } catch { throw lost(error) }
  }

  package func close() {
    socket = nil
    timer = nil
    poller = nil
    isReady = false
    isLookingUp = false
    untried.removeAll(keepingCapacity: true)
    unsent.removeAll(keepingCapacity: true)
    refusal = nil
  }

  package func receive(into buffer: inout [UInt8]) throws(LinkError) -> Int {
    guard descriptor != nil else { throw .closed(path: name) }
    if !isReady {
      do throws(LinkError) { try goOn() } catch { throw lost(error) }
    }
    guard isReady, let number = socket?.number else { return 0 }
    try flush(number)
    do throws(SystemError) {
      guard let count = try readAvailable(number, into: &buffer) else { return 0 }
      // The other side has ended the connection.
      if count == 0 { throw SystemError(ECONNRESET) }
      counters.bytesIn += UInt64(count)
      return count
    } catch { throw failed(error) }
  }

  package func send(_ bytes: [UInt8]) throws(LinkError) {
    guard descriptor != nil else { throw .closed(path: name) }
    guard isReady, let number = socket?.number else { throw congested() }
    try flush(number)
    guard !bytes.isEmpty else { return }
    guard unsent.isEmpty else { throw congested() }
    // Half a connection takes bytes that nobody will ever answer.
    guard clinux_tcp_ended(number) == 0 else { throw failed(SystemError(ECONNRESET)) }
    do throws(SystemError) {
      let taken = try write(bytes.span, number)
      if taken == 0 { throw SystemError(EAGAIN) }
      if taken < bytes.count {
        unsent.append(contentsOf: bytes[taken...])
        try interest(number, clinux_readable | clinux_writable)
      }
      counters.bytesOut += UInt64(bytes.count)
    } catch {
      if error.code == EAGAIN { throw congested() }
      throw failed(error)
    }
  }

  /// Sends on what an earlier message left over.
  private func flush(_ number: Int32) throws(LinkError) {
    guard !unsent.isEmpty else { return }
    do throws(SystemError) {
      let taken = try write(unsent.span, number)
      unsent.removeFirst(taken)
      if unsent.isEmpty { try interest(number, clinux_readable) }
    } catch { throw failed(error) }
  }

  /// How many bytes the kernel takes now.
  private func write(_ bytes: borrowing Span<UInt8>, _ number: Int32) throws(SystemError) -> Int {
    let count = unsafe bytes.withUnsafeBufferPointer { chunk in
      unsafe clinux_tcp_send(number, chunk.baseAddress, chunk.count)
    }
    if count >= 0 { return count }
    if errno == EAGAIN || errno == EINTR { return 0 }
    throw .last
  }

  private func congested() -> LinkError {
    counters.errors += 1
    return .congested(path: name)
  }

  private func failed(_ error: SystemError) -> LinkError {
    switch error.code {
    case ECONNRESET, ECONNREFUSED, ECONNABORTED, ETIMEDOUT, EPIPE, ENOTCONN, EHOSTUNREACH,
      EHOSTDOWN, ENETUNREACH, ENETDOWN, ENETRESET, EBADF:
      return lost(.vanished(path: name))
    default:
      counters.errors += 1
      return .system(path: name, error)
    }
  }

  /// Closes and passes the reason on.
  private func lost(_ error: LinkError) -> LinkError {
    counters.errors += 1
    close()
    return error
  }
}
