// SPDX-License-Identifier: Apache-2.0

import Dialects
import Inverters
import Text
import Wire

// Batteries and inverters that share a bus.
extension SettingReader {
  /// Bits a second at which the inverters' languages run.
  private static let inverterBitrate = 500_000

  /// Checks the bus of a battery against those of the batteries before it.
  mutating func relateBus(_ door: DoorSettings, _ node: Node, earlier: [DoorSettings]) {
    guard case .can(let interface) = door.link, !interface.isEmpty else { return }
    for other in earlier where other.link == door.link {
      let (mine, theirs) = (door.language(), other.language())
      // Why a language is not on a bus at all is told at its link.
      guard let bitrate = mine.canBitrate, let otherBitrate = theirs.canBitrate else { continue }
      if mine.canFilters.clash(with: theirs.canFilters) {
        report(
          node, found: "the bus and the CAN identifiers of another battery",
          expected: "a bus of its own, or an address of its own for each battery on \(interface)")
        return
      }
      if bitrate != otherBitrate {
        report(
          node, found: "\(bitrate) bit/s on a bus with another battery's \(otherBitrate) bit/s",
          expected: "one speed on \(interface): set both batteries to it", severity: .warning)
      }
    }
  }

  /// Checks the bus of an inverter against those of batteries.
  mutating func relateBus(_ inverter: InverterSettings, _ node: Node, _ doors: [DoorSettings]) {
    guard case .socketCAN(let interface) = inverter.link, !interface.isEmpty else { return }
    for door in doors where door.link == .can(interface) {
      let language = door.language()
      guard let bitrate = language.canBitrate else { continue }
      let profile = InverterProfile.named(inverter.profile) ?? .victron
      let own = profile.frames.map { CANFilter(id: $0.id) }
      if language.canFilters.clash(with: own) {
        report(
          node, found: "the bus of a battery whose CAN identifiers are the inverter's, too",
          expected: "a bus of its own for the inverter")
      } else if bitrate != Self.inverterBitrate {
        report(
          node,
          found: "a bus with \(language.title), which speaks at \(bitrate) bit/s unless it is set "
            + "otherwise",
          expected: "\(Self.inverterBitrate) bit/s as inverters have it, or a bus of its own for "
            + "each: one bus has one speed", severity: .warning)
      }
    }
  }
}

extension [CANFilter] {
  /// Whether a frame could be meant by both; those that tell nothing may mean any.
  fileprivate func clash(with others: [CANFilter]) -> Bool {
    isEmpty || others.isEmpty || contains { mine in others.contains { mine.overlaps($0) } }
  }
}
