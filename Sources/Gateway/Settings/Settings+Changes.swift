// SPDX-License-Identifier: Apache-2.0

extension Settings {
  /// What is different in other settings, in a few words each; empty when nothing is.
  package func changes(to new: Settings) -> [String] {
    var changes = Self.changes(batteries, new.batteries, "battery", \.name)
    changes += Self.changes(banks, new.banks, "bank", \.name)
    changes += Self.changes(inverters, new.inverters, "inverter", \.name)
    if history != new.history { changes.append("history changed") }
    if status != new.status { changes.append("status changed") }
    if log != new.log { changes.append("log changed") }
    if watchdog != new.watchdog { changes.append("watchdog changed") }
    return changes
  }

  private static func changes<Entry: Equatable>(
    _ old: [Entry], _ new: [Entry], _ kind: String, _ name: (Entry) -> String
  ) -> [String] {
    var changes: [String] = []
    for entry in old where !new.contains(where: { name($0) == name(entry) }) {
      changes.append("\(kind) \(name(entry)) removed")
    }
    for entry in new {
      guard let before = old.first(where: { name($0) == name(entry) }) else {
        changes.append("\(kind) \(name(entry)) added")
        continue
      }
      if before != entry { changes.append("\(kind) \(name(entry)) changed") }
    }
    return changes
  }
}
