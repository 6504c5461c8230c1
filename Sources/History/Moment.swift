// SPDX-License-Identifier: Apache-2.0
package import Quantities

/// One moment on both clocks: the one that never goes back and the one that people read.
///
/// The wall clock may be wrong and may be set; the monotonic one of the same boot tells what really
/// lay between two moments.
package struct Moment: Hashable, Sendable {
  /// The clock that never goes back, since the machine started.
  package var monotonic: Tick
  /// Milliseconds since the start of 1970 (UTC).
  package var wall: Int64

  /// A moment on both clocks.
  package init(_ monotonic: Tick, wall: Int64) {
    self.monotonic = monotonic
    self.wall = wall
  }

  /// Which minute of the wall clock it lies in, counted from the start of 1970.
  var minute: Int64 { wall.dividedDown(by: 60_000) }
}

/// The place of a record in the log of one battery: first the boot, then the sequence within it.
package struct Position: Hashable, Comparable, Sendable {
  /// The run of the gateway; see ``Record/boot``.
  package var boot: Int64
  /// The number within that run; see ``Record/sequence``.
  package var sequence: Int64

  /// A place in the log.
  package init(boot: Int64, sequence: Int64) {
    self.boot = boot
    self.sequence = sequence
  }

  /// Before every record.
  package static var start: Position { Position(boot: .min, sequence: .min) }

  package static func < (a: Self, b: Self) -> Bool {
    (a.boot, a.sequence) < (b.boot, b.sequence)
  }
}

extension Int64 {
  /// The quotient rounded towards negative infinity; `divisor` must be positive.
  func dividedDown(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }

  /// The sum, or the bound it lies beyond.
  func addingSaturated(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (self < 0 ? .min : .max) : sum
  }
}
