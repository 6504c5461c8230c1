// SPDX-License-Identifier: Apache-2.0

public import Quantities

/// What an inverter may do with a battery now, each limit with the reason for it.
///
/// Limits are composed by minimum: nothing widens what the battery itself allows.
@frozen public struct Limits: Hashable, Sendable {
  /// CVL: the highest voltage to which a charger may raise the pack; never zero.
  public var chargeVoltage: Limit<VoltageScale>
  /// CCL: the highest current that may charge the pack; never negative.
  public var chargeCurrent: Limit<CurrentScale>
  /// DCL: the highest current that may be drawn, as a positive number; never negative.
  public var dischargeCurrent: Limit<CurrentScale>
  /// The voltage to which the pack may be drawn; for display, no inverter controls by it.
  public var dischargeVoltage: Voltage
  /// What the charge control is doing.
  public var mode: ChargeMode

  /// Limits with their reasons.
  public init(
    chargeVoltage: Limit<VoltageScale>, chargeCurrent: Limit<CurrentScale>,
    dischargeCurrent: Limit<CurrentScale>, dischargeVoltage: Voltage, mode: ChargeMode
  ) {
    self.chargeVoltage = chargeVoltage
    self.chargeCurrent = chargeCurrent
    self.dischargeCurrent = dischargeCurrent
    self.dischargeVoltage = dischargeVoltage
    self.mode = mode
  }
}

/// One limit and why it is what it is.
@frozen public struct Limit<S: Scale>: Hashable, Sendable {
  /// The limit.
  public var value: Quantity<S>
  /// The narrowest of all the reasons.
  public var reason: Reason

  /// A limit with its reason.
  @inlinable public init(_ value: Quantity<S>, _ reason: Reason) {
    self.value = value
    self.reason = reason
  }

  /// Takes over a narrower limit with its reason; a wider one changes nothing.
  @inlinable public mutating func narrow(to value: Quantity<S>, _ reason: Reason) {
    guard value < self.value else { return }
    self = Limit(value, reason)
  }
}

/// What the charge control is doing, by the names that users of TinyBMS bridges know.
public enum ChargeMode: UInt8, CaseIterable, Sendable {
  /// Below the absorption target: full voltage and current.
  case bulk
  /// The highest cell has reached the target: taper and dwell.
  case transition
  /// The voltage ramps down from bulk to float.
  case floatApproach
  /// Full: held at float voltage.
  case float
  /// The spread of the cells is too large near the top: charging waits for balancing.
  case imbalanceHold
  /// The lowest cell or the state of charge is at its floor: discharging narrowed, charging free.
  case sustain

  /// The name in JSON and on screens.
  public var name: StaticString {
    switch self {
    case .bulk: "BULK"
    case .transition: "TRANSITION"
    case .floatApproach: "FLOAT_APPROACH"
    case .float: "FLOAT"
    case .imbalanceHold: "IMBALANCE_HOLD"
    case .sustain: "SUSTAIN"
    }
  }
}
