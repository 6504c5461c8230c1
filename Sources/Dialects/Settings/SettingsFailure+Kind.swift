// SPDX-License-Identifier: Apache-2.0

extension SettingsFailure {
  /// The kinds, without their particulars: why something could not be read or written.
  public enum Kind: UInt8, CaseIterable, Sendable {
    case silent, linkLost, refused, unacknowledged, mismatch, modeLost, notKept, interrupted
    case changedMeanwhile, otherUnit

    /// The name that machine-readable output uses.
    public var name: StaticString {
      switch self {
      case .silent: "silent"
      case .linkLost: "link_lost"
      case .refused: "refused"
      case .unacknowledged: "unacknowledged"
      case .mismatch: "mismatch"
      case .modeLost: "mode_lost"
      case .notKept: "not_kept"
      case .interrupted: "interrupted"
      case .changedMeanwhile: "changed_meanwhile"
      case .otherUnit: "other_unit"
      }
    }

    /// One plain sentence on what it means.
    public var meaning: StaticString {
      switch self {
      case .silent: "The device does not answer any more."
      case .linkLost: "The link is gone."
      case .refused: "The device refused it with a code of its own."
      case .unacknowledged: "It did not acknowledge a word and does not hold it."
      case .mismatch: "It acknowledged a word and holds another."
      case .modeLost: "It left its mode for settings by itself."
      case .notKept: "It took a setting and did not keep it."
      case .interrupted: "The program was asked to stop."
      case .changedMeanwhile: "The settings are not those that the plan was made for."
      case .otherUnit: "Another device is on the line than the one that the plan was made for."
      }
    }
  }
}
