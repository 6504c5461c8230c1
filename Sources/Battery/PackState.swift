// SPDX-License-Identifier: Apache-2.0

/// How a pack stands in its bank: what of it counts.
public enum PackState: UInt8, CaseIterable, Sendable {
  /// It is heard and counts wholly.
  case online
  /// Its readings are late: its limits may fall, not rise.
  case late
  /// It does not let itself be charged; it counts for discharging.
  case blocksCharge
  /// It does not let itself be discharged; it counts for charging.
  case blocksDischarge
  /// Both its switches are open: it counts for nothing.
  case open
  /// Its voltage is not that of the bank, so that it cannot be joined to it: it counts for nothing.
  case apart
  /// It is heard, but nothing can be decided for it yet.
  case undecided
  /// Its readings are too old to be believed.
  case stale
  /// It is not heard.
  case lost

  /// The name in JSON and on screens.
  public var name: StaticString {
    switch self {
    case .online: "online"
    case .late: "late"
    case .blocksCharge: "blocks_charge"
    case .blocksDischarge: "blocks_discharge"
    case .open: "open"
    case .apart: "apart"
    case .undecided: "undecided"
    case .stale: "stale"
    case .lost: "lost"
    }
  }

  /// A short phrase for people, to stand after the name of the pack.
  public var phrase: StaticString {
    switch self {
    case .online: "is online"
    case .late: "is late"
    case .blocksCharge: "does not let itself be charged"
    case .blocksDischarge: "does not let itself be discharged"
    case .open: "has opened its switches"
    case .apart: "has not the voltage of the bank"
    case .undecided: "has no limits yet"
    case .stale: "has not answered for too long"
    case .lost: "is lost"
    }
  }

  /// Whether it answers.
  public var isHeard: Bool { rawValue < Self.stale.rawValue }
}
