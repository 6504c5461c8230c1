// SPDX-License-Identifier: Apache-2.0

package import Machine
import Synchronization

/// What the control thread tells of its own health: raised by it, watched by others, who never make it wait.
package final class Pulse: Sendable {
  private let count = Atomic<UInt64>(0)
  private let taken = Atomic<UInt64>(0)
  /// The batteries and their stages in a few words, whenever they change.
  package let words: Mailbox<String>

  /// No cycle yet; `waker` is used when the words change.
  package init(waker: Waker? = nil) { words = Mailbox(waker: waker) }

  /// How many control cycles were completed: turns in which every battery was run through poll, decision
  /// and inverter.
  package var cycles: UInt64 { count.load(ordering: .acquiring) }

  /// Which settings are in force: the number of their order, 0 for those of the start.
  package var settings: UInt64 { taken.load(ordering: .acquiring) }

  /// A control cycle is complete.
  package func beat() { count.add(1, ordering: .releasing) }

  /// A control cycle with the settings of this order is complete.
  package func took(settings: UInt64) { taken.store(settings, ordering: .releasing) }
}
