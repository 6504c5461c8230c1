// SPDX-License-Identifier: Apache-2.0

/// What makes a TinyBMS open a switch by itself.
///
/// Source: TinyBMS User Manual Rev D, chapter 3 (protections); event ids from TinyBMS Communication
/// Protocols Rev D, chapter 2 (events).
public enum TinyBMSProtection: UInt8, CaseIterable, Sendable {
  case overTemperature, chargeCold, cold, overVoltage, fullyDischarged, underVoltage
  case chargeOvercurrent, dischargeOvercurrent, regenerationOvercurrent, currentSensorLost

  /// The event that it leaves when it acts.
  public var event: UInt8 {
    switch self {
    case .overTemperature: 0x04
    case .chargeCold: 0x37
    case .cold: 0x0A
    case .overVoltage: 0x03
    case .fullyDischarged: 0x31
    case .underVoltage: 0x02
    case .chargeOvercurrent: 0x06
    case .dischargeOvercurrent: 0x05
    case .regenerationOvercurrent: 0x07
    case .currentSensorLost: 0x0E
    }
  }

  /// The event that it leaves when it ends.
  public var recovery: UInt8 {
    switch self {
    case .overTemperature: 0x73
    case .chargeCold: 0x74
    case .cold: 0x75
    case .overVoltage: 0x79
    case .fullyDischarged: 0x7A
    case .underVoltage: 0x7B
    case .chargeOvercurrent: 0x76
    case .dischargeOvercurrent: 0x77
    case .regenerationOvercurrent: 0x78
    case .currentSensorLost: 0x7C
    }
  }

  /// Whether it is a fault (ids up to 30 hex), which the status tells, and not a warning.
  public var isFault: Bool { event <= 0x30 }
}

/// A set of protections.
public struct TinyBMSProtections: OptionSet, Hashable, Sendable {
  /// Bit `n` is the protection whose raw value is `n`.
  public var rawValue: UInt16

  /// The protections of these bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The set of these protections.
  public static func of(_ protections: TinyBMSProtection...) -> Self {
    var set: Self = []
    for protection in protections { set.rawValue |= 1 << UInt16(protection.rawValue) }
    return set
  }

  /// Whether a protection is in the set.
  public func has(_ protection: TinyBMSProtection) -> Bool {
    rawValue >> UInt16(protection.rawValue) & 1 == 1
  }

  /// Puts a protection in or takes it out.
  mutating func set(_ protection: TinyBMSProtection, _ isIn: Bool) {
    let bit: UInt16 = 1 << UInt16(protection.rawValue)
    if isIn { rawValue |= bit } else { rawValue &= ~bit }
  }
}
