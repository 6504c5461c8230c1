// SPDX-License-Identifier: Apache-2.0

public import Battery

/// Why a plan may not be carried out; nothing is sent then.
public enum SettingRefusal: Sendable {
  /// This device does not have the setting.
  case missing(Register)
  /// The setting is read only.
  case readOnly(Register)
  /// The value lies outside the limits.
  case outside(Register, Int64, SettingsSurvey.Limits)
  /// The value has bits that mean nothing.
  case unknownBits(Register, Int64, known: UInt16)
  /// The settings as wished would break a rule; the rows with their values.
  case rule(SettingRule, Register, Int64, Register, Int64)

  /// The name that machine-readable output uses.
  public var kind: StaticString { category.name }

  /// Which kind it is.
  public var category: Kind {
    switch self {
    case .missing: .missing
    case .readOnly: .readOnly
    case .outside: .outsideLimits
    case .unknownBits: .unknownBits
    case .rule: .rule
    }
  }
}

extension SettingRefusal: CustomStringConvertible {
  /// One sentence for people.
  public var description: String {
    switch self {
    case .missing(let row): "\(row.name): this unit does not have it"
    case .readOnly(let row):
      "\(row.name): it is read only; the language's page says why"
    case .outside(let row, let value, let limits):
      "\(row.name): \(row.text(value)) is outside \(row.number(limits.lowest)) to "
        + "\(row.text(limits.highest)), the limits "
        + (limits.areTold ? "that the unit tells" : "of the document")
    case .unknownBits(let row, let value, let known):
      "\(row.name): \(value) has bits that mean nothing; the known bits together are \(known)"
    case .rule(let rule, let first, let one, let second, let other):
      Self.text(rule, first, one, second, other)
    }
  }

  private static func text(
    _ rule: SettingRule, _ first: Register, _ one: Int64, _ second: Register, _ other: Int64
  ) -> String {
    switch rule {
    case .ascending(_, _, let gap):
      "\(second.name) must be at least \(second.text(gap - second.offset)) above \(first.name), but would be "
        + "\(second.text(other)) against \(first.text(one))"
    case .excluded: "\(first.name): \(first.text(one)) is a value that means nothing"
    case .apart:
      "\(first.name) \(first.text(one)) does not go with \(second.name) \(second.text(other))"
    }
  }
}
