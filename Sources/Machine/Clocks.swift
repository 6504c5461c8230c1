// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc
package import Quantities

/// The clock that never goes back (CLOCK_MONOTONIC); it does not count while the machine sleeps.
package enum MonotonicClock {
  /// The time now, as pure code takes it.
  package static func now() -> Tick { Tick(nanoseconds() / 1_000_000) }

  /// Nanoseconds since the clock's start.
  package static func nanoseconds() -> Int64 { read(CLOCK_MONOTONIC) }
}

/// The calendar's clock, which people and time servers may set back or forward.
package enum WallClock {
  /// Milliseconds since the start of 1970 (UTC).
  package static func now() -> Int64 { read(CLOCK_REALTIME) / 1_000_000 }

  /// Microseconds since the start of 1970 (UTC).
  package static func microseconds() -> Int64 { read(CLOCK_REALTIME) / 1_000 }

  /// Whether something keeps it right, such as a time server: after a start of the machine it may be wrong until then.
  package static var isSynchronised: Bool { clinux_clock_is_synchronised() }
}

private func read(_ clock: clockid_t) -> Int64 {
  var time = timespec()
  unsafe clock_gettime(clock, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
