// SPDX-License-Identifier: Apache-2.0

import Battery
public import Quantities

/// An order to a battery: what every maker calls something else.
public enum ControlOrder: Hashable, Sendable {
  /// Lets the charge switch close, or opens it.
  case charge(Bool)
  /// Lets the discharge switch close, or opens it.
  case discharge(Bool)
  /// Lets it balance cells, or not.
  case balance(Bool)
  /// Counts on from this state of charge.
  case soc(Percent)
  /// Restarts the board.
  case restart

  /// The kinds, without what is ordered.
  public enum Kind: UInt8, CaseIterable, Sendable {
    case charge, discharge, balance, soc, restart

    /// The word on the command line and in JSON.
    public var name: StaticString {
      switch self {
      case .charge: "charge"
      case .discharge: "discharge"
      case .balance: "balance"
      case .soc: "soc"
      case .restart: "restart"
      }
    }
  }

  /// Which kind it is.
  public var kind: Kind {
    switch self {
    case .charge: .charge
    case .discharge: .discharge
    case .balance: .balance
    case .soc: .soc
    case .restart: .restart
    }
  }

  /// What may go wrong with it; `nil` where nothing can be harmed.
  public var danger: StaticString? {
    switch self {
    case .discharge(false): "Whatever this battery feeds goes dark, a gateway on its own board too."
    case .charge(false): "It is not charged until somebody switches it on again."
    case .charge(true), .discharge(true):
      "Current may flow at once; somebody may have switched it off for a reason."
    case .balance: nil
    case .soc:
      "Whatever goes by the state of charge is misled by a wrong one until it is full again."
    case .restart: "Its switches may open for a moment, and what it feeds may go dark."
    }
  }

  /// The protections that hold a switch open that is ordered closed.
  var opposing: AlarmSet {
    switch self {
    case .charge(true):
      .of(
        .cellOvervoltage, .packOvervoltage, .chargeOvercurrent, .chargeOvertemperature,
        .chargeUndertemperature, .overtemperature, .shortCircuit, .chargeMosfetFault, .afeFault,
        .overCharged)
    case .discharge(true):
      .of(
        .cellUndervoltage, .packUndervoltage, .dischargeOvercurrent, .dischargeOvertemperature,
        .dischargeUndertemperature, .overtemperature, .shortCircuit, .dischargeMosfetFault,
        .afeFault, .fullyDischarged)
    default: []
    }
  }

  /// Whether a reading shows it carried out; `nil` where a reading does not tell.
  func isDone(_ reading: Reading) -> Bool? {
    switch self {
    case .charge(let isOn): reading[.chargeEnabled].map { ($0 == 1) == isOn }
    case .discharge(let isOn): reading[.dischargeEnabled].map { ($0 == 1) == isOn }
    case .soc(let wish):
      reading[.soc].map { abs($0 - Int64(wish.raw)) <= Int64(Percent.percent(1).raw) }
    case .balance, .restart: nil
    }
  }
}

extension ControlOrder: CustomStringConvertible {
  /// A few words, such as `discharge off`.
  public var description: String {
    switch self {
    case .charge(let isOn), .discharge(let isOn), .balance(let isOn):
      "\(kind.name) \(isOn ? "on" : "off")"
    case .soc(let percent): "soc \(Decimal.string(Int64(percent.raw) / 10_000, decimals: 2)) %"
    case .restart: "restart"
    }
  }
}
