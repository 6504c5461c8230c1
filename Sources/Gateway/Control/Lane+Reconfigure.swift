// SPDX-License-Identifier: Apache-2.0

import Links
import Machine
import Quantities

extension Lane {
  /// Whether other settings are for the same battery: its name and its language.
  func isSame(as other: BatterySettings) -> Bool {
    battery.name == other.name && battery.dialect == other.dialect
  }

  /// Closes the wire where other settings name another.
  func releaseLink(for other: BatterySettings) {
    guard other.link != battery.link else { return }
    closeLink()
  }

  /// Goes on with other settings of the same battery and these buses.
  func reconfigure(_ new: BatterySettings, buses: [Bus], at now: Tick) {
    let isElsewhere = new.link != battery.link
    battery = new
    due = Tick(.min)
    if isElsewhere {
      link = new.recorded(new.makeLink(), log: log)
      recording = new.traffic
      reopening = Reopening()
    } else {
      record(new.traffic)
    }
    self.buses.change(to: buses)
    controller.reconfigure(battery: new, inverters: buses.map(\.settings), at: now)
  }
}
