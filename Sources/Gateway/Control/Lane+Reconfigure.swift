// SPDX-License-Identifier: Apache-2.0

import Links
import Machine
import Quantities

extension Lane {
  /// Whether other settings are for the same battery: its name, and its language by each of its doors.
  func isSame(as other: BatterySettings) -> Bool {
    battery.name == other.name && battery.doors.map(\.speech) == other.doors.map(\.speech)
  }

  /// Closes the wires in whose place other settings name others, or share with others.
  func releaseLink(for other: BatterySettings) {
    for (line, door) in zip(lines, other.doors) where isElsewhere(line, door) {
      line.close(reactor)
    }
  }

  /// Whether a door is to have another wire.
  private func isElsewhere(_ line: Line, _ door: DoorSettings) -> Bool {
    door.link != line.door.link || wires?.isShared(door.link) ?? false != (line.seat != nil)
  }

  /// Goes on with other settings of the same battery and these buses.
  func reconfigure(_ new: BatterySettings, buses: [Bus], at now: Tick) {
    battery = new
    due = Tick(.min)
    choice.terms = new.doorTerms
    for (index, door) in new.doors.enumerated() where isElsewhere(lines[index], door) {
      let voice = lines[index].voice
      lines[index] = makeLine(index)
      lines[index].voice = voice
    }
    record(new.traffic)
    self.buses.change(to: buses)
    controller.reconfigure(battery: new, inverters: buses.map(\.settings), at: now)
  }
}
