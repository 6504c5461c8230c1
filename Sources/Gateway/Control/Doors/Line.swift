// SPDX-License-Identifier: Apache-2.0

import Links
import Machine
import Quantities

/// One wire to a battery, on the control thread.
final class Line {
  /// The door that it leads to.
  let door: DoorSettings
  /// The wire with its recording, where one is written.
  var link: LoggedByteLink
  /// How the bytes of the wire are recorded now; `nil` when they are not.
  var recording: TrafficSettings?
  var watch: Reactor.Watch?
  var reopening = Reopening()
  /// Whether the wire was opened, and its far end not reached yet.
  var isConnecting = false
  /// The battery's place, where the wire is one that several share.
  let seat: Seat?
  /// The state of the controller of its bus, as it was last said.
  var state = CANHealth.State.active
  /// The conversation on it while the battery is read by another door; `nil` while it is closed, or is
  /// itself in use.
  var voice: Voice?

  init(
    _ door: DoorSettings, _ link: any ByteLink, recording: TrafficSettings?, log: TrafficLog?
  ) {
    self.door = door
    self.link = LoggedByteLink(link, log: log)
    self.recording = recording
    seat = link as? Seat
  }

  /// How people tell it from other doors: "daly-a5 on /dev/ttyUSB0".
  var name: String { "\(door.dialect) on \(link.name)" }

  /// Closes the wire; it may be opened again at any time.
  func close(_ reactor: Reactor) {
    if let watch { reactor.unwatch(watch) }
    watch = nil
    isConnecting = false
    link.close()
  }

  /// Whether it is now to be told that the far end was reached.
  func noteReached(at now: Tick) -> Bool {
    guard isConnecting, link.isReady else { return false }
    isConnecting = false
    reopening.reached(at: now)
    return true
  }
}
