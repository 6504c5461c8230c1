// SPDX-License-Identifier: Apache-2.0

import Links
import Machine
import Quantities

extension Lane {
  /// Whether other settings are for the same battery: its name and its language.
  func isSame(as other: BatterySettings) -> Bool {
    battery.name == other.name && battery.dialect == other.dialect && battery.map == other.map
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
    for bus in buses where !self.buses.contains(where: { $0 === bus }) { adopt(bus) }
    self.buses = buses
    controller.reconfigure(battery: new, inverters: buses.map(\.settings), at: now)
  }

  /// Takes over a bus that may be open and watched for another battery.
  func adopt(_ bus: Bus) {
    release(bus)
    if bus.link.isOpen { hear(bus) }
  }

  /// Hears from a bus that was open before.
  private func hear(_ bus: Bus) {
    do throws(LinkError) {
      bus.watch = try observe(bus.link.descriptor, bus.link.name) { [unowned self] in
        self.receive(bus)
      }
    } catch {
      fail(error, bus, at: MonotonicClock.now())
    }
  }

  /// Hears nothing more from a bus, and leaves it open.
  func release(_ bus: Bus) {
    if let watch = bus.watch { reactor.unwatch(watch) }
    bus.watch = nil
  }
}
