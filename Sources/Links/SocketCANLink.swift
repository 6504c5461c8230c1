// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc
import Machine
package import Wire

/// A CAN interface of the kernel, such as can0.
///
/// Other programs on it see what is sent here.
package final class SocketCANLink: FrameLink {
  /// The interface's name.
  package let name: String
  /// What is received; all data frames when empty.
  package let filters: [CANFilter]
  package private(set) var counters = LinkCounters()
  private var told = CANHealth()
  private var socket: Descriptor?

  /// An interface that is not open yet.
  package init(interface: String, filters: [CANFilter] = []) {
    name = interface
    self.filters = filters
  }

  package var descriptor: Int32? { socket?.number }
  package var health: CANHealth? { told }

  package func open() throws(LinkError) {
    guard descriptor == nil else { return }
    do throws(LinkError) {
      socket = try prepare()
    } catch {
      counters.errors += 1
      throw error
    }
    told.opened()
    counters.opens += 1
  }

  package func close() { socket = nil }

  package func receive() throws(LinkError) -> CANFrame? {
    let number = try opened()
    // Error and remote frames are passed over; a bounded number, as everywhere.
    for _ in 0..<256 {
      var (id, count, data) = (UInt32(0), UInt8(0), UInt64(0))
      let result = unsafe clinux_can_read(number, &id, &count, &data)
      if result < 0 {
        if errno == EAGAIN { return nil }
        if errno == EINTR { continue }
        throw failed(.last)
      }
      if result == 0 { throw failed(SystemError(ENODEV)) }
      counters.bytesIn += UInt64(count)
      if id & clinux_can_error != 0 {
        told.count(id, data: data)
        counters.errors += 1
        continue
      }
      if id & clinux_can_remote != 0 { continue }
      counters.framesIn += 1
      told.heard()
      let payload: [8 of UInt8] = .init { UInt8(truncatingIfNeeded: data >> ($0 * 8)) }
      return CANFrame(
        id: id & 0x1FFF_FFFF, isExtended: id & clinux_can_extended != 0,
        payload.span.extracting(0..<Int(count)))
    }
    return nil
  }

  package func send(_ frame: CANFrame) throws(LinkError) {
    let number = try opened()
    let id = frame.id | (frame.isExtended ? clinux_can_extended : 0)
    var data: UInt64 = 0
    for index in 0..<8 { data |= UInt64(frame.data[index]) << (index * 8) }
    do throws(SystemError) {
      try checked { clinux_can_write(number, id, frame.count, data) }
    } catch { throw failed(error) }
    counters.framesOut += 1
    counters.bytesOut += UInt64(frame.count)
  }

  private func opened() throws(LinkError) -> Int32 {
    guard let number = descriptor else { throw .closed(path: name) }
    return number
  }

  private func failed(_ error: SystemError) -> LinkError {
    counters.errors += 1
    switch error.code {
    case ENOBUFS, EAGAIN: return .congested(path: name)
    case ENETDOWN, ENODEV, ENXIO, EBADF:
      close()
      return .vanished(path: name)
    default: return .system(path: name, error)
    }
  }
}
