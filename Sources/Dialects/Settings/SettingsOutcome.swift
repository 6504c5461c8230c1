// SPDX-License-Identifier: Apache-2.0

/// Why something could not be read or written.
public enum SettingsFailure: Error, Hashable, Sendable {
  /// The device does not answer any more.
  case silent
  /// The link is gone.
  case linkLost
  /// The device refused what it was asked, with a code of its own.
  case refused(code: UInt8)
  /// It did not acknowledge a word, and does not hold it.
  case unacknowledged
  /// It acknowledged a word, and holds another.
  case holds(UInt16)
  /// It acknowledged what is more than one word, and holds something else.
  case holdsOther
  /// It left its mode for settings by itself, as after a restart.
  case modeLost
  /// It took everything, but did not keep the setting at an address.
  case notKept(UInt16)
  /// The program was asked to stop.
  case interrupted
  /// The settings are not those that the plan was made for; the first address that differs.
  case changedMeanwhile(UInt16)
  /// Another device is on the line than the one that the plan was made for.
  case otherUnit

  /// The name that machine-readable output uses.
  public var kind: StaticString { category.name }

  /// Which kind it is.
  public var category: Kind {
    switch self {
    case .silent: .silent
    case .linkLost: .linkLost
    case .refused: .refused
    case .unacknowledged: .unacknowledged
    case .holds, .holdsOther: .mismatch
    case .modeLost: .modeLost
    case .notKept: .notKept
    case .interrupted: .interrupted
    case .changedMeanwhile: .changedMeanwhile
    case .otherUnit: .otherUnit
    }
  }
}

extension SettingsFailure: CustomStringConvertible {
  /// A few words for people.
  public var description: String {
    switch self {
    case .silent: "the battery does not answer any more"
    case .linkLost: "the link is gone"
    case .refused(let code): "the battery refused it with code \(code)"
    case .unacknowledged: "the battery did not acknowledge it and does not hold it"
    case .holds(let word): "the battery acknowledged it and holds \(word) instead"
    case .holdsOther: "the battery acknowledged it and holds something else"
    case .modeLost: "the battery left its mode for settings by itself; perhaps it was restarted"
    case .notKept(let address): "the battery took setting \(address) and did not keep it"
    case .interrupted: "interrupted"
    case .changedMeanwhile(let address):
      "setting \(address) was changed since the plan was made; plan again"
    case .otherUnit: "another battery is on the line than the one that the plan was made for"
    }
  }
}

/// How the carrying out of a plan ended.
public struct SettingsOutcome: Sendable {
  /// What went wrong; `nil` when everything was written and read back.
  public var failure: SettingsFailure?
  /// The word at which it went wrong.
  public var failed: SettingsPlan.Write?
  /// Words that were written and read back as wished, in order.
  public var written: [SettingsPlan.Write] = []
  /// Words of `written`, and perhaps the failed one, that are back to what they held before.
  public var undone: [SettingsPlan.Write] = []
  /// Words that are not, or are not known to be, what they were before, although it failed.
  public var notUndone: [SettingsPlan.Write] = []
  /// Addresses that the last look at all settings found to be otherwise than planned.
  public var unexpected: [UInt16] = []

  /// Whether the device may still be in its mode for settings, because it did not answer any more.
  public var mayBeOpen = false

  /// Nothing done yet.
  public init() {}

  /// Whether the device is now as planned.
  public var isApplied: Bool { failure == nil && unexpected.isEmpty }
  /// Whether the device is now as it was before.
  public var isUnchanged: Bool { failure != nil && notUndone.isEmpty }
}

/// What a job tells while it works.
public enum SettingsProgress: Sendable {
  /// The device does not answer yet and is being woken.
  case waking
  /// This is being read.
  case reading(SettingsQuestion.Part)
  /// A word is being written: the number of the step from 1, and how many there are.
  case writing(SettingsPlan.Write, step: Int, of: Int)
  /// A word is being written again, after no answer.
  case again(SettingsPlan.Write)
  /// A word holds what was written.
  case confirmed(SettingsPlan.Write)
  /// Something failed; what was written is being undone.
  case undoing(SettingsFailure)
  /// A word is back to what it was.
  case undone(SettingsPlan.Write)
  /// The device was put into its mode for settings.
  case entered
  /// The device left its mode for settings; whether it was told to keep what was written.
  case left(isKept: Bool)
  /// The device does not answer any more and may still be in its mode for settings.
  case mayBeOpen
}
