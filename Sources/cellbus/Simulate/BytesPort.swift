// SPDX-License-Identifier: Apache-2.0

import Glibc
import Machine
import Quantities

/// What a radio module is to a central, on a socket that keeps messages apart (`SOCK_SEQPACKET`): each
/// message of a program is one write to the characteristic, each message to it one notification.
///
/// One program at a time, as one central at a time may be connected to such a module.
final class BytesPort: BenchPort {
  private final class Central {
    let socket: Descriptor
    let watch: Reactor.Watch

    init(_ socket: consuming Descriptor, watch: Reactor.Watch) {
      self.socket = socket
      self.watch = watch
    }
  }

  private let path: String
  private let piece: Int
  private let listener: Descriptor
  private var central: Central?
  private var reactor: Reactor?
  private var ears = BenchEars { _ in }

  /// Listens on a path; notifications hold at most `piece` bytes.
  init(path: String, piece: Int) throws(SystemError) {
    self.path = path
    self.piece = max(1, piece)
    listener = try UnixSocket.listenForPackets(path)
  }

  deinit { _ = unsafe unlink(path) }

  var title: String { path }

  func start(_ reactor: Reactor, _ ears: BenchEars) throws(SystemError) {
    self.reactor = reactor
    self.ears = ears
    try reactor.watch(listener.number) { [unowned self] _ in self.welcome() }
  }

  func send(_ bytes: [UInt8]) {
    var start = 0
    while start < bytes.count, let number = central?.socket.number {
      let end = min(bytes.count, start + piece)
      // A central that does not listen loses notifications, as on the air.
      do throws(SystemError) {
        _ = try writeAvailable(number, Array(bytes[start..<end]).span)
      } catch { leave() }
      start = end
    }
  }

  func run(at now: Tick) -> Tick { .never }

  private func welcome() {
    guard let number = UnixSocket.accept(listener) else { return }
    let socket = Descriptor(owning: number)
    guard central == nil, let reactor,
      let watch = try? reactor.watch(number, handler: { [unowned self] _ in self.hear() })
    else { return }
    central = Central(socket, watch: watch)
    ears.connected()
  }

  private func hear() {
    guard let number = central?.socket.number else { return }
    var bytes: [UInt8] = []
    do throws(SystemError) {
      guard let count = try readAvailable(number, into: &bytes) else { return }
      if count == 0 { return leave() }
    } catch { return leave() }
    ears.received(bytes.span)
  }

  private func leave() {
    if let central { reactor?.unwatch(central.watch) }
    central = nil
  }
}
