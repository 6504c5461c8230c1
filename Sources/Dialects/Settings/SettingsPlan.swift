// SPDX-License-Identifier: Apache-2.0

public import Battery

/// What would be changed in a device, in which order, and why it may not be: made from what the
/// device told, before anything is sent.
///
/// The words are ordered so that the rules hold after each single one. Where the rules held before
/// and will hold afterwards such an order always exists: what rises is written from the top down,
/// then what falls from the bottom up.
public struct SettingsPlan: Sendable {
  /// A value that somebody wants.
  public struct Wish: Sendable {
    /// The setting.
    public var row: Register
    /// What it is to hold.
    public var value: SettingValue

    /// A wish for a value.
    public init(_ row: Register, _ value: SettingValue) {
      self.row = row
      self.value = value
    }

    /// A wish for a raw number.
    public init(_ row: Register, _ raw: Int64) { self.init(row, .number(raw)) }
  }

  /// A setting that changes.
  public struct Change: Sendable {
    /// The setting.
    public let row: Register
    /// What it holds now.
    public let from: SettingValue
    /// What it holds afterwards.
    public let to: SettingValue
    /// What is to be known about it.
    public let traits: SettingTraits
  }

  /// What one request writes: a word, a text, or several words at once.
  public struct Write: Hashable, Sendable {
    /// Where it is written.
    public let block: SettingsBlock
    /// What it holds before.
    public let old: [UInt16]
    /// What it is to hold: words, or the characters of a text, one each.
    public let new: [UInt16]
    /// How many rules are broken until a later one is written; 0 wherever an order without exists.
    public let breaks: Int

    /// The first address.
    public var address: UInt16 { block.address }
    /// The first word before.
    public var from: UInt16 { old.first ?? 0 }
    /// The first word afterwards.
    public var to: UInt16 { new.first ?? 0 }
  }

  /// What changes, in the order of the wishes.
  public private(set) var changes: [Change] = []
  /// What is to be written, in order.
  public private(set) var writes: [Write] = []
  /// Why it may not be carried out; empty when it may.
  public private(set) var refusals: [SettingRefusal] = []
  /// Rules that the device breaks already, and that this does not touch.
  public private(set) var standing: [SettingRefusal] = []
  /// All words as they will be.
  public private(set) var target: SettingsWords

  /// Whether it may be carried out.
  public var isAllowed: Bool { refusals.isEmpty }
  /// Whether there is nothing to do.
  public var isEmpty: Bool { changes.isEmpty }

  /// The plan that brings a device from what it told to what is wished.
  ///
  /// Settings that are not wished for stay as they are, and so do bits and bytes that mean nothing.
  /// Of two wishes for one setting the later counts.
  public init(_ wishes: [Wish], of unit: SettingsSurvey, _ map: SettingsMap) {
    target = unit.current
    for (index, wish) in wishes.enumerated() {
      let row = wish.row
      var isLast = true
      for later in wishes[(index + 1)...] where later.row.isSame(row) { isLast = false }
      guard isLast else { continue }
      guard unit.has(row), let from = unit.current.value(row) else {
        refusals.append(.missing(row))
        continue
      }
      let traits = map.traits(row)
      var to = wish.value
      if let bits = traits.bits, let wished = to.raw, let held = from.raw {
        guard wished >= 0, wished & ~Int64(bits) & ~held == 0 else {
          refusals.append(.unknownBits(row, wished, known: bits))
          continue
        }
        to = .number(wished & Int64(bits) | held & ~Int64(bits))
      }
      guard to != from else { continue }
      guard row.access == .write, (to.raw == nil) == (row.form == .text) else {
        refusals.append(.readOnly(row))
        continue
      }
      if traits.bits == nil, let raw = to.raw, let limits = unit.limits(row),
        raw < limits.lowest || raw > limits.highest
      {
        refusals.append(.outside(row, raw, limits))
        continue
      }
      target.set(row, to)
      changes.append(Change(row: row, from: from, to: to, traits: traits))
    }
    judge(unit, map)
    if refusals.isEmpty { writes = SettingsOrder(self, unit, map).writes }
  }

  /// Whether a change touches a setting at an address.
  private func touches(_ address: UInt16) -> Bool {
    for change in changes where change.row.address == address { return true }
    return false
  }

  private mutating func judge(_ unit: SettingsSurvey, _ map: SettingsMap) {
    for rule in map.rules where !rule.holds({ unit.value($0, in: target, map) }) {
      let (first, second) = rule.addresses
      guard let one = map.row(at: first), let other = map.row(at: second) else { continue }
      let refusal = SettingRefusal.rule(
        rule, one, target.raw(one) ?? 0, other, target.raw(other) ?? 0)
      if touches(first) || touches(second) {
        refusals.append(refusal)
      } else {
        standing.append(refusal)
      }
    }
  }
}

extension SettingsSurvey {
  /// The raw value of the setting at an address within some words; `nil` where the device has none.
  func value(_ address: UInt16, in words: SettingsWords, _ map: SettingsMap) -> Int64? {
    guard let row = map.row(at: address), has(row) else { return nil }
    return words.raw(row)
  }
}
