// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import Machine

/// What the gateway needs of its machine: a right clock and room on its disk.
package struct HostHealth: Sendable {
  /// Whether something keeps the clock right.
  package var isClockKept: Bool
  /// Bytes that are free on the disk of the history; `nil` where there is none or it cannot be asked.
  package var free: Int64?
  /// Bytes of that disk in all.
  package var size: Int64?
  /// Whether the machine has a hardware watchdog.
  package var hasWatchdog: Bool

  /// The machine as it is now; `path` is a file on the disk in question.
  package init(path: String?) {
    isClockKept = WallClock.isSynchronised
    hasWatchdog = unsafe access("/dev/watchdog", F_OK) == 0
    guard let path else { return }
    var room = statvfs()
    var folder = path
    // The file itself need not be there yet, or not be readable: its folder tells the same.
    if unsafe statvfs(folder, &room) != 0 {
      folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        .joined(separator: "/")
      guard unsafe statvfs(folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder, &room) == 0
      else { return }
    }
    free = Int64(clamping: room.f_bavail) * Int64(clamping: room.f_frsize)
    size = Int64(clamping: room.f_blocks) * Int64(clamping: room.f_frsize)
  }

  /// What is wrong with it; `keepsWatch` tells whether the gateway pets a hardware watchdog.
  package func findings(keepsWatch: Bool) -> [Finding] {
    var found: [Finding] = []
    if !isClockKept {
      found.append(
        Finding(
          .watch, "clock", "clock", "nothing keeps the clock right",
          "Switch a time server on: timedatectl set-ntp true. Control does not need it; the history "
            + "does."))
    }
    if let free, let size, free < 100_000_000 || free * 100 < size * 3 {
      found.append(
        Finding(
          free < 20_000_000 ? .wrong : .watch, "disk", "disk",
          "\(free / 1_000_000) MB are left on the disk of the history",
          "Make room, or let the history be thinned sooner: history.keep."))
    }
    if hasWatchdog, !keepsWatch {
      found.append(
        Finding(
          .note, "no_watchdog", "watchdog", "the machine has a watchdog and it is not used",
          "With watchdog.device it restarts a machine that hangs."))
    }
    return found
  }
}
