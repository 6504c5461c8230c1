// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// A queue of limited length from threads that must never wait to one that may.
package final class BoundedQueue<Value: Sendable>: Sendable {
  private struct State {
    var values: [Value] = []
    var drops: UInt64 = 0
    var isClosed = false
  }

  private let state: Mutex<State>
  private let capacity: Int
  private let threshold: Int
  private let waker: Waker

  /// An empty queue for at most `capacity` values.
  ///
  /// When `threshold` of them wait, the reader is woken before its time; 1 wakes it for each.
  package init(capacity: Int, threshold: Int = 1) throws(SystemError) {
    self.capacity = max(1, capacity)
    self.threshold = min(max(1, threshold), self.capacity)
    waker = try Waker()
    var first = State()
    first.values.reserveCapacity(self.capacity)
    state = Mutex(first)
  }

  /// Adds a value if there is room; otherwise counts it as dropped and answers false.
  @discardableResult
  package func tryPush(_ value: Value) -> Bool {
    let (added, count) = state.withLock { state -> (Bool, Int) in
      guard !state.isClosed, state.values.count < capacity else {
        state.drops += 1
        return (false, 0)
      }
      state.values.append(value)
      return (true, state.values.count)
    }
    if added && count == threshold { waker.wake() }
    return added
  }

  /// How many values found no room, or came after the close.
  package var drops: UInt64 { state.withLock { $0.drops } }

  /// How many values wait.
  package var count: Int { state.withLock { $0.values.count } }

  /// Whether no more values will come; those that wait can still be popped.
  package var isClosed: Bool { state.withLock { $0.isClosed } }

  /// Refuses values from now on and ends the reader's wait.
  package func close() {
    state.withLock { $0.isClosed = true }
    waker.wake()
  }

  /// Moves all that is there to the end of `buffer`.
  ///
  /// Before that it waits until there are `threshold` values, the queue is closed or the time is
  /// over. For one reader.
  package func popAll(into buffer: inout [Value], waitMilliseconds: Int) {
    let isDue = state.withLock { $0.isClosed || $0.values.count >= threshold }
    if !isDue && waitMilliseconds > 0 {
      var entry = pollfd(fd: waker.descriptor, events: Int16(POLLIN), revents: 0)
      _ = unsafe poll(&entry, 1, Int32(clamping: waitMilliseconds))
    }
    waker.clear()
    if buffer.isEmpty {
      // Two arrays change places, so in the steady state neither grows.
      state.withLock { state in swap(&state.values, &buffer) }
    } else {
      let values = state.withLock { state in
        let values = state.values
        state.values.removeAll(keepingCapacity: true)
        return values
      }
      buffer.append(contentsOf: values)
    }
  }

  /// Waits as above and answers all that is there, oldest first.
  package func popAll(waitMilliseconds: Int) -> [Value] {
    var values: [Value] = []
    popAll(into: &values, waitMilliseconds: waitMilliseconds)
    return values
  }
}
