// SPDX-License-Identifier: Apache-2.0

import Battery
import Dialects
import Text

// How a battery is reached, as far as no single setting shows it.
extension SettingReader {
  /// Takes over how a battery is reached: by one door, or by several.
  mutating func reach(_ node: Node, _ battery: inout BatterySettings) {
    let own = ["dialect", "link", "address", "inverts_current", "module", "listen"]
    guard node.child("doors") != nil else {
      if node.child("dialect") == nil {
        report(
          node, found: "no \"dialect\"",
          expected: "the language of the battery, such as \"tinybms\"")
      }
      if node.child("link") == nil {
        report(
          node, found: "no \"link\"",
          expected: "the wire, such as link: { serial: \"/dev/ttyUSB0\" }")
      }
      fit(node, &battery.door)
      checkWays(node, battery)
      return
    }
    for key in own {
      guard let child = node.child(key) else { continue }
      report(
        child, found: "\"\(key)\" beside \"doors\"",
        expected: "it inside \"doors\", where each door has its own")
    }
    guard !battery.others.isEmpty else { return }
    battery.door = battery.others.removeFirst()
    checkWays(node, battery)
  }

  /// Checks what the ways to a battery are to its other settings.
  private mutating func checkWays(_ node: Node, _ battery: BatterySettings) {
    if battery.isLowPower, battery.others.count > 0 || battery.door.isListening {
      report(
        node.child("low_power") ?? node, found: "low_power with several doors or with listen",
        expected: "one door that asks: a battery that is looked at otherwise cannot sleep")
    }
    let aging = Freshness.Bounds(battery).aging
    if let fallback = battery.fallback, fallback >= aging {
      report(
        node.child("fallback_ms") ?? node, found: "fallback_ms \(fallback)",
        expected:
          "less than aging_ms, \(aging): the next door must have spoken before readings are "
          + "stale")
    }
  }

  /// Gives a wire the speed of its language where none is written, and refuses what the language
  /// cannot do.
  mutating func fit(_ node: Node, _ door: inout DoorSettings) {
    door.map = maps[door.dialect]
    guard let dialect = door.map?.dialect ?? Dialect.named(door.dialect) else { return }
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
