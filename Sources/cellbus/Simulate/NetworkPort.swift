// SPDX-License-Identifier: Apache-2.0

import Machine
import Quantities
import Simulation

/// A serial server on this machine: everything that its clients send goes to the battery, and what
/// the battery says to all of them; or a gateway from Modbus TCP, which answers each what it asked.
final class NetworkPort: BenchPort {
  private final class Client {
    let socket: Descriptor
    let number: Int
    let watch: Reactor.Watch

    init(_ socket: consuming Descriptor, number: Int, watch: Reactor.Watch) {
      self.socket = socket
      self.number = number
      self.watch = watch
    }
  }

  private let listener: TCPListener
  private var gateway: SimulatedModbusGateway?
  private var clients: [Client] = []
  private var count = 0
  private var reactor: Reactor?
  private var received: ((borrowing Span<UInt8>) -> Void)?

  init(port: UInt16, isModbus: Bool) throws(SystemError) {
    listener = try TCPListener(port: port)
    if isModbus { gateway = SimulatedModbusGateway() }
  }

  var title: String { "127.0.0.1:\(listener.port)" }

  func start(_ reactor: Reactor, _ ears: BenchEars) throws(SystemError) {
    self.reactor = reactor
    received = ears.received
    try reactor.watch(listener.descriptor) { [unowned self] _ in self.welcome() }
  }

  func send(_ bytes: [UInt8]) {
    guard gateway == nil else {
      gateway?.lineReceived(bytes.span)
      return
    }
    for client in clients { send(bytes, to: client) }
  }

  func run(at now: Tick) -> Tick {
    while let step = gateway?.next(at: now) {
      switch step {
      case .line(let bytes): received?(bytes.span)
      case .reply(let number, let bytes):
        for client in clients where client.number == number { send(bytes, to: client) }
      case .hangUp(let number):
        for client in clients where client.number == number { leave(client) }
      case .wait(let until): return until
      }
    }
    return .never
  }

  private func welcome() {
    guard let socket = listener.accept(), let reactor else { return }
    count += 1
    let number = count
    do throws(SystemError) {
      let watch = try reactor.watch(socket.number) { [unowned self] _ in self.hear(number) }
      clients.append(Client(socket, number: number, watch: watch))
    } catch {
      // It is hung up on: there is no room to watch it.
    }
  }

  private func hear(_ number: Int) {
    guard let client = clients.first(where: { $0.number == number }) else { return }
    var bytes: [UInt8] = []
    do throws(SystemError) {
      guard let count = try client.socket.read(into: &bytes) else { return }
      if count == 0 { return leave(client) }
    } catch { return leave(client) }
    if gateway == nil {
      received?(bytes.span)
    } else {
      gateway?.received(bytes.span, from: number)
    }
  }

  /// A client that does not read is hung up on: a piece of an answer is worse than none.
  private func send(_ bytes: [UInt8], to client: Client) {
    let taken = try? client.socket.write(bytes.span)
    if taken != bytes.count { leave(client) }
  }

  private func leave(_ client: Client) {
    reactor?.unwatch(client.watch)
    gateway?.left(client.number)
    clients.removeAll { $0 === client }
  }
}
