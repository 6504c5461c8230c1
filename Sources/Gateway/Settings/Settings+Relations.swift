// SPDX-License-Identifier: Apache-2.0

import Text

// What no single setting shows, and no schema can say.
extension SettingReader {
  /// Checks what the parts of a file are to each other.
  mutating func relate(_ root: Node, _ settings: inout Settings) {
    for (index, node) in elements(root, "batteries").enumerated() {
      relate(settings.batteries[index], node, earlier: settings.batteries[..<index])
    }
    relateBanks(root, settings)
    for (index, node) in elements(root, "inverters").enumerated() {
      choose(&settings.inverters[index], node, settings)
      relate(settings.inverters[index], node, earlier: settings.inverters[..<index], settings)
    }
    checkParts(root, settings)
    checkFiles(root)
  }

  private mutating func relate(
    _ battery: BatterySettings, _ node: Node, earlier: ArraySlice<BatterySettings>
  ) {
    if earlier.contains(where: { $0.name == battery.name }), !battery.name.isEmpty {
      report(
        node, found: "a second battery \"\(battery.name)\"",
        expected: "a name of its own for each battery")
    }
    relateWires(battery, node, earlier: earlier)
  }

  /// The battery or bank that an inverter is told of: the named one, or the only one.
  private mutating func choose(
    _ inverter: inout InverterSettings, _ node: Node, _ settings: Settings
  ) {
    let names = (settings.batteries.map(\.name) + settings.banks.map(\.name)).filter { !$0.isEmpty }
    if node.value["battery"] == nil {
      guard settings.batteries.count + settings.banks.count > 1 else {
        inverter.battery = names.first ?? ""
        return
      }
      report(
        node, found: "no \"battery\"",
        expected: "the name of the battery or bank that it is told of")
    } else if !names.isEmpty, node.value["battery"]?.string?.isEmpty == false {
      _ = choice(node, "battery", names)
    }
  }

  private mutating func relate(
    _ inverter: InverterSettings, _ node: Node, earlier: ArraySlice<InverterSettings>,
    _ settings: Settings
  ) {
    if earlier.contains(where: { $0.link.isSameBus(as: inverter.link) }), inverter.link != .file("")
    {
      report(
        node, found: "the bus of another inverter", expected: "a bus of its own for each inverter")
    }
    if earlier.contains(where: { $0.name == inverter.name }), !inverter.name.isEmpty {
      report(
        node, found: "a second inverter \"\(inverter.name)\"",
        expected: "a name of its own for each inverter")
    }
    relateBus(inverter, node, settings.batteries.flatMap(\.doors))
    if case .slcan(let serial, _) = inverter.link,
      settings.batteries.contains(where: { $0.serialPaths.contains(serial.path) })
    {
      report(
        node, found: "the port of a battery", expected: "a port of its own for the adapter")
    }
    if let battery = settings.batteries.first(where: { $0.name == inverter.battery }),
      battery.isLowPower
    {
      report(
        node.child("battery") ?? node, found: "the battery \"\(battery.name)\" with low_power",
        expected:
          "one without it: a battery that is read more slowly than every 10 s may not drive "
          + "an inverter")
    }
  }

  /// The names below `log.parts` are parts of this gateway.
  private mutating func checkParts(_ root: Node, _ settings: Settings) {
    guard let parts = root.child("log")?.child("parts"), let members = parts.value.members else {
      return
    }
    let names =
      settings.batteries.map(\.name).filter { !$0.isEmpty }
      + (settings.inverters.map(\.name) + settings.banks.map(\.name)).filter { !$0.isEmpty }
    let known = LogSettings.knownParts + names
    for member in members where !known.contains(member.key) {
      let hint = EditDistance.nearest(member.key, in: known).map { "; did you mean \"\($0)\"?" }
      report(
        Node(JSONValue(.null, at: member.keyPosition), path: parts.path),
        found: "the unknown part \"\(member.key)\"",
        expected: "one of \(known.joined(separator: ", "))\(hint ?? "")")
    }
  }

  /// The elements of a list that was read, and complained of, before.
  private func elements(_ root: Node, _ key: String) -> [Node] {
    let values = root.child(key)?.value.array ?? []
    return values.enumerated().map { Node($0.element, path: "\(key)[\($0.offset)]") }
  }

  /// No two things are written to one file: each is put aside, or packed, by itself.
  private mutating func checkFiles(_ root: Node) {
    var files: [Node] = []
    if let node = root.child("history") { files += [node.child("file")].compactMap(\.self) }
    if let node = root.child("log") { files += [node.child("file")].compactMap(\.self) }
    for node in elements(root, "batteries") + elements(root, "inverters") {
      files += [node.child("traffic"), node.child("traffic")?.child("file")].compactMap(\.self)
      files += [node.child("link")?.child("file")].compactMap(\.self)
    }
    for (index, node) in files.enumerated() {
      guard let path = node.value.string,
        files[..<index].contains(where: { $0.value.string == path })
      else { continue }
      report(
        node, expected: "a file of its own: something else is written to this one",
        severity: .warning)
    }
  }
}
