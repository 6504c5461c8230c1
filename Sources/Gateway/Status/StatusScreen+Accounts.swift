// SPDX-License-Identifier: Apache-2.0

import Quantities
import Text

extension StatusScreen {
  /// What the gateway itself counted: charge since full, time left, and the battery's life.
  func accounts(_ battery: JSONValue) -> [String] {
    guard let reading = battery["reading"] else { return [] }
    func text(_ key: String, _ places: Int, _ unit: String) -> String? {
      Self.fixed(reading[key], places).map { "\($0) \(unit)" }
    }
    func time(_ key: String) -> String? {
      reading[key]?.int64.map {
        Elapsed.text($0.multipliedReportingOverflow(by: 1000).partialValue)
      }
    }
    let margin = reading["consumed_margin_ah"]?.decimal(places: 1) ?? 0
    let count = [
      text("counted_soc_pct", 1, "%").map { "SOC \($0)" },
      text("soc_drift_pct", 1, "%").map {
        "the battery's is \($0.hasPrefix("-") ? "" : "+")\($0) off"
      },
      text("consumed_ah", 1, "Ah").map {
        "\($0) drawn since full"
          + (margin > 0 ? " ± \(Decimal.string(margin, decimals: 1, places: 1)) Ah" : "")
      },
      time("time_to_empty_s").map { "empty in \($0)" },
      time("time_to_full_s").map { "full in \($0)" },
    ].compactMap(\.self)
    let life = [
      text("counted_cycles", 1, "cycles"),
      reading["full_charges"]?.int64.map { "\($0) full charges" },
      time("since_full_charge_s").map { "full \($0) ago" },
      text("deepest_discharge_ah", 1, "Ah").map { "deepest \($0)" },
    ].compactMap(\.self)
    var lines: [String] = []
    if !count.isEmpty {
      lines.append(style.bold("Counted") + "  " + count.joined(separator: "   "))
    }
    if !life.isEmpty {
      lines.append(style.bold("Life") + "     " + style.dim(life.joined(separator: "   ")))
    }
    return lines
  }

  /// Until when a battery on the low-power plan is left alone.
  func visit(_ battery: JSONValue) -> String? {
    battery["next_visit_ms"]?.int64.map { "left to sleep, next visit in \(Elapsed.text($0))" }
  }
}
