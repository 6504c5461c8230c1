// SPDX-License-Identifier: Apache-2.0

public import Battery

/// Why an order is not given; nothing is sent then.
public enum ControlRefusal: Sendable {
  /// The language has no such order.
  case unknown
  /// The battery's own protections hold the switch open.
  case protected(AlarmSet)
  /// One order sets both switches, and it cannot be told whether the other is open by order or by a
  /// protection.
  case otherSwitchUnclear
  /// It did not tell what the order is reckoned from.
  case untold(StaticString)

  /// The name that machine-readable output uses.
  public var kind: StaticString {
    switch self {
    case .unknown: "unknown"
    case .protected: "protected"
    case .otherSwitchUnclear: "other_switch_unclear"
    case .untold: "untold"
    }
  }
}

extension ControlRefusal: CustomStringConvertible {
  /// One sentence for people.
  public var description: String {
    switch self {
    case .unknown: return "this battery's language has no such order"
    case .protected(let alarms):
      var names = ""
      for alarm in alarms.list { names += names.isEmpty ? "\(alarm.name)" : ", \(alarm.name)" }
      return "the battery's own protection holds the switch open: \(names)"
    case .otherSwitchUnclear:
      return "one order sets both switches, and the other one is open under a protection: order it "
        + "again when the protection is over"
    case .untold(let what): return "the battery did not tell \(what), from which it is reckoned"
    }
  }
}
