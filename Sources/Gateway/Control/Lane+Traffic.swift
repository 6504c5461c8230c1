// SPDX-License-Identifier: Apache-2.0

import Links

// Recordings begin and end while wires and buses stay open.

extension Lane {
  /// Records the bytes of the battery's wire as told from now on; `nil` ends the recording.
  ///
  /// The old recording writes on by itself what it has; nothing is waited for.
  func record(_ traffic: TrafficSettings?) {
    battery.traffic = traffic
    for (index, line) in lines.enumerated() {
      let wanted = battery.traffic(ofDoor: index)
      guard wanted != line.recording else { continue }
      line.recording = wanted
      line.link.log = wanted.flatMap {
        battery.makeTrafficLog(
          $0, link: line.link.name, dialect: line.door.dialect, log: log)
      }
    }
  }

  /// Waits a little for what is to be written still; for the end of the program alone.
  func finishRecordings() {
    for line in lines { line.link.log?.close() }
    buses.finishRecordings()
  }
}
