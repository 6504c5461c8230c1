// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Dialects
import Inverters
import Quantities
import Text
import Wire

/// Reads `cellbus.json5` and explains every mistake in it.
package enum SettingsFile {
  /// The settings in a document and all that is wrong with them.
  ///
  /// The settings hold only where no problem is an error.
  package static func read(_ bytes: [UInt8]) -> (settings: Settings, problems: [SettingProblem]) {
    let document: JSONValue
    do throws(JSONError) {
      document = try JSON5Reader.read(bytes, as: .json5, maxBytes: 1 << 20)
    } catch {
      let problem = SettingProblem(
        position: TextPosition(line: error.line, column: error.column), path: "",
        found: error.found, expected: error.expected ?? "JSON5")
      return (Settings(), [problem])
    }
    var reader = SettingReader()
    let settings = reader.settings(SettingReader.Node(document, path: ""))
    let problems = reader.problems.sorted {
      ($0.position.line, $0.position.column) < ($1.position.line, $1.position.column)
    }
    return (settings, problems)
  }
}

extension SettingReader {
  fileprivate mutating func settings(_ root: Node) -> Settings {
    var settings = Settings()
    guard checkKeys(root, ["batteries", "inverters", "history", "status", "log"]) else {
      return settings
    }
    let batteries = list(root, "batteries")
    if batteries.isEmpty {
      report(root, found: "no battery", expected: "at least one in \"batteries\"")
    }
    for node in batteries {
      guard let battery = battery(node) else { continue }
      if settings.batteries.contains(where: { $0.name == battery.name }), !battery.name.isEmpty {
        report(
          node, found: "a second battery \"\(battery.name)\"",
          expected: "a name of its own for each battery")
      }
      if let path = battery.serialPath, !path.isEmpty,
        let other = settings.batteries.first(where: { $0.serialPath == path })
      {
        report(
          node, found: "the port of battery \"\(other.name)\"",
          expected: "a port of its own for each battery")
      }
      settings.batteries.append(battery)
    }
    for node in list(root, "inverters") {
      guard let inverter = inverter(node, settings.batteries) else { continue }
      if settings.inverters.contains(where: { $0.link.isSameBus(as: inverter.link) }),
        inverter.link != .file("")
      {
        report(
          node, found: "the bus of another inverter", expected: "a bus of its own for each inverter"
        )
      }
      if settings.inverters.contains(where: { $0.name == inverter.name }), !inverter.name.isEmpty {
        report(
          node, found: "a second inverter \"\(inverter.name)\"",
          expected: "a name of its own for each inverter")
      }
      if case .slcan(let serial, _) = inverter.link,
        settings.batteries.contains(where: { $0.serialPath == serial.path })
      {
        report(
          node, found: "the port of a battery",
          expected: "a port of its own for the adapter")
      }
      settings.inverters.append(inverter)
    }
    if let node = object(root, "history") { settings.history = history(node) }
    if let node = object(root, "status"), checkKeys(node, ["socket"]) {
      settings.status.socket =
        node.value["socket"]?.isNull == true ? nil : string(node, "socket", longest: 107)
    }
    if let node = object(root, "log"), checkKeys(node, ["level"]),
      let word = choice(node, "level", LogLevel.allCases.map(\.name)),
      let level = LogLevel.allCases.first(where: { $0.name == word })
    {
      settings.log.level = level
    }
    return settings
  }

  private mutating func battery(_ node: Node) -> BatterySettings? {
    let keys = [
      "name", "dialect", "link", "poll_ms", "fresh_ms", "aging_ms", "stale_ms", "charging",
    ]
    guard checkKeys(node, keys) else { return nil }
    let name = requiredString(node, "name", "a name for the battery, such as \"house\"")
    if node.value["dialect"] == nil {
      report(
        node, found: "no \"dialect\"", expected: "the language of the battery, such as \"tinybms\"")
    }
    let dialect = choice(node, "dialect", Dialect.all.map { "\($0.name)" })
    // What is wrong stays empty here: every mistake is to be told, and none of it is started with.
    var battery = BatterySettings(
      name: name ?? "", dialect: dialect ?? "", link: .serial(serialLink(node)))
    if let period = integer(node, "poll_ms", 100...10_000, "ms") { battery.pollPeriod = period }
    battery.fresh = integer(node, "fresh_ms", 250...60_000, "ms")
    battery.aging = integer(node, "aging_ms", 1000...300_000, "ms")
    battery.stale = integer(node, "stale_ms", 5000...600_000, "ms")
    let ages = [battery.fresh, battery.aging, battery.stale].compactMap(\.self)
    if ages != ages.sorted() {
      report(
        node, found: "the ages \(ages.map(String.init).joined(separator: ", ")) ms",
        expected: "fresh_ms below aging_ms below stale_ms")
    }
    if let charging = object(node, "charging") {
      battery.charging = chargeSettings(charging)
    } else {
      check(battery.charging, node)
    }
    return battery
  }

  private mutating func serialLink(_ node: Node) -> SerialSettings {
    var link = SerialSettings(path: "")
    guard let linkNode = object(node, "link") else {
      report(
        node, found: "no \"link\"", expected: "the wire, such as link: { serial: \"/dev/ttyUSB0\" }"
      )
      return link
    }
    guard checkKeys(linkNode, ["serial", "baud"]) else { return link }
    let what = "a serial port, such as serial: \"/dev/ttyUSB0\""
    link.path = requiredString(linkNode, "serial", what) ?? ""
    if let baud = integer(linkNode, "baud", 50...4_000_000, "bit/s") { link.baud = UInt32(baud) }
    return link
  }

