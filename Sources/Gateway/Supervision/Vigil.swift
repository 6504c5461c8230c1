// SPDX-License-Identifier: Apache-2.0

package import Quantities

/// Decides when a watchdog is petted: at its pace, and only when a control cycle was completed since the
/// last time.
///
/// Time and the count are passed in; it waits for nothing and touches no device.
package struct Vigil {
  /// How often it is looked again while nothing was completed, in milliseconds.
  private static let patience: Int64 = 100

  private let pace: Int64
  private var cycles: UInt64
  private var due: Tick

  /// A vigil for a watchdog that acts after `timeout` milliseconds, petted at half of that; it counts
  /// from `cycles`.
  package init(timeout: Int64, cycles: UInt64, at now: Tick) {
    pace = max(1, timeout / 2)
    self.cycles = cycles
    due = now
  }

  /// Whether to pet now.
  package func isDue(cycles: UInt64, at now: Tick) -> Bool { now >= due && cycles != self.cycles }

  /// The watchdog was petted for so many cycles.
  package mutating func petted(cycles: UInt64, at now: Tick) {
    self.cycles = cycles
    due = now + pace
  }

  /// When to look again.
  package func next(at now: Tick) -> Tick {
    now < due ? due : now + min(Self.patience, max(1, pace / 4))
  }
}
