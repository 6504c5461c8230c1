// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc
package import Quantities

/// One thread's wait for everything it depends on: descriptors, a deadline and wakes from other
/// threads.
///
/// It belongs to the thread that turns it. After the first watches it allocates nothing.
package final class Reactor {
  /// What is done when a descriptor is ready.
  package typealias Handler = (Readiness) -> Void

  /// One watch; stays distinct when the system gives the descriptor's number out again.
  package struct Watch: Hashable, Sendable {
    fileprivate let descriptor: Int32
    fileprivate let generation: UInt32
  }

  private struct Entry {
    var generation: UInt32
    var interest: Interest
    var handler: Handler
  }

  /// Ends the wait from any thread.
  package let waker: Waker
  private let epoll: Descriptor
  private var entries: [Entry?] = []
  private var generation: UInt32 = 0
  private var events: [clinux_event]

  /// A reactor that watches only its own waker.
  package init() throws(SystemError) {
    waker = try Waker()
    epoll = try Descriptor { clinux_epoll_create() }
    events = .init(repeating: clinux_event(readiness: 0, token: 0), count: 64)
    let (epoll, event) = (epoll.number, waker.descriptor)
    try checked { clinux_epoll_add(epoll, event, clinux_readable, Self.wakeToken) }
  }

  private static var wakeToken: UInt64 { .max }

  /// Calls `handler` in each turn that finds the descriptor ready, for as long as it stays so.
  ///
  /// A handler that is told of a hang-up must unwatch or close, or it is called again at once. A
  /// new watch of the same number replaces the old one.
  @discardableResult
  package func watch(
    _ descriptor: Int32, _ interest: Interest = .read, handler: @escaping Handler
  ) throws(SystemError) -> Watch {
    generation &+= 1
    let watch = Watch(descriptor: descriptor, generation: generation)
    try register(watch, interest)
    while entries.count <= Int(descriptor) { entries.append(nil) }
    entries[Int(descriptor)] = Entry(
      generation: generation, interest: interest, handler: handler)
    return watch
  }

  /// Waits for something else from now on; does nothing when the watch is over, and costs nothing
  /// when it waits for that already.
  package func change(_ watch: Watch, to interest: Interest) throws(SystemError) {
    let slot = Int(watch.descriptor)
    guard isCurrent(watch), entries[slot]?.interest != interest else { return }
    try register(watch, interest)
    entries[slot]?.interest = interest
  }

  /// Ends a watch; its handler is not called again.
  ///
  /// Does nothing when it is over already, so it may come after the descriptor was closed.
  package func unwatch(_ watch: Watch) {
    guard isCurrent(watch) else { return }
    entries[Int(watch.descriptor)] = nil
    _ = clinux_epoll_remove(epoll.number, watch.descriptor)
  }

  /// Waits until something is ready, a wake comes or the deadline is reached, and calls the
  /// handlers of what is ready.
  @discardableResult
  package func turn(until deadline: Tick) throws(SystemError) -> Outcome {
    var wait = Self.nanoseconds(until: deadline)
    let count = unsafe clinux_epoll_wait(epoll.number, &events, Int32(events.count), wait)
    if count < 0 && errno != EINTR { throw .last }
    var outcome: Outcome = []
    for index in 0..<max(0, Int(count)) {
      let event = events[index]
      if event.token == Self.wakeToken {
        waker.clear()
        outcome.insert(.woken)
        continue
      }
      let slot = Int(event.token & 0xFFFF_FFFF)
      // An earlier handler of this turn may have ended the watch, and even begun another.
      guard let entry = entries[slot], entry.generation == UInt32(event.token >> 32) else {
        continue
      }
      outcome.insert(.handled)
      entry.handler(Readiness(event.readiness))
    }
    wait = Self.nanoseconds(until: deadline)
    if wait == 0 { outcome.insert(.expired) }
    return outcome
  }

  /// Turns until `step` answers `nil`; it is called before the first wait and after each turn and
  /// answers the deadline of the next.
  package func run(_ step: (Outcome) -> Tick?) throws(SystemError) {
    var outcome: Outcome = []
    while let deadline = step(outcome) { outcome = try turn(until: deadline) }
  }

  private func isCurrent(_ watch: Watch) -> Bool {
    let slot = Int(watch.descriptor)
    return slot < entries.count && entries[slot]?.generation == watch.generation
  }

  private func register(_ watch: Watch, _ interest: Interest) throws(SystemError) {
    let token = UInt64(watch.generation) << 32 | UInt64(UInt32(bitPattern: watch.descriptor))
    if clinux_epoll_add(epoll.number, watch.descriptor, interest.mask, token) == 0 { return }
    guard errno == EEXIST else { throw .last }
    let epoll = epoll.number
    try checked { clinux_epoll_change(epoll, watch.descriptor, interest.mask, token) }
  }

  /// The wait that is left; negative for ever.
  private static func nanoseconds(until deadline: Tick) -> Int64 {
    let (moment, overflow) = deadline.milliseconds.multipliedReportingOverflow(by: 1_000_000)
    guard !overflow || deadline.milliseconds < 0 else { return -1 }
    return overflow ? 0 : max(0, moment - MonotonicClock.nanoseconds())
  }
}
