// SPDX-License-Identifier: Apache-2.0

extension SettingRefusal {
  /// The kinds, without their particulars: why a plan may not be carried out.
  public enum Kind: UInt8, CaseIterable, Sendable {
    case missing, readOnly, outsideLimits, unknownBits, rule

    /// The name that machine-readable output uses.
    public var name: StaticString {
      switch self {
      case .missing: "missing"
      case .readOnly: "read_only"
      case .outsideLimits: "outside_limits"
      case .unknownBits: "unknown_bits"
      case .rule: "rule"
      }
    }

    /// One plain sentence on what it means.
    public var meaning: StaticString {
      switch self {
      case .missing: "This device does not have the setting."
      case .readOnly: "The setting is read only."
      case .outsideLimits: "The value lies outside the limits."
      case .unknownBits: "The value has bits that mean nothing."
      case .rule: "The settings as wished would break a rule between them."
      }
    }
  }
}
