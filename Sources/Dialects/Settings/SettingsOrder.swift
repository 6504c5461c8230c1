// SPDX-License-Identifier: Apache-2.0

import Battery

/// Finds the order in which the blocks of a plan are written.
struct SettingsOrder {
  private let plan: SettingsPlan
  private let unit: SettingsSurvey
  private let map: SettingsMap
  private var words: SettingsWords
  /// Blocks still to be written, in the order in which they are tried.
  private var rest: [SettingsBlock] = []
  private(set) var writes: [SettingsPlan.Write] = []

  init(_ plan: SettingsPlan, _ unit: SettingsSurvey, _ map: SettingsMap) {
    self.plan = plan
    self.unit = unit
    self.map = map
    words = unit.current
    // Settings first; then what restarts the device; then orders, which cannot be undone.
    for rank in 0..<3 {
      for change in plan.changes where Self.rank(change.traits) == rank {
        for index in 0..<UInt16(max(1, change.row.form.words)) {
          let block = map.block(change.row.address + index)
          if words.block(block) != plan.target.block(block), !rest.contains(block) {
            rest.append(block)
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
    for (index, block) in rest.enumerated() {
      let broken = broken(after: block, plan.target.block(block) ?? [])
      if broken < best.broken { best = (index, broken) }
      if broken == 0 { break }
    }
    if best.broken > 0, detour() { return }
    let block = rest.remove(at: best.index)
    write(block, plan.target.block(block) ?? [], best.broken)
  }

  private mutating func write(_ block: SettingsBlock, _ new: [UInt16], _ broken: Int) {
    writes.append(.init(block: block, old: words.block(block) ?? [], new: new, breaks: broken))
    words.set(block, new)
  }

  /// Goes by way of a low word with which both the old and the new high word are within the limits.
  private mutating func detour() -> Bool {
    for change in plan.changes where change.row.form == .uint32 {
      let (first, second) = (
        SettingsBlock(change.row.address), SettingsBlock(change.row.address + 1)
      )
      let (low, high) = words.isHighFirst ? (second, first) : (first, second)
      guard rest.contains(low), rest.contains(high), let limits = unit.limits(change.row) else {
        continue
      }
      let way = [UInt16(truncatingIfNeeded: limits.lowest)]
      guard words.block(low) != way, broken(after: low, way) == 0 else { continue }
      var beyond = self
      beyond.words.set(low, way)
      guard beyond.broken(after: high, plan.target.block(high) ?? []) == 0 else { continue }
      write(low, way, 0)
      return true
    }
    return false
  }

  /// How many rules and limits of numbers of two words would be broken.
  private func broken(after block: SettingsBlock, _ new: [UInt16]) -> Int {
    var words = words
    words.set(block, new)
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
