// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// One slot between threads in which the newest value wins; neither side ever waits for the other.
package final class Mailbox<Value: Sendable>: Sendable {
  private let slot = Mutex<Value?>(nil)
  private let waker: Waker?

  /// An empty mailbox; `waker` is used after each post.
  package init(waker: Waker? = nil) { self.waker = waker }

  /// Puts a value in the slot.
  ///
  /// - Returns: Whether it took the place of one that nobody had taken.
  @discardableResult
  package func post(_ value: Value) -> Bool {
    // The old value is let go of after the lock, however long that takes.
    let old = slot.withLock { slot in
      let old = slot
      slot = value
      return old
    }
    waker?.wake()
    return old != nil
  }

  /// The newest value, once; `nil` when there is none since the last.
  package func take() -> Value? { slot.withLock { $0.take() } }
}
