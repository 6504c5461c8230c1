// SPDX-License-Identifier: Apache-2.0
import Glibc
import Machine
import Quantities
import Synchronization
import TestKit
import Testing

@Suite struct ThreadsTests {
  @Test func mailboxKeepsTheNewest() throws {
    let mailbox = Mailbox<Int>()
    #expect(mailbox.take() == nil)
    #expect(mailbox.post(1) == false)
    #expect(mailbox.post(2) == true)
    #expect(mailbox.take() == 2)
    #expect(mailbox.take() == nil)
  }

  @Test func mailboxWakesItsReader() throws {
    let reactor = try Reactor()
    let mailbox = Mailbox<Int>(waker: reactor.waker)
    let thread = try DedicatedThread(name: "posts") { mailbox.post(7) }
    #expect(try reactor.turn(until: .never) == .woken)
    #expect(mailbox.take() == 7)
    thread.join()
  }

  @Test func fullQueueRefusesAndCounts() throws {
    let queue = try BoundedQueue<Int>(capacity: 3)
    #expect((1...5).map { queue.tryPush($0) } == [true, true, true, false, false])
    #expect(queue.drops == 2)
    #expect(queue.popAll(waitMilliseconds: 0) == [1, 2, 3])
    #expect(queue.popAll(waitMilliseconds: 0) == [])
    #expect(queue.tryPush(6))
  }

  @Test func closedQueueGivesWhatItHas() throws {
    let queue = try BoundedQueue<Int>(capacity: 3, threshold: 3)
    queue.tryPush(1)
    queue.close()
    #expect(!queue.tryPush(2))
    #expect(queue.popAll(waitMilliseconds: 60_000) == [1])
    #expect(queue.isClosed)
    #expect(queue.drops == 1)
  }

  @Test(arguments: [1, 7, 64]) func everythingPushedComesOutInOrder(threshold: Int) throws {
    let queue = try BoundedQueue<Int>(capacity: 64, threshold: threshold)
    let producer = try DedicatedThread(name: "produces") {
      for value in 0..<20_000 {
        while !queue.tryPush(value) { sched_yield() }
      }
      queue.close()
    }
    var seen: [Int] = []
    var batch: [Int] = []
    while true {
      let isLast = queue.isClosed
      queue.popAll(into: &batch, waitMilliseconds: 20)
      seen += batch
      batch.removeAll(keepingCapacity: true)
      if isLast { break }
    }
    producer.join()
    #expect(seen == Array(0..<20_000))
  }

  @Test func waitingReaderIsWokenAtTheThreshold() throws {
    let queue = try BoundedQueue<Int>(capacity: 8, threshold: 3)
    let producer = try DedicatedThread(name: "produces") {
      for value in 1...3 { queue.tryPush(value) }
    }
    // Far longer than the test may take: only the wake ends it.
    #expect(queue.popAll(waitMilliseconds: 3_600_000) == [1, 2, 3])
    producer.join()
  }

  @Test func poppingAppends() throws {
    let queue = try BoundedQueue<Int>(capacity: 8)
    queue.tryPush(2)
    var values = [1]
    queue.popAll(into: &values, waitMilliseconds: 0)
    #expect(values == [1, 2])
    #expect(queue.count == 0)
  }

  @Test func threadHasItsName() throws {
    let name = Mutex("")
    let thread = try DedicatedThread(name: "a name of over 15 bytes") {
      let text = try? Repository.text("/proc/thread-self/comm")
      name.withLock { $0 = text ?? "" }
    }
    thread.join()
    thread.join()
    #expect(name.withLock { $0 } == "a name of over \n")
  }

  @Test func signalsAreRead() throws {
    let seen = Mutex<[Signal?]>([])
    // On a thread of its own, so that the blocked mask and the signals stay there.
    let thread = try DedicatedThread(name: "signals") {
      guard let signals = try? Signals() else { return }
      pthread_kill(pthread_self(), SIGTERM)
      pthread_kill(pthread_self(), SIGWINCH)
      let isReadable = try? waitReadable([signals.descriptor], milliseconds: 5_000)
      var all: [Signal?] = [signals.next(), signals.next()]
      all.sort { ($0?.rawValue ?? 0) < ($1?.rawValue ?? 0) }
      if isReadable == true { seen.withLock { $0 = all + [signals.next()] } }
    }
    thread.join()
    #expect(seen.withLock { $0 } == [.terminate, .resize, nil])
  }

  @Test func clocksRun() {
    let first = MonotonicClock.nanoseconds()
    #expect(MonotonicClock.nanoseconds() >= first)
    #expect(MonotonicClock.now().milliseconds >= first / 1_000_000)
    #expect(WallClock.microseconds() / 1_000_000 >= 1_700_000_000)
    #expect(abs(WallClock.now() - WallClock.microseconds() / 1_000) < 60_000)
  }
}
