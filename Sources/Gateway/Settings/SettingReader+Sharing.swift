// SPDX-License-Identifier: Apache-2.0

import Dialects
import Text

// Wires that several batteries name.
extension SettingReader {
  /// Checks the wires of a battery against each other and against those of the batteries before it.
  mutating func relateWires(
    _ battery: BatterySettings, _ node: Node, earlier: ArraySlice<BatterySettings>
  ) {
    for (index, door) in battery.doors.enumerated() {
      relateBus(door, node, earlier: earlier.flatMap(\.doors))
      guard let place = door.link.place else { continue }
      if battery.doors[..<index].contains(where: { $0.link.place == place }) {
        report(
          node, found: "two doors on one wire",
          expected: "a wire of its own for each door: \(place) cannot be silent for one alone")
        continue
      }
      for other in earlier {
        for theirs in other.doors where theirs.link.place == place {
          share(door, theirs, of: other, node)
        }
      }
    }
  }

  /// Checks that two batteries can share a wire.
  private mutating func share(
    _ door: DoorSettings, _ theirs: DoorSettings, of other: BatterySettings, _ node: Node
  ) {
    let found = "the wire of battery \"\(other.name)\""
    let language = door.language()
    guard door.link.isShareable, theirs.link.isShareable else {
      return report(node, found: found, expected: "a wire of its own for each battery")
    }
    if door.isListening != theirs.isListening {
      report(
        node, found: "\(found), of which one listens and the other asks",
        expected: "listen of both: where another host asks, nobody else may")
    } else if door.link != theirs.link {
      report(
        node, found: found,
        expected: "the same name, speed and rs485 of the wire for all batteries on one line")
    } else if door.dialect == theirs.dialect, language.choices.addresses == nil {
      report(
        node, found: found,
        expected:
          "a wire of its own for each battery: a \(language.title) has no number, so that one "
          + "alone can be on a line")
    } else if door.dialect == theirs.dialect,
      (door.address ?? language.choices.usualAddress)
        == (theirs.address ?? language.choices.usualAddress)
    {
      report(
        node, found: "the wire and the address of battery \"\(other.name)\"",
        expected: "an address of its own for each battery on a line")
    }
  }
}

extension ByteLinkSettings {
  /// By what one wire is known from others: a device, or a host and port; `nil` for a bus, and while it
  /// is not known.
  var place: String? {
    switch self {
    case .serial(let serial), .slcan(let serial, _): serial.path.isEmpty ? nil : serial.path
    case .tcp(let host), .modbusTCP(let host):
      host.host.isEmpty ? nil : "[\(host.host.lowercased())]:\(host.port)"
    // The kernel shares a bus.
    case .can: nil
    }
  }
}
