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

  /// Logs the frames on the bus of an inverter as told from now on; `nil` ends the log.
  func record(_ traffic: TrafficSettings?, inverter: String) {
    for bus in buses where bus.name == inverter && traffic != bus.recording {
      bus.recording = traffic
      bus.link.log = traffic.flatMap {
        InverterSettings.makeTrafficLog($0, part: bus.name, log: log)
      }
    }
  }

  /// Waits a little for what is to be written still; for the end of the program alone.
  func finishRecordings() {
    link.log?.close()
    for bus in buses { bus.link.log?.close() }
  }
}
