// SPDX-License-Identifier: Apache-2.0

import Charging
import Packs
import Text

// What banks must be to batteries and to each other.
extension SettingReader {
  /// Checks the banks of a file that was read before.
  mutating func relateBanks(_ root: Node, _ settings: Settings) {
    let nodes = (root.child("banks")?.value.array ?? []).enumerated().map {
      Node($0.element, path: "banks[\($0.offset)]")
    }
    for (index, node) in nodes.enumerated() where index < settings.banks.count {
      let bank = settings.banks[index]
      relate(bank, node, earlier: settings.banks[..<index], settings)
      relateMembers(bank, node, root, settings)
      relateSources(bank, node, settings)
    }
  }

  private mutating func relate(
    _ bank: BankSettings, _ node: Node, earlier: ArraySlice<BankSettings>, _ settings: Settings
  ) {
    let isTaken =
      earlier.contains { $0.name == bank.name }
      || settings.batteries.contains { $0.name == bank.name }
    if isTaken, !bank.name.isEmpty {
      report(
        node.child("name") ?? node, found: "a second \"\(bank.name)\"",
        expected: "a name that no battery and no other bank has")
    }
    if bank.terms.fewest > max(1, bank.memberNames.count) {
      report(
        node.child("fewest") ?? node,
        expected: "at most \(bank.memberNames.count), as many as it has batteries")
    }
    for other in earlier {
      guard let shared = bank.memberNames.first(where: other.memberNames.contains) else { continue }
      report(
        node.child("members") ?? node, found: "\"\(shared)\", a member of bank \"\(other.name)\"",
        expected: "each battery in one bank: its current would count twice")
    }
  }

  private mutating func relateMembers(
    _ bank: BankSettings, _ node: Node, _ root: Node, _ settings: Settings
  ) {
    let place = node.child("members") ?? node
    let names = settings.batteries.map(\.name).filter { !$0.isEmpty }
    var seen: [String] = []
    for name in bank.memberNames {
      if seen.contains(name) {
        report(place, found: "\"\(name)\" twice", expected: "each battery once")
      }
      seen.append(name)
      guard names.contains(name) else {
        let hint = EditDistance.nearest(name, in: names).map { "; did you mean \"\($0)\"?" } ?? ""
        report(
          place, found: "the unknown battery \"\(name)\"",
          expected: "names of batteries: \(names.joined(separator: ", "))\(hint)")
        continue
      }
    }
    let members = seen.compactMap { name in
      settings.batteries.firstIndex { $0.name == name }
    }
    if let sleeper = members.first(where: { settings.batteries[$0].isLowPower }) {
      report(
        place, found: "the battery \"\(settings.batteries[sleeper].name)\" with low_power",
        expected: "batteries without it: one that is rarely read may not drive an inverter")
    }
    guard let first = members.first else { return }
    for index in members.dropFirst() {
      compare(first, index, place, root, bank, settings)
    }
  }

  /// Unlike batteries are never summed.
  private mutating func compare(
    _ first: Int, _ index: Int, _ place: Node, _ root: Node, _ bank: BankSettings,
    _ settings: Settings
  ) {
    let (one, other) = (settings.batteries[first], settings.batteries[index])
    let (a, b) = (chemistry(first, root), chemistry(index, root))
    if a != b {
      report(
        place, found: "\"\(one.name)\" (\(a)) together with \"\(other.name)\" (\(b))",
        expected:
          "batteries of one chemistry: they are charged to different voltages, so that neither currents "
          + "nor states of charge add up. Make a bank of each kind, and an inverter for each bank")
    }
    let isFlat = bank.arrangement == .parallel && bank.memberNames.count == bank.members.count
    if isFlat, let a = one.charging.cells, let b = other.charging.cells, a != b {
      report(
        place, found: "\"\(one.name)\" with \(a) cells in parallel to \"\(other.name)\" with \(b)",
        expected: "batteries with as many cells in series: in parallel they have one voltage")
    }
  }

  private func chemistry(_ index: Int, _ root: Node) -> String {
    let batteries = root.child("batteries")?.value.array ?? []
    guard index < batteries.count else { return "lfp" }
    return batteries[index]["charging"]?["chemistry"]?.string ?? "lfp"
  }

  private mutating func relateSources(_ bank: BankSettings, _ node: Node, _ settings: Settings) {
    guard let sources = node.child("sources") else { return }
    for source in bank.sources {
      guard let battery = settings.batteries.first(where: { $0.name == source.battery }) else {
        report(
          sources, found: "the unknown battery \"\(source.battery)\"",
          expected: "names of batteries: \(settings.batteries.map(\.name).joined(separator: ", "))")
        continue
      }
      if battery.isLowPower {
        report(
          sources, found: "the battery \"\(battery.name)\" with low_power",
          expected: "one without it: what is rarely read is always too old")
      }
    }
  }
}
