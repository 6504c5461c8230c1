// SPDX-License-Identifier: Apache-2.0

import Gateway
import Text

extension ByteLinkSettings {
  /// Where it is, for people.
  var place: String {
    switch self {
    case .serial(let serial): serial.path
    case .tcp(let host): host.place
    case .modbusTCP(let host): "Modbus TCP \(host.place)"
    case .can(let interface): interface
    case .slcan(let serial, _): serial.path
    }
  }

  /// Whether it leads to a CAN bus.
  var isCAN: Bool {
    switch self {
    case .can, .slcan: true
    default: false
    }
  }

  /// What kind of line it is; `baud` is the speed that its owner tells.
  func wire(baud: Int?) -> Detection.Wire {
    switch self {
    case .serial: .serial(baud: baud)
    case .tcp: .stream
    case .modbusTCP: .modbus
    case .can, .slcan: .can
    }
  }
}

extension HostSettings {
  /// As people and settings write it.
  var place: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
