// SPDX-License-Identifier: Apache-2.0

extension FrameLinkSettings {
  /// Whether both lead to the same bus, whatever else is set of them.
  ///
  /// Two profiles give one identifier different meanings, so that each inverter needs a bus of its own.
  func isSameBus(as other: FrameLinkSettings) -> Bool {
    switch (self, other) {
    case (.socketCAN(let name), .socketCAN(let otherName)): name == otherName
    case (.slcan(let port, _), .slcan(let otherPort, _)): port.path == otherPort.path
    case (.file(let path), .file(let otherPath)): path == otherPath
    default: false
    }
  }
}
