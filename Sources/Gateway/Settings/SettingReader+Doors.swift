// SPDX-License-Identifier: Apache-2.0

import Dialects
import Text

// How a battery is reached, as far as no single setting shows it.
extension SettingReader {
  /// Gives a wire the speed of its language where none is written, and refuses what the language
  /// cannot do.
  mutating func fit(_ node: Node, _ door: inout DoorSettings) {
    guard let dialect = Dialect.named(door.dialect) else { return }
    refuseOptions(node, door, dialect)
    guard let link = node.child("link") else { return }
    if let refusal = dialect.refusal(of: door.link) {
      report(link, found: refusal.found, expected: refusal.expected)
      return
    }
    switch door.link {
    case .serial(var serial):
      guard let baud = dialect.serialBaud, link.child("baud") == nil else { return }
      serial.baud = UInt32(baud)
      door.link = .serial(serial)
    case .slcan(let serial, _):
      guard let bitrate = dialect.canBitrate, link.child("bitrate") == nil else { return }
      door.link = .slcan(serial, bitrate: UInt32(bitrate))
    case .tcp, .modbusTCP, .can: break
    }
  }

  private mutating func refuseOptions(_ node: Node, _ door: DoorSettings, _ dialect: Dialect) {
    if let address = door.address, let child = node.child("address"),
      let refusal = dialect.refusal(ofAddress: address)
    {
      report(child, found: refusal.found, expected: refusal.expected)
    }
    if door.invertsCurrent, let child = node.child("inverts_current"),
      let refusal = dialect.refusalOfInversion
    {
      report(child, found: refusal.found, expected: refusal.expected)
    }
    if !door.module.isEmpty, let child = node.child("module"), let refusal = dialect.refusalOfModule
    {
      report(child, found: refusal.found, expected: refusal.expected)
    }
  }
}
