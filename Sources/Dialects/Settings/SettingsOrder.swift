// SPDX-License-Identifier: Apache-2.0

import Battery

/// Finds the order in which the words of a plan are written.
struct SettingsOrder {
  private let plan: SettingsPlan
  private let unit: SettingsSurvey
  private let map: SettingsMap
  private var words: SettingsWords
  /// Addresses still to be written, in the order in which they are tried.
  private var rest: [UInt16] = []
  private(set) var writes: [SettingsPlan.Write] = []

  init(_ plan: SettingsPlan, _ unit: SettingsSurvey, _ map: SettingsMap) {
    self.plan = plan
    self.unit = unit
    self.map = map
    words = unit.current
    // Settings first; then what restarts the device; then orders, which cannot be undone.
    for rank in 0..<3 {
      for change in plan.changes where Self.rank(change.traits) == rank {
        for index in 0..<UInt16(change.row.form.words) {
          let address = change.row.address + index
          if words[address] != plan.target[address], !rest.contains(address) {
            rest.append(address)
          }
        }
      }
    }
    while !rest.isEmpty { step() }
  }

  private static func rank(_ traits: SettingTraits) -> Int {
    traits.isOrder ? 2 : traits.restarts ? 1 : 0
  }

  private mutating func step() {
    var best = (index: 0, broken: Int.max)
    for (index, address) in rest.enumerated() {
      let broken = broken(after: address, plan.target[address] ?? 0)
      if broken < best.broken { best = (index, broken) }
      if broken == 0 { break }
    }
    if best.broken > 0, detour() { return }
    let address = rest.remove(at: best.index)
    write(address, plan.target[address] ?? 0, best.broken)
  }

  private mutating func write(_ address: UInt16, _ word: UInt16, _ broken: Int) {
    writes.append(.init(address: address, from: words[address] ?? 0, to: word, breaks: broken))
    words[address] = word
  }

  /// Goes by way of a low word with which both the old and the new high word are within the limits.
  private mutating func detour() -> Bool {
    for change in plan.changes where change.row.form == .uint32 {
      let (low, high) = (change.row.address, change.row.address + 1)
      guard rest.contains(low), rest.contains(high), let limits = unit.limits(change.row) else {
        continue
      }
      let way = UInt16(truncatingIfNeeded: limits.lowest)
      guard words[low] != way, broken(after: low, way) == 0 else { continue }
      var beyond = self
      beyond.words[low] = way
      guard beyond.broken(after: high, plan.target[high] ?? 0) == 0 else { continue }
      write(low, way, 0)
      return true
    }
    return false
  }

  /// How many rules and limits of numbers of two words would be broken.
  private func broken(after address: UInt16, _ word: UInt16) -> Int {
    var words = words
    words[address] = word
    var count = 0
    for rule in map.rules where !rule.holds({ unit.value($0, in: words, map) }) { count += 1 }
    for change in plan.changes where change.row.form == .uint32 {
      guard let limits = unit.limits(change.row), let raw = words.raw(change.row) else { continue }
      if raw < limits.lowest || raw > limits.highest { count += 1 }
    }
    // What the device breaks already, and nothing here touches, is not counted.
    return max(0, count - plan.standing.count)
  }
}
