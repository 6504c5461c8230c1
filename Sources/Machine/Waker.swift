// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// What any thread may use to end another's wait; wakes that come together count as one.
package final class Waker: Sendable {
  private let event: Descriptor

  /// A waker that has not been used yet.
  package init() throws(SystemError) {
    event = try Descriptor { clinux_eventfd() }
  }

  /// What the waiting thread watches; readable after a wake until `clear`.
  package var descriptor: Int32 { event.number }

  /// Ends the wait, or the next one.
  package func wake() {
    var one: UInt64 = 1
    // The only refusal is a full counter, and then the wake is already there.
    _ = unsafe Glibc.write(event.number, &one, 8)
  }

  /// Forgets the wakes so far.
  package func clear() {
    var count: UInt64 = 0
    _ = unsafe Glibc.read(event.number, &count, 8)
  }
}
