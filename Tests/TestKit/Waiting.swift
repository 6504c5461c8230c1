// SPDX-License-Identifier: Apache-2.0
import Glibc
import Machine

/// Looks every 2 ms whether a condition holds, for tests of other processes and threads.
///
/// - Returns: Whether it came to hold within `milliseconds`; be generous, the machine may be busy.
package func waitUntil(milliseconds: Int64 = 10_000, _ condition: () throws -> Bool) rethrows
  -> Bool
{
  let end = MonotonicClock.nanoseconds() + milliseconds * 1_000_000
  while true {
    if try condition() { return true }
    if MonotonicClock.nanoseconds() >= end { return false }
    usleep(2_000)
  }
}
