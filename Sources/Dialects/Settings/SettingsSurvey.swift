// SPDX-License-Identifier: Apache-2.0

public import Battery

/// What a device told of itself and its settings.
public struct SettingsSurvey: Sendable {
  /// Who it is.
  public var identity = Identity()
  /// Its settings now.
  public var current: SettingsWords
  /// The lowest values that it takes; `nil` when it does not tell.
  public var minimum: SettingsWords?
  /// The highest values that it takes; `nil` when it does not tell.
  public var maximum: SettingsWords?
  /// The values that it had when it was made; `nil` when it does not tell.
  public var standard: SettingsWords?

  /// A survey of which only the settings are known.
  public init(_ current: SettingsWords) { self.current = current }

  /// Between which raw values a setting may be, and who says so.
  public struct Limits: Hashable, Sendable {
    /// The lowest raw value.
    public var lowest: Int64
    /// The highest raw value.
    public var highest: Int64
    /// Whether the device itself told them, as against the document.
    public var areTold: Bool

    /// Limits of which it is known who says so.
    public init(lowest: Int64, highest: Int64, areTold: Bool) {
      self.lowest = lowest
      self.highest = highest
      self.areTold = areTold
    }
  }

  /// The limits of a setting: those that the device tells, else those of the document.
  ///
  /// Of a number of two words a device tells limits for each word alone, which is more than the
  /// number may be: there the document's bounds hold too.
  public func limits(_ row: Register) -> Limits? {
    if var lowest = minimum?.raw(row), var highest = maximum?.raw(row), lowest <= highest {
      if row.form.words == 2 {
        lowest = max(lowest, row.lowest ?? lowest)
        highest = min(highest, row.highest ?? highest)
      }
      return Limits(lowest: lowest, highest: highest, areTold: true)
    }
    guard let bounds = row.form.bounds else { return nil }
    return Limits(
      lowest: row.lowest ?? bounds.lowerBound, highest: row.highest ?? bounds.upperBound,
      areTold: false)
  }

  /// Whether the device has a setting: one that an older firmware lacks has 0 for both its limits.
  public func has(_ row: Register) -> Bool {
    guard current.raw(row) != nil else { return false }
    // Bits have no limits.
    if row.form == .bits16 { return true }
    guard let lowest = minimum?.raw(row), let highest = maximum?.raw(row) else { return true }
    return lowest != 0 || highest != 0
  }

  mutating func take(_ part: SettingsQuestion.Part, _ words: SettingsWords, _ map: SettingsMap) {
    switch part {
    case .identity: identity = map.identify(words)
    case .minimum: minimum = words
    case .maximum: maximum = words
    case .standard: standard = words
    case .current: current = words
    }
  }
}

extension Register.Form {
  /// The raw values that its words can hold; `nil` where it is no whole number.
  var bounds: ClosedRange<Int64>? {
    switch self {
    case .uint8Low, .uint8High: 0...0xFF
    case .int8Low, .int8High: -0x80...0x7F
    case .uint16, .bits16: 0...0xFFFF
    case .int16: -0x8000...0x7FFF
    case .uint32: 0...0xFFFF_FFFF
    case .int32: -0x8000_0000...0x7FFF_FFFF
    case .float32, .bytes12: nil
    }
  }
}
