// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc
import Machine
import Wire

extension SocketCANLink {
  /// A raw socket bound to the interface, with its filters set before the first frame can arrive.
  func prepare() throws(LinkError) -> Descriptor {
    // IFNAMSIZ holds 16 characters with the end.
    guard (1...15).contains(name.utf8.count), !name.utf8.contains(where: { $0 <= 32 || $0 == 47 })
    else { throw .unsupported(path: name, what: "be the name of an interface: 1 to 15 characters") }
    let socket: Descriptor
    do throws(SystemError) {
      socket = try Descriptor { clinux_can_socket() }
    } catch {
      switch error.code {
      case EAFNOSUPPORT, EPROTONOSUPPORT:
        throw .unsupported(
          path: name, what: "be opened: this kernel has no CAN; run: modprobe can_raw")
      default: throw .opening(name, error)
      }
    }
    let number = socket.number
    let index = unsafe if_nametoindex(name)
    guard index != 0 else { throw .absent(path: name) }
    guard unsafe clinux_interface_is_can(number, name) == 1 else {
      throw .unsupported(path: name, what: "be used as a CAN bus: it is another kind of interface")
    }
    guard unsafe clinux_interface_up(number, name) == 1 else { throw .down(path: name) }
    do throws(SystemError) {
      try filter(number)
      try checked { clinux_can_errors(number, CANHealth.mask) }
      try checked { clinux_can_bind(number, index) }
    } catch { throw .opening(name, error) }
    return socket
  }

  private func filter(_ number: Int32) throws(SystemError) {
    guard !filters.isEmpty else { return }
    // The flags are part of the mask: only frames of the same format, and no remote frames.
    let flags = clinux_can_extended | clinux_can_remote
    let pairs = filters.flatMap { filter in
      [filter.id | (filter.isExtended ? clinux_can_extended : 0), filter.mask | flags]
    }
    try checked { unsafe clinux_can_filters(number, pairs, UInt32(filters.count)) }
  }
}
