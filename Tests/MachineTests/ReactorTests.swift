// SPDX-License-Identifier: Apache-2.0
import Glibc
import Machine
import Quantities
import TestKit
import Testing

@Suite final class ReactorTests {
  let reactor: Reactor
  let pty: Pty
  let program: Descriptor

  init() throws {
    reactor = try Reactor()
    pty = try Pty()
    program = try Descriptor.open(pty.path, O_RDWR | O_NOCTTY | O_NONBLOCK)
  }

  private var soon: Tick { MonotonicClock.now() + 5_000 }

  @Test func handlerIsCalledForWhatIsReady() throws {
    var seen: [Reactor.Readiness] = []
    try reactor.watch(program.number) { seen.append($0) }
    try pty.send([1, 2, 3])
    #expect(try reactor.turn(until: soon) == .handled)
    #expect(seen == [.readable])
  }

  @Test func levelIsToldAgainUntilRead() throws {
    var calls = 0
    try reactor.watch(program.number) { _ in calls += 1 }
    try pty.send([1])
    try reactor.turn(until: soon)
    try reactor.turn(until: soon)
    #expect(calls == 2)
    var bytes: [UInt8] = []
    #expect(try program.read(into: &bytes) == 1)
    #expect(try reactor.turn(until: MonotonicClock.now() + 5) == .expired)
    #expect(calls == 2)
  }

  @Test func unwatchedHandlerIsSilent() throws {
    var calls = 0
    let watch = try reactor.watch(program.number) { _ in calls += 1 }
    reactor.unwatch(watch)
    reactor.unwatch(watch)
    try pty.send([1])
    #expect(try reactor.turn(until: MonotonicClock.now() + 5) == .expired)
    #expect(calls == 0)
  }

  @Test func oldWatchDoesNotEndTheNewOneOfTheSameNumber() throws {
    let first = try Waker()
    // A number that no other test is given.
    let number = fcntl(first.descriptor, F_DUPFD_CLOEXEC, 950)
    let old = try reactor.watch(number) { _ in }
    close(number)
    let second = try Waker()
    try #require(dup2(second.descriptor, number) == number)
    var calls = 0
    try reactor.watch(number) { _ in calls += 1 }
    reactor.unwatch(old)
    second.wake()
    try reactor.turn(until: soon)
    #expect(calls == 1)
    close(number)
  }

  @Test func handlerMayEndAnotherWatchOfTheSameTurn() throws {
    let other = try Pty()
    let second = try Descriptor.open(other.path, O_RDWR | O_NOCTTY | O_NONBLOCK)
    var watches: [Reactor.Watch] = []
    var calls = 0
    let both = {
      calls += 1
      for watch in watches { self.reactor.unwatch(watch) }
    }
    watches.append(try reactor.watch(program.number) { _ in both() })
    watches.append(try reactor.watch(second.number) { _ in both() })
    try pty.send([1])
    try other.send([1])
    try reactor.turn(until: soon)
    #expect(calls == 1)
  }

  @Test func writeInterestCanBeAddedAndTakenBack() throws {
    var seen: [Reactor.Readiness] = []
    let watch = try reactor.watch(program.number) { seen.append($0) }
    try reactor.change(watch, to: [.read, .write])
    try reactor.turn(until: soon)
    #expect(seen == [.writable])
    try reactor.change(watch, to: .read)
    #expect(try reactor.turn(until: MonotonicClock.now() + 5) == .expired)
  }

  @Test func hangupIsTold() throws {
    var seen: Reactor.Readiness = []
    try reactor.watch(program.number) { seen.formUnion($0) }
    pty.close()
    try reactor.turn(until: soon)
    #expect(seen.contains(.hangup))
  }

  @Test func deadlineIsNeverEarly() throws {
    for milliseconds: Int64 in [0, 1, 3, 10] {
      let deadline = MonotonicClock.now() + milliseconds
      #expect(try reactor.turn(until: deadline) == .expired)
      #expect(MonotonicClock.now() >= deadline)
    }
    #expect(try reactor.turn(until: Tick(.min)) == .expired)
  }

  @Test func anotherThreadWakes() throws {
    let waker = reactor.waker
    let thread = try DedicatedThread(name: "wakes") { waker.wake() }
    #expect(try reactor.turn(until: .never) == .woken)
    thread.join()
  }

  @Test func runAsksForEachDeadlineUntilNil() throws {
    var outcomes: [Reactor.Outcome] = []
    try reactor.run { outcome in
      outcomes.append(outcome)
      return outcomes.count < 4 ? MonotonicClock.now() + 1 : nil
    }
    #expect(outcomes == [[], .expired, .expired, .expired])
  }
}
