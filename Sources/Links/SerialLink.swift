// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc
import Machine

/// A serial port: raw, 8 data bits, no parity, 1 stop bit, any speed, held exclusively.
package final class SerialLink: ByteLink {
  /// The device's path, or that of a link to it.
  package let name: String
  /// Bits a second.
  package let baud: UInt32
  /// How the driver turns an RS485 transceiver round; `nil` leaves the port as it is.
  package let rs485: RS485?
  package private(set) var counters = LinkCounters()
  private var port: Descriptor?
  /// The end of a message that the kernel took only in part.
  private var unsent: [UInt8] = []

  /// A port that is not open yet.
  package init(path: String, baud: UInt32, rs485: RS485? = nil) {
    name = path
    self.baud = baud
    self.rs485 = rs485
  }

  package var descriptor: Int32? { port?.number }

  package var isReady: Bool { isOpen }

  package var hasUnsent: Bool { !unsent.isEmpty }

  /// The speed in force, as the driver tells; `nil` when closed.
  package var actualBaud: UInt32? {
    guard let number = descriptor else { return nil }
    var actual: UInt32 = 0
    return unsafe clinux_serial_baud(number, &actual) == 0 ? actual : nil
  }

  package func open() throws(LinkError) {
    guard descriptor == nil else { return }
    do {
      port = try prepare()
      counters.opens += 1
      unsent.removeAll(keepingCapacity: true)
    } catch {
      counters.errors += 1
      throw error
    }
  }

  package func close() {
    guard let number = descriptor else { return }
    _ = clinux_tty_shared(number)
    port = nil
    unsent.removeAll(keepingCapacity: true)
  }

  deinit { close() }

  package func receive(into buffer: inout [UInt8]) throws(LinkError) -> Int {
    let number = try opened()
    try flush(number)
    do throws(SystemError) {
      guard let count = try readAvailable(number, into: &buffer) else { return 0 }
      // A terminal that answers 0 bytes has hung up: see clinux_serial_configure.
      if count == 0 { throw SystemError(EIO) }
      counters.bytesIn += UInt64(count)
      return count
    } catch { throw failed(error) }
  }

  package func send(_ bytes: [UInt8]) throws(LinkError) {
    let number = try opened()
    try flush(number)
    guard !bytes.isEmpty else { return }
    guard unsent.isEmpty else { throw congested() }
    do throws(SystemError) {
      let taken = try writeAvailable(number, bytes.span)
      if taken == 0 { throw SystemError(EAGAIN) }
      if taken < bytes.count { unsent.append(contentsOf: bytes[taken...]) }
      counters.bytesOut += UInt64(bytes.count)
    } catch {
      if error.code == EAGAIN { throw congested() }
      throw failed(error)
    }
  }

  private func opened() throws(LinkError) -> Int32 {
    guard let number = descriptor else { throw .closed(path: name) }
    return number
  }

  /// Sends on what an earlier message left over.
  private func flush(_ number: Int32) throws(LinkError) {
    guard !unsent.isEmpty else { return }
    do {
      let taken = try writeAvailable(number, unsent.span)
      unsent.removeFirst(taken)
    } catch { throw failed(error) }
  }

  private func congested() -> LinkError {
    counters.errors += 1
    return .congested(path: name)
  }

  private func failed(_ error: SystemError) -> LinkError {
    counters.errors += 1
    switch error.code {
    case EIO, ENXIO, ENODEV, EPIPE, EBADF:
      close()
      return .vanished(path: name)
    default: return .system(path: name, error)
    }
  }
}
