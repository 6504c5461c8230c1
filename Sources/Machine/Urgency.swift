// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// In which order the system lets threads run.
package enum Urgency {
  /// SCHED_RESET_ON_FORK, a macro that needs _GNU_SOURCE: programs started from here begin as
  /// ordinary ones.
  private static let resetOnFork: Int32 = 0x4000_0000

  /// Lets the calling thread run before all ordinary ones from now on: a thread that must answer in
  /// a millisecond otherwise waits for the rest of another program's slice, 4 ms and more.
  ///
  /// Only for threads that wait most of the time. It takes CAP_SYS_NICE or a limit of real-time
  /// priorities above 0 (`LimitRTPRIO=` of systemd); without either nothing changes.
  /// - Returns: Whether the system permits it.
  @discardableResult
  package static func claim() -> Bool {
    var lowest = sched_param()
    lowest.sched_priority = sched_get_priority_min(SCHED_RR)
    return unsafe sched_setscheduler(0, SCHED_RR | resetOnFork, &lowest) == 0
  }

  /// Makes the calling thread an ordinary one again.
  package static func release() {
    var ordinary = sched_param()
    ordinary.sched_priority = 0
    _ = unsafe sched_setscheduler(0, SCHED_OTHER, &ordinary)
  }

  /// Whether the calling thread runs before all ordinary ones.
  package static var isClaimed: Bool { sched_getscheduler(0) & ~resetOnFork == SCHED_RR }
}
