// SPDX-License-Identifier: Apache-2.0

import History
import Quantities

/// How long nobody looked at a battery, from one run of the gateway to the next.
enum Pause {
  /// How long a start of the machine waits for the calendar's clock to be right, in milliseconds; then the pause stays
  /// unknown.
  static let patience: Int64 = 600_000
  /// Two runs whose clocks lie this close together, in milliseconds, have run since the same start of the machine.
  static let slack: Int64 = 2000

  /// Milliseconds from one moment to another; `nil` where no clock can tell.
  ///
  /// Within one run of the machine the clock that never goes back tells exactly. After a start of the machine only the
  /// calendar's clock can, and only once something keeps it right: many small computers have none of their own, and begin
  /// where they stopped.
  static func since(_ earlier: Moment, _ now: Moment, isClockRight: Bool) -> Int64? {
    let start = now.wall - now.monotonic.milliseconds
    let earlierStart = earlier.wall - earlier.monotonic.milliseconds
    if abs(start - earlierStart) <= slack, now.monotonic >= earlier.monotonic {
      return now.monotonic - earlier.monotonic
    }
    guard isClockRight, now.wall >= earlier.wall else { return nil }
    return max(now.wall - earlier.wall, now.monotonic.milliseconds)
  }
}
