// SPDX-License-Identifier: Apache-2.0

/// Why the charge control has no limits to send.
public enum Silence: UInt8, CaseIterable, Sendable {
  /// The settings have problems; see `ChargeSettings.validate()`.
  case settings
  /// No fresh reading has come yet.
  case noReading
  /// The last checked frame is too old: the inverter's own dead-man is to act.
  case lost
  /// No cell voltages are known.
  case noCells
  /// How many cells are in series is not known, or for too long those who tell it do not agree.
  case cellCount
  /// Another battery may be there than the one that the settings are for.
  case identity
  /// Neither the battery nor the owner has told the highest currents, or the battery's overvoltage
  /// cutoff makes no sense.
  case noCutoffs
}

extension Silence: CustomStringConvertible {
  /// A short phrase for people.
  public var description: String {
    switch self {
    case .settings: "the charge settings have problems"
    case .noReading: "no fresh reading has come yet"
    case .lost: "the battery is lost"
    case .noCells: "no cell voltages are known"
    case .cellCount: "the number of cells is not certain"
    case .identity: "another battery seems to be there"
    case .noCutoffs: "the battery's cutoffs are not known yet"
    }
  }
}
