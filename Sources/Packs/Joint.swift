// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

/// What one pack, or a group of packs, says at one moment to the group that it is part of.
struct Joint: Sendable {
  /// The stage of its age.
  var freshness = Freshness.lost
  /// Ages at which its stages end.
  var bounds: Freshness.Bounds
  /// What it allows, reasons with the names of packs; `nil` while nothing is decided for it.
  var limits: Limits?
  /// What still holds down the charge voltage while it is not heard.
  var ceiling: Limit<VoltageScale>?
  /// Where it is held when full.
  var float: Voltage?
  /// What it holds when full.
  var size: Charge?
  /// Everything known about it.
  var snapshot = Snapshot()
  /// Which pack is the extreme.
  var places = Places()
  /// The packs in it, by their numbers.
  var packs: [Int]
  /// Whether it lets itself be charged.
  var takesCharge = true
  /// Whether it lets itself be discharged.
  var givesCharge = true
  /// Whether all that is in it is heard now.
  var isWhole = false
  /// Up to which age one of its values counts, in milliseconds.
  var oldest: Int64 = 180_000

  /// Packs that hold the extremes of a bank, by their numbers, counted from 0.
  struct Places: Sendable {
    var lowestCell: Int?
    var highestCell: Int?
    var coldest: Int?
    var hottest: Int?
  }

  /// Whether it answers.
  var isHeard: Bool { freshness <= .aging }
  /// Whether no current can flow through it.
  var isOpen: Bool { !takesCharge && !givesCharge }
  var voltage: Voltage? { snapshot.reading.voltage }
  var current: Current? { snapshot.reading.current }

  /// Whether a current may flow through it in a direction.
  func carries(_ flow: Flow) -> Bool { flow == .charge ? takesCharge : givesCharge }
}

/// A direction of the current.
enum Flow: Sendable {
  case charge, discharge
}

extension Limits {
  /// The limit of the current in a direction.
  func current(_ flow: Flow) -> Limit<CurrentScale> {
    flow == .charge ? chargeCurrent : dischargeCurrent
  }
}
