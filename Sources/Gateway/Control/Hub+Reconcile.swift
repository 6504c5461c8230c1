// SPDX-License-Identifier: Apache-2.0

import Machine
import Quantities
import Wire

extension Hub {
  /// Goes on with other settings: what is the same is not touched, what is new begins, what is gone is
  /// told a last word.
  ///
  /// A battery is the same while its name and its language are, a bus while it leads to the same place.
  func reconcile(_ settings: Settings, at now: Tick) {
    let before = lanes
    let spare = before.flatMap(\.buses.all) + banks.flatMap(\.buses.all)
    wires.follow(settings)
    partWithRemoved(settings, at: now)

    // What closes does so before anything opens, since a new part may want the same device.
    for bus in spare where !settings.inverters.contains(where: bus.isSame(as:)) {
      guard settings.inverters.contains(where: { $0.name == bus.name }) else { continue }
      bus.close(reactor)
      desk.attic.put(bus)
    }
    for lane in before where !settings.batteries.contains(where: lane.isSame(as:)) {
      lane.closeLink()
      desk.attic.put(lane)
    }
    for lane in before {
      guard let battery = settings.batteries.first(where: lane.isSame(as:)) else { continue }
      lane.releaseLink(for: battery)
    }

    func buses(of name: String) -> [Bus] {
      settings.inverters.filter { $0.battery == name }.map { inverter in
        guard let bus = spare.first(where: { $0.isSame(as: inverter) }) else {
          return Bus(inverter)
        }
        if let log = bus.reconfigure(inverter) { desk.attic.put(log) }
        return bus
      }
    }
    lanes = settings.batteries.map { battery in
      let buses = buses(of: battery.name)
      guard let lane = before.first(where: { $0.isSame(as: battery) }) else {
        return Lane(battery, buses: buses, reactor: reactor, wires: wires, log: desk.log)
      }
      lane.reconfigure(battery, buses: buses, at: now)
      return lane
    }
    let banksBefore = banks
    banks = settings.banks.map { bank in
      let buses = buses(of: bank.name)
      guard let lane = banksBefore.first(where: { $0.settings.name == bank.name }) else {
        return BankLane(bank, lanes, buses: buses, reactor: reactor, log: desk.log)
      }
      lane.reconfigure(bank, lanes, buses: buses, at: now)
      return lane
    }
  }

  /// Begins the last word to each inverter whose bus and name are both gone.
  private func partWithRemoved(_ settings: Settings, at now: Tick) {
    for lane in lanes {
      // Of a copy: to the inverters that stay nothing is over.
      var controller = lane.controller
      part(lane.buses, settings, at: now) {
        controller.farewell(at: now)
      } pause: {
        controller.farewellPause(output: $0)
      }
    }
    for bank in banks {
      part(bank.buses, settings, at: now) {
        bank.control.farewell()
      } pause: {
        bank.control.farewellPause(output: $0)
      }
    }
  }

  private func part(
    _ buses: Buses, _ settings: Settings, at now: Tick, farewell: () -> [[CANFrame]],
    pause: (Int) -> Int64
  ) {
    func isRemoved(_ bus: Bus) -> Bool {
      !settings.inverters.contains { bus.isSame(as: $0) || $0.name == bus.name }
    }
    guard buses.all.contains(where: isRemoved) else { return }
    let farewell = farewell()
    for (index, bus) in buses.all.enumerated() where isRemoved(bus) {
      buses.release(bus)
      partings.append(Parting(bus, farewell[index], pause: pause(index), at: now))
    }
  }
}
