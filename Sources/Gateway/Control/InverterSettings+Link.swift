// SPDX-License-Identifier: Apache-2.0

import Links
import Machine

extension InverterSettings {
  /// The bus that these settings name, not open yet.
  func makeBus() -> any FrameLink {
    switch link {
    case .socketCAN(let interface): SocketCANLink(interface: interface)
    case .slcan(let serial, let bitrate):
      SLCANLink(over: serial.makeLink(), bitsPerSecond: bitrate)
    case .file: QuietBus(name: name)
    }
  }

  /// Where frames are written; `nil` where they are not.
  var frameLog: TrafficSettings? {
    guard case .file(let path) = link else { return traffic }
    // The file stands in the place of the bus: it is never put aside.
    var whole = TrafficSettings(path: path)
    whole.rotation = .none
    return whole
  }
}
