// SPDX-License-Identifier: Apache-2.0

import Gateway

extension Settings {
  /// What these settings run, in a few words: `1 battery, 1 inverter, history in cellbus-history.db`.
  var summary: String {
    func count(_ number: Int, _ one: String, _ many: String) -> String {
      "\(number) \(number == 1 ? one : many)"
    }
    return count(batteries.count, "battery", "batteries") + ", "
      + (banks.isEmpty ? "" : count(banks.count, "bank", "banks") + ", ")
      + count(inverters.count, "inverter", "inverters")
      + (history.path.map { ", history in \($0)" } ?? ", no history")
  }
}
