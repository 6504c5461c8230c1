// SPDX-License-Identifier: Apache-2.0

import Battery

/// A rule that settings keep among each other; a setting is named by its address.
public enum SettingRule: Hashable, Sendable {
  /// The second lies above the first by at least so many raw steps.
  case ascending(UInt16, UInt16, gap: Int64)
  /// The setting never has a value of this range, although its limits allow it.
  case excluded(UInt16, ClosedRange<Int64>)
  /// Never do both settings have values of these ranges at the same time.
  case apart(UInt16, ClosedRange<Int64>, UInt16, ClosedRange<Int64>)

  /// The settings that it is about.
  var addresses: (UInt16, UInt16) {
    switch self {
    case .ascending(let lower, let upper, _): (lower, upper)
    case .excluded(let address, _): (address, address)
    case .apart(let first, _, let second, _): (first, second)
    }
  }

  /// Whether it is about a setting.
  func concerns(_ address: UInt16) -> Bool {
    addresses.0 == address || addresses.1 == address
  }

  /// Whether it holds; what is not known breaks no rule.
  func holds(_ value: (UInt16) -> Int64?) -> Bool {
    guard let first = value(addresses.0), let second = value(addresses.1) else { return true }
    switch self {
    case .ascending(_, _, let gap): return second - first >= gap
    case .excluded(_, let range): return !range.contains(first)
    case .apart(_, let range, _, let other):
      return !(range.contains(first) && other.contains(second))
    }
  }
}
