// SPDX-License-Identifier: Apache-2.0

import Battery
import Glibc
import Machine
import Quantities
import Text

/// The status server's own thread: the listener, the clients and the newest view.
final class Hall {
  /// One connected program.
  private struct Client {
    let socket: Int32
    let watch: Reactor.Watch
    var period: Int64 = 1000
    /// Whether it wants the bytes of what was not believed, too.
    var wantsRejected = false
    var due: Tick
    var input: [UInt8] = []
    /// What of the last line the kernel has not taken yet.
    var rest: [UInt8] = []
    /// Since when it has not taken it.
    var stuckSince: Tick?
  }

  /// More connections than this are refused: a runaway script must not fill the descriptor table.
  private static let mostClients = 32
  /// A client that takes nothing for this long is let go.
  private static let patience: Int64 = 10_000
  /// How long nobody is let in after one could not be, for want of a descriptor.
  private static let pause: Int64 = 1000

  private let listener: Descriptor
  private let reactor: Reactor
  private let path: String
  private let mailbox: Mailbox<GatewayView>
  private let board: Board
  private var clients: [Client] = []
  private var door: Reactor.Watch?
  /// When the door opens again, after one could not be let in.
  private var opensAgain = Tick.never
  private var view: GatewayView?
  private var writer = JSONWriter(capacity: 8192)

  init(
    listener: consuming Descriptor, reactor: Reactor, path: String, mailbox: Mailbox<GatewayView>,
    board: Board
  ) {
    self.listener = listener
    self.reactor = reactor
    self.path = path
    self.mailbox = mailbox
    self.board = board
  }

  /// Serves until it is told to stop.
  ///
  /// - Throws: what the system says when it can no longer be waited for anything.
  func run(until stop: Mailbox<Bool>) throws(SystemError) {
    defer {
      for client in clients { _ = close(client.socket) }
      _ = unsafe unlink(path)
    }
    door = try reactor.watch(listener.number) { [unowned self] _ in self.admit() }
    while stop.take() == nil {
      try reactor.turn(until: min(opensAgain, clients.map(\.due).min() ?? .never))
      let now = MonotonicClock.now()
      if let door, now >= opensAgain {
        opensAgain = .never
        try reactor.change(door, to: .read)
      }
      serve(at: now)
    }
  }

  private func admit() {
    var wasEmpty = true
    while let socket = UnixSocket.accept(listener) {
      wasEmpty = false
      guard clients.count < Self.mostClients else {
        _ = close(socket)
        continue
      }
      do throws(SystemError) {
        let watch = try reactor.watch(socket) { [unowned self] _ in self.hear(socket) }
        clients.append(Client(socket: socket, watch: watch, due: MonotonicClock.now()))
      } catch {
        _ = close(socket)
      }
    }
    // Somebody waits who cannot be let in: without a pause the door would be tried without end.
    if wasEmpty, let door, (try? reactor.change(door, to: [])) != nil {
      opensAgain = MonotonicClock.now() + Self.pause
    }
  }

  private func hear(_ socket: Int32) {
    guard let index = clients.firstIndex(where: { $0.socket == socket }) else { return }
    do throws(SystemError) {
      guard let count = try readAvailable(socket, into: &clients[index].input, limit: 4096) else {
        return
      }
      guard count > 0, clients[index].input.count <= 4096 else { return dismiss(index) }
    } catch {
      return dismiss(index)
    }
    while let end = clients[index].input.firstIndex(of: UInt8(ascii: "\n")) {
      let line = Array(clients[index].input[..<end])
      clients[index].input.removeSubrange(...end)
      guard let wish = try? JSON5Reader.read(line, as: .json) else { continue }
      if let wants = wish["rejected"]?.bool { clients[index].wantsRejected = wants }
      guard let period = wish["every_ms"]?.int64 else { continue }
      clients[index].period = min(60_000, max(50, period))
      clients[index].due = MonotonicClock.now()
    }
  }

  private func dismiss(_ index: Int) {
    let client = clients.remove(at: index)
    reactor.unwatch(client.watch)
    _ = close(client.socket)
  }

  private func serve(at now: Tick) {
    if let newest = mailbox.take() { view = newest }
    var lines: (plain: [UInt8], whole: [UInt8]) = ([], [])
    var index = 0
    while index < clients.count {
      guard now >= clients[index].due else {
        index += 1
        continue
      }
      clients[index].due = now + clients[index].period
      let isWhole = clients[index].wantsRejected
      if isWhole, lines.whole.isEmpty { lines.whole = text(at: now, rejected: true) }
      if !isWhole, lines.plain.isEmpty { lines.plain = text(at: now, rejected: false) }
      if send(isWhole ? lines.whole : lines.plain, to: index, at: now) {
        index += 1
      } else {
        dismiss(index)
      }
    }
  }

  private func text(at now: Tick, rejected: Bool) -> [UInt8] {
    // Nothing to show yet, or a control path that stands still: its age tells, and is not made younger here.
    var view =
      view
      ?? GatewayView(
        at: now, wall: WallClock.now(), uptime: 0, batteries: [], inverters: [], history: nil)
    view.parts = board.parts + view.inverters.compactMap(\.traffic)
    view.reload = board.reload
    view.age = max(0, now - view.at)
    view.at = max(view.at, now)
    for index in view.batteries.indices { view.batteries[index].grow(to: now) }
    for index in view.banks.indices { view.banks[index].grow(to: now) }
    writer.removeAll()
    view.write(to: &writer, rejected: rejected)
    writer.newline()
    return writer.bytes
  }

  /// Sends a line, or what is left of the last one; `false` when the connection is over.
  ///
  /// A client that is behind loses whole lines, never parts.
  private func send(_ line: [UInt8], to index: Int, at now: Tick) -> Bool {
    if clients[index].rest.isEmpty { clients[index].rest = line }
    do throws(SystemError) {
      let rest = clients[index].rest
      let taken = try writeAvailable(clients[index].socket, rest.span)
      clients[index].rest.removeFirst(taken)
      if taken > 0 || clients[index].rest.isEmpty {
        clients[index].stuckSince = nil
      } else {
        clients[index].stuckSince = clients[index].stuckSince ?? now
      }
    } catch {
      return false
    }
    return clients[index].stuckSince.map { now - $0 < Self.patience } ?? true
  }
}
