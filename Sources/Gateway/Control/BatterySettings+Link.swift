// SPDX-License-Identifier: Apache-2.0

import Links

extension BatterySettings {
  /// The line that these settings name, not open yet.
  func makeLink() -> any ByteLink {
    switch link {
    case .serial(let serial): SerialLink(path: serial.path, baud: serial.baud)
    // Cannot be reached: the settings reader accepts serial ports only.
    case .tcp, .modbusTCP: preconditionFailure("a link that no settings file can name")
    }
  }
}
