// SPDX-License-Identifier: Apache-2.0

import Battery
import Charging
import Packs
import Quantities
import Text

extension BankSettings {
  /// The settings of a bank.
  static let table = SettingTable(BankSettings(), memberFields + guardFields + limitFields)

  private static let memberFields: [SettingField<Self>] = [
    .setting(
      "name", \.name, .text(), needed: "a name for the bank, such as \"house\"",
      "How inverters, the history and the log call it; no battery and no other bank has it"),
    .setting(
      "members", \.members, membersForm,
      needed: "the names of its batteries, such as members: [\"a\", \"b\"]",
      """
      The batteries that are joined, by name; or groups of them, \
      `{ members: ["a", "b"], arrangement: "series" }`
      """),
    .setting(
      "arrangement", \.arrangement, jointForm,
      "How the members are joined: plus to plus, or plus to minus"),
    .setting(
      "sources", \.sources, sourcesForm, default: "none",
      """
      Values that another battery tells in place of the packs, such as `{ current: "shunt" }`: names of \
      [points](reference/points.md), with or without their unit
      """),
  ]

  private static let guardFields: [SettingField<Self>] = [
    .setting(
      "lost", \.terms.absence,
      .choice([("guard", .guarded), ("stop_charging", .stop), ("leave_out", .leave)]),
      """
      A pack that is not heard: its last ceiling still holds down CVL; charging stops, too; or the others \
      go on as if it were not there
      """),
    .setting(
      "open_guards", \.terms.guardsOpen, .flag,
      "Whether a pack with both switches open still holds down CVL"),
    .setting(
      "fewest", \.terms.fewest, .whole(1...48),
      "With fewer packs heard than this, nothing is sent"),
    .setting(
      "difference_v", \.terms.apart, .amount(Voltage.millivolts(10)...Voltage.millivolts(10_000)),
      """
      How far the voltage of a pack may be from the others for it to be counted again; one that counts is \
      given up at twice this
      """),
    .setting(
      "difference_hold_s", \.terms.apartHold, .seconds(upTo: 3600),
      "For how long that must hold"),
  ]

  private static let limitFields: [SettingField<Self>] = [
    .setting(
      "sharing_pct", \.terms.sharing, .amount(Percent.percent(10)...Percent.percent(100)),
      "Share of the sum of the packs' CCL and DCL that is used: packs never share a current equally"
    ),
    .optional(
      "max_charge_current_a", \.terms.maxChargeCurrent, .amount(ChargeRange.current),
      "Your highest charge current for the whole bank: what the common fuse and cable bear"),
    .optional(
      "max_discharge_current_a", \.terms.maxDischargeCurrent, .amount(ChargeRange.current),
      "Your highest discharge current for the whole bank"),
    .setting(
      "rise_hold_s", \.terms.riseHold, .seconds(upTo: 3600),
      "A higher limit of the bank must be allowed for so long before it rises"),
    .setting(
      "current_ramp_a", \.terms.currentRamp,
      .amount(Current.milliamperes(1)...Current.amperes(3000)),
      "How much CCL and DCL of the bank rise in a second"),
    .setting(
      "voltage_ramp_v", \.terms.voltageRamp,
      .amount(Voltage.millivolts(1)...Voltage.millivolts(10_000)),
      "How much CVL of the bank rises in a second"),
  ]

  private static let jointForm = SettingForm.choice([
    ("parallel", Joint.parallel), ("series", Joint.series),
  ])

  /// Some batteries that are joined in their own way first.
  private struct Group: Sendable {
    var arrangement = Joint.series
    var members: [String] = []

    static let table = SettingTable(
      Group(),
      [
        .setting(
          "members", \.members, .texts("a battery's name", atLeast: 2),
          needed: "the names of its batteries", "The batteries of this group"),
        .setting(
          "arrangement", \.arrangement, jointForm, "How the batteries of this group are joined"),
      ])
  }

  private static let membersForm = SettingForm<[Place]>(
    kind: .array(
      .oneOf([.text("a battery's name", longest: 4096), .object(Group.table.rows)]), atLeast: 1)
  ) { reader, node, key in
    guard let child = node.child(key) else { return nil }
    let elements = reader.list(node, key)
    if child.value.array?.isEmpty == true {
      reader.report(child, found: "0 in the list", expected: "at least 1")
    }
    return elements.compactMap { element in
      if let name = element.value.string, !name.isEmpty { return .battery(name) }
      guard element.value.members != nil else {
        reader.report(element, expected: "a battery's name or a group { members, arrangement }")
        return nil
      }
      let group = reader.read(element, Group.table)
      return .group(group.arrangement, group.members)
    }
  } write: { _ in
    .null
  }

  private static let sourcesForm = SettingForm<[Source]>(
    kind: .named(.text("a battery's name", longest: 4096))
  ) { reader, node, key in
    guard let child = node.child(key) else { return nil }
    guard let members = child.value.members else {
      reader.report(child, expected: "an object { … }")
      return nil
    }
    var sources: [Source] = []
    for member in members {
      guard let battery = reader.string(child, member.key) else { continue }
      if let point = sourced.first(where: { $0.isCalled(member.key) }) {
        sources.append(Source(point: point, battery: battery))
        continue
      }
      let names = sourced.map { "\($0.name)" }
      let hint = EditDistance.nearest(member.key, in: names).map { "; did you mean \"\($0)\"?" }
      reader.report(
        SettingReader.Node(JSONValue(.null, at: member.keyPosition), path: child.path),
        found: "\"\(member.key)\", which no other battery can tell",
        expected: "one of \(names.joined(separator: ", "))\(hint ?? "")")
    }
    return sources.sorted { $0.point.rawValue < $1.point.rawValue }
  } write: { _ in
    .null
  }

  /// What another battery, such as a shunt, can tell in place of the packs; cells and switches are theirs.
  private static let sourced: [Point] = [
    .voltage, .current, .power, .soc, .soh, .remaining, .full, .nominal, .cycles,
    .temperatureAverage, .ambientTemperature, .energyCharged, .energyDischarged, .chargeCharged,
    .chargeDischarged, .timeToEmpty, .timeToFull, .consumed, .consumedMargin, .countedSOC,
    .countedRemaining, .countedCycles, .fullCharges, .sinceFullCharge,
  ]
}

extension Point {
  /// Whether a key means this point: by its name, or by its name without the unit.
  fileprivate func isCalled(_ key: String) -> Bool {
    let name = "\(self.name)"
    guard name != key else { return true }
    guard let unit = name.lastIndex(of: "_"), kind.unit.utf8CodeUnitCount > 0 else { return false }
    return name[..<unit] == key
  }
}
