// SPDX-License-Identifier: Apache-2.0

/// A moment on a clock that never goes back, in milliseconds since an arbitrary start.
///
/// Pure code is handed its time; it never reads a clock. `Duration` is not used here because its
/// 128-bit arithmetic weighs on a microcontroller.
@frozen public struct Tick: Hashable, Comparable, BitwiseCopyable, Sendable {
  /// Milliseconds since the clock's start.
  public var milliseconds: Int64

  /// A moment `milliseconds` after the clock's start.
  @inlinable public init(_ milliseconds: Int64) { self.milliseconds = milliseconds }

  /// A moment that never comes.
  @inlinable public static var never: Tick { Tick(.max) }

  /// Whether the first moment is the earlier.
  @inlinable public static func < (a: Tick, b: Tick) -> Bool { a.milliseconds < b.milliseconds }

  /// The moment `milliseconds` later; the end of time is never passed.
  @inlinable public static func + (tick: Tick, milliseconds: Int64) -> Tick {
    let (sum, overflow) = tick.milliseconds.addingReportingOverflow(milliseconds)
    return Tick(overflow ? .max : sum)
  }

  /// Milliseconds from `earlier` to `later`.
  @inlinable public static func - (later: Tick, earlier: Tick) -> Int64 {
    let (difference, overflow) = later.milliseconds.subtractingReportingOverflow(
      earlier.milliseconds)
    return overflow ? .max : difference
  }
}
