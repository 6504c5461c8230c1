// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc
import Machine

// From a name to a connection, a step at a time.

extension TCPLink {
  /// Begins: with the address where one is known, else with the lookup of the name.
  func begin() throws(LinkError) {
    do throws(SystemError) {
      poller = try Descriptor { clinux_epoll_create() }
      let fresh = try Descriptor { clinux_timerfd() }
      try add(fresh.number, clinux_readable)
      timer = consume fresh
      untried = HostLookup.literal(host, port)
      if untried.isEmpty {
        let lookup = try names()
        // Also where addresses are known: they may be others next time.
        try lookup.start()
        untried = lookup.newest
        if untried.isEmpty {
          isLookingUp = true
          try add(lookup.waker.descriptor, clinux_readable)
          return arm(Self.lookupTime)
        }
      }
    } catch {
      throw .opening(name, error)
    }
    try tryNext()
  }

  /// What looks the name up; the same for the whole life of the link, so that a slow name server is
  /// asked once at a time.
  private func names() throws(SystemError) -> HostLookup {
    if let lookup { return lookup }
    let fresh = try HostLookup(host: host, port: port)
    lookup = fresh
    return fresh
  }

  /// Goes on with connecting.
  func goOn() throws(LinkError) {
    if isLookingUp {
      guard let lookup else { throw .unknownHost(path: name) }
      untried = lookup.newest
      if untried.isEmpty {
        if lookup.isRunning, !isOver { return }
        throw .unknownHost(path: name)
      }
      isLookingUp = false
      if let number = descriptor { _ = clinux_epoll_remove(number, lookup.waker.descriptor) }
      return try tryNext()
    }
    guard let number = socket?.number else { throw .vanished(path: name) }
    switch clinux_tcp_connected(number) {
    case 1:
      do throws(SystemError) {
        try interest(number, clinux_readable)
      } catch {
        throw .opening(name, error)
      }
      arm(nil)
      isReady = true
      counters.opens += 1
    case 0:
      guard isOver else { return }
      note(SystemError(ETIMEDOUT))
      try tryNext()
    default:
      note(.last)
      try tryNext()
    }
  }

  /// Calls the next address; throws when there is none left.
  private func tryNext() throws(LinkError) {
    while !untried.isEmpty {
      socket = nil
      var address = untried.removeFirst()
      do throws(SystemError) {
        let fresh = try Descriptor { unsafe clinux_tcp_connect(&address, Self.watch) }
        try add(fresh.number, clinux_writable)
        socket = consume fresh
        return arm(Self.connectTime)
      } catch {
        note(error)
      }
    }
    throw refusal ?? .unreachable(path: name)
  }

  /// Keeps why an address did not work; a host without a way to it tells less than one that
  /// answered.
  private func note(_ error: SystemError) {
    let new = LinkError.connecting(name, error)
    if refusal == nil || new != .unreachable(path: name) { refusal = new }
  }

  // MARK: Waiting

  /// Whether the time for what is under way is over.
  private var isOver: Bool { MonotonicClock.nanoseconds() >= deadline }

  /// Wakes whoever watches after so many milliseconds; `nil` for no more.
  private func arm(_ milliseconds: Int64?) {
    deadline = milliseconds.map { MonotonicClock.nanoseconds() + $0 * 1_000_000 } ?? .max
    if let number = timer?.number {
      _ = clinux_timerfd_set(number, milliseconds == nil ? 0 : deadline)
    }
  }

  private func add(_ number: Int32, _ interest: UInt32) throws(SystemError) {
    guard let poller = descriptor else { throw SystemError(EBADF) }
    try checked { clinux_epoll_add(poller, number, interest, 0) }
  }

  /// Waits for something else on the connection from now on.
  func interest(_ number: Int32, _ interest: UInt32) throws(SystemError) {
    guard let poller = descriptor else { throw SystemError(EBADF) }
    try checked { clinux_epoll_change(poller, number, interest, 0) }
  }
}