  private mutating func chargeSettings(_ node: Node) -> ChargeSettings {
    guard checkKeys(node, ["chemistry", "cells"] + ChargingRow.all.map(\.key)) else { return .lfp }
    var settings: ChargeSettings =
      switch choice(node, "chemistry", ["lfp", "nmc", "lto"]) {
      case "nmc": .nmc
      case "lto": .lto
      default: .lfp
      }
    if let cells = integer(node, "cells", 1...48, "cells in series") { settings.cells = Int(cells) }
    for row in ChargingRow.all { row.read(&self, node, &settings) }
    check(settings, node)
    return settings
  }

  /// What no single value shows: relations between settings, and what a preset leaves to the owner.
  private mutating func check(_ settings: ChargeSettings, _ node: Node) {
    for problem in settings.validate() {
      guard let key = ChargingRow.key(of: "\(problem.field)") else {
        report(node, found: "settings that do not fit together", expected: problem.description)
        continue
      }
      // "is 3.6 V: expected 1 V to 3.45 V; why", or a sentence of its own.
      let parts = problem.message.split(separator: ": expected ", maxSplits: 1)
      let expected = parts.count == 2 ? String(parts[1]) : "\(key): it \(problem.message)"
      guard let child = object(node, key) else {
        report(node, found: "no \"\(key)\" that fits", expected: expected)
        continue
      }
      report(child, expected: expected)
    }
  }

  private mutating func inverter(_ node: Node, _ batteries: [BatterySettings]) -> InverterSettings?
  {
    let keys = [
      "name", "profile", "battery", "link", "log", "manufacturer", "model", "family", "health_pct",
      "period_ms", "gap_ms", "mapping",
    ]
    guard checkKeys(node, keys) else { return nil }
    let name = requiredString(node, "name", "a name for the inverter, such as \"gx\"")
    let profile = choice(node, "profile", InverterProfile.all.map { "\($0.name)" })
    let names = batteries.map(\.name).filter { !$0.isEmpty }
    let battery = names.isEmpty ? nil : choice(node, "battery", names) ?? names[0]
    if node.value["battery"] == nil, batteries.count > 1 {
      report(node, found: "no \"battery\"", expected: "the name of the battery that it is told of")
    }
    var inverter = InverterSettings(
      name: name ?? "", battery: battery ?? "", link: frameLink(node) ?? .file(""))
    inverter.profile = profile ?? inverter.profile
    inverter.traffic = string(node, "log").map { TrafficSettings(path: $0) }
    inverter.manufacturer = string(node, "manufacturer", longest: 8)
    inverter.model = string(node, "model", longest: 16) ?? inverter.model
    inverter.family = string(node, "family", longest: 8) ?? inverter.family
    inverter.health = amount(node, "health_pct", Percent.percent(1)...Percent.percent(100))
    inverter.period = integer(node, "period_ms", 200...1000, "ms") ?? inverter.period
    inverter.gap = integer(node, "gap_ms", 1...50, "ms") ?? inverter.gap
    inverter.mapping = mapping(node, inverter)
    return inverter
  }

  private mutating func frameLink(_ node: Node) -> FrameLinkSettings? {
    let expected = "one of { can: \"can0\" }, { slcan: \"/dev/ttyACM0\" } and { file: \"can.log\" }"
    guard let link = object(node, "link") else {
      report(node, found: "no \"link\"", expected: expected)
      return nil
    }
    guard checkKeys(link, ["can", "slcan", "file", "bitrate", "baud"]) else { return nil }
    guard ["can", "slcan", "file"].count(where: { link.value[$0] != nil }) < 2 else {
      report(link, found: "more than one bus", expected: expected)
      return nil
    }
    if let interface = string(link, "can", longest: 15) { return .socketCAN(interface) }
    if let path = string(link, "slcan") {
      var serial = SerialSettings(path: path)
      if let baud = integer(link, "baud", 50...4_000_000, "bit/s") { serial.baud = UInt32(baud) }
      let bitrate = integer(link, "bitrate", 10_000...1_000_000, "bit/s") ?? 500_000
      let speeds = SLCAN.Speed.allCases.map(\.bitsPerSecond)
      if let node = object(link, "bitrate"), !speeds.contains(UInt32(bitrate)) {
        report(node, expected: "one of \(speeds.map(String.init).joined(separator: ", ")) bit/s")
      }
      return .slcan(serial, bitrate: UInt32(bitrate))
    }
    if let path = string(link, "file") { return .file(path) }
    // What stands under one of the keys and is no name was told already.
    if ["can", "slcan", "file"].allSatisfy({ link.value[$0] == nil }) {
      report(link, expected: expected)
    }
    return nil
  }

  private mutating func history(_ node: Node) -> HistorySettings {
    var history = HistorySettings()
    guard checkKeys(node, ["file", "period_ms"]) else { return history }
    if node.value["file"]?.isNull == true {
      history.path = nil
    } else if let path = string(node, "file") {
      history.path = path
    }
    history.period = integer(node, "period_ms", 100...60_000, "ms") ?? history.period
    return history
  }
}

extension JSONError {
  /// What stands there, of a message such as `found 'x' where a value was expected`.
  fileprivate var found: String {
    let rest = message.hasPrefix("found ") ? String(message.dropFirst(6)) : message
    return rest.firstRange(of: " where ").map { String(rest[..<$0.lowerBound]) } ?? rest
  }

  /// What should stand there, where the message tells it.
  fileprivate var expected: String? {
    guard let place = message.firstRange(of: " where ") else { return nil }
    let rest = message[place.upperBound...]
    return String(rest.firstRange(of: " was expected").map { rest[..<$0.lowerBound] } ?? rest)
  }
}
