// SPDX-License-Identifier: Apache-2.0

import Links

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

  /// The file that frames are written to; `nil` where none is.
  var trafficPath: String? { if case .file(let path) = link { path } else { traffic?.path } }
}
