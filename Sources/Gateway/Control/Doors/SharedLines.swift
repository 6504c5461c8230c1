// SPDX-License-Identifier: Apache-2.0

import Dialects
import Links
import Machine

/// The wires of all batteries: one that several name is opened once and shared.
final class SharedLines {
  private let reactor: Reactor
  /// The wires that more than one battery names.
  private var shared: [ByteLinkSettings] = []
  private var lines: [SharedLine] = []

  init(reactor: Reactor) { self.reactor = reactor }

  /// Goes by other settings from now on; what was handed out before stays as it is.
  func follow(_ settings: Settings) {
    shared = settings.sharedLinks
    lines.removeAll { !shared.contains($0.settings) }
  }

  /// Whether a wire is one that several batteries share.
  func isShared(_ link: ByteLinkSettings) -> Bool { shared.contains(link) }

  /// The wire of a door: its own, or a place on one that is shared.
  func link(for door: DoorSettings, _ password: Secret?) -> any ByteLink {
    let language = door.language(password)
    guard isShared(door.link) else { return door.link.makeLink(for: language) }
    if let line = lines.first(where: { $0.settings == door.link }) {
      return line.seat(isListening: door.isListening)
    }
    let line = SharedLine(door.link, for: language, reactor: reactor)
    lines.append(line)
    return line.seat(isListening: door.isListening)
  }
}

extension Settings {
  /// The wires that more than one battery names, CAN buses aside: there the kernel shares.
  var sharedLinks: [ByteLinkSettings] {
    var seen: [ByteLinkSettings] = []
    var shared: [ByteLinkSettings] = []
    for link in batteries.flatMap({ $0.doors.map(\.link) }) where link.isShareable {
      if seen.contains(link) {
        if !shared.contains(link) { shared.append(link) }
      } else {
        seen.append(link)
      }
    }
    return shared
  }
}

extension ByteLinkSettings {
  /// Whether several batteries may answer on it in turn.
  var isShareable: Bool {
    switch self {
    case .serial, .tcp: true
    case .modbusTCP, .can, .slcan: false
    }
  }
}
