// SPDX-License-Identifier: Apache-2.0

import Links

// Recordings begin and end while wires and buses stay open.

extension Lane {
  /// Records the bytes of the battery's wire as told from now on; `nil` ends the recording.
  ///
  /// The old recording writes on by itself what it has; nothing is waited for.
  func record(_ traffic: TrafficSettings?) {
    guard traffic != recording else { return }
    recording = traffic
    link.log = traffic.flatMap { battery.makeTrafficLog($0, link: link.name, log: log) }
  }

  /// Waits a little for what is to be written still; for the end of the program alone.
  func finishRecordings() {
    link.log?.close()
    buses.finishRecordings()
  }
}
