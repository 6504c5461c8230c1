// SPDX-License-Identifier: Apache-2.0

import Battery

/// Batteries of the settings that are one and the same by their serial number.
struct Twins {
  /// The serial numbers when they were last compared, in the order of the settings.
  private var serials: [Label?] = []
  /// For each battery that has one, the name of its twin.
  private var names: [String: String] = [:]

  /// Compares the serial numbers where one is new.
  ///
  /// - Returns: the pairs that were not known before.
  mutating func compare(
    _ batteries: [(name: String, dialect: String, serial: Label?)]
  ) -> [(String, String)] {
    guard serials != batteries.map(\.serial) else { return [] }
    serials = batteries.map(\.serial)
    var found: [String: String] = [:]
    var new: [(String, String)] = []
    for (index, one) in batteries.enumerated() {
      guard let serial = one.serial, !serial.isEmpty else { continue }
      for other in batteries[(index + 1)...]
      where other.serial == serial && other.dialect == one.dialect {
        found[one.name] = found[one.name] ?? other.name
        found[other.name] = found[other.name] ?? one.name
        if names[one.name] != other.name { new.append((one.name, other.name)) }
      }
    }
    names = found
    return new
  }

  /// The view of a battery with its twin.
  func marked(_ view: GatewayView.BatteryView) -> GatewayView.BatteryView {
    var view = view
    view.twin = names[view.name]
    return view
  }
}

extension Hub {
  /// Says when two batteries of the settings turn out to be one.
  func noteTwins() {
    let batteries = lanes.map {
      (name: $0.battery.name, dialect: $0.battery.dialect, serial: $0.controller.recognition.serial)
    }
    for (one, other) in twins.compare(batteries) {
      desk.log.write(
        .error, one,
        "it is the same unit as \(other), by its serial number: remove one of the two from the "
          + "settings, or correct its port")
    }
  }
}
