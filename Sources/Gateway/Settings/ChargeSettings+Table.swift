// SPDX-License-Identifier: Apache-2.0

import Charging
import Quantities
import Text

/// The ranges of single numbers; what numbers must be to each other is for `validate()` to say.
enum ChargeRange {
  static let cell = CellVoltage.millivolts(500)...CellVoltage.millivolts(5000)
  static let difference = CellVoltage(raw: 1)...CellVoltage.millivolts(1000)
  static let slack = CellVoltage.zero...CellVoltage.millivolts(1000)
  static let current = Current(raw: 1)...Current.amperes(3000)
  static let share = Percent.zero...Percent.percent(100)
  static let temperature = Temperature.degrees(-60)...Temperature.degrees(150)
  static let kelvin = Temperature.zero...Temperature.degrees(20)
}

extension ChargeSettings {
  /// The settings below `charging`.
  static let table = SettingTable(
    Self.lfp,
    presetFields + packFields + cellFields + marginFields + curveFields + absorptionEndFields
      + rebulkFields + imbalanceFields + emptyFields + overshootFields + rampFields
  ) { reader, node, settings in
    reader.check(settings, node)
  }

  /// The preset stands first, because the others change it.
  private static let presetFields: [SettingField<Self>] = [
    .setting(
      "chemistry", \.self, .choice([("lfp", .lfp), ("nmc", .nmc), ("lto", .lto)]),
      """
      The preset. `nmc` also needs `float_cell_v`, `sustain_cell_v` and `sustain_release_cell_v`, \
      `lto` needs `absorption_cell_v` and `float_cell_v`: no source gives them
      """),
    .optional(
      "cells", \.cells, .whole(1...48),
      "Cells in series; without it, as many as the BMS reports"),
  ]
}

extension SettingReader {
  /// What no single value shows: relations between settings, and what a preset leaves to the owner.
  fileprivate mutating func check(_ settings: ChargeSettings, _ node: Node) {
    for problem in settings.validate() {
      guard let key = ChargeSettings.key(of: "\(problem.field)") else {
        report(node, found: "settings that do not fit together", expected: problem.description)
        continue
      }
      // "is 3.6 V: expected 1 V to 3.45 V; why", or a sentence of its own.
      let parts = problem.message.split(separator: ": expected ", maxSplits: 1)
      let expected = parts.count == 2 ? String(parts[1]) : "\(key): it \(problem.message)"
      guard let child = node.child(key) else {
        report(node, found: "no \"\(key)\" that fits", expected: expected)
        continue
      }
      report(child, expected: expected)
    }
  }
}

extension ChargeSettings {
  /// The key of a property, such as `float_cell_v` of `float`; `nil` for one that has none.
  static func key(of property: String) -> String? {
    table.keys.first { key in
      let stem = key.withoutUnit
      return stem.camelCase == property
        || stem.hasSuffix("_cell") && String(stem.dropLast(5)).camelCase == property
    }
  }
}

extension String {
  /// A key without the unit at its end.
  fileprivate var withoutUnit: String {
    for unit in ["_v", "_a", "_s", "_pct", "_c", "_ah"] where hasSuffix(unit) {
      return String(dropLast(unit.count))
    }
    return self
  }

  /// `lowest_float` as `lowestFloat`; a state of charge stays in capitals.
  fileprivate var camelCase: String {
    let words = split(separator: "_")
    return words.enumerated().map { index, word in
      if index == 0 { return String(word) }
      return word == "soc" ? "SOC" : word.prefix(1).uppercased() + word.dropFirst()
    }.joined()
  }
}
