// SPDX-License-Identifier: Apache-2.0

package import Battery

/// Something that goes wrong in a trial, and when.
package struct Trouble: Sendable {
  /// What goes wrong.
  package enum Kind: Sendable {
    /// No reading comes.
    case lost
    /// Each second reading is missing.
    case flicker
    /// All cells are read with so many volts of noise, even to both sides.
    case noise(Double)
    /// A cell is read so many volts too high.
    case offset(cell: Int, Double)
    /// No sensor of temperature answers.
    case noTemperature
    /// A sensor is so many °C hotter than the cells.
    case hot(Double)
    /// The battery reports a protection.
    case protection(Alarm)
    /// The battery opens its switch for charging.
    case chargeSwitch
    /// The battery opens its switch for discharging.
    case dischargeSwitch
    /// The control begins anew, with other limits of the owner: a factor on both currents.
    case reload(Double)
    /// So many times the highest charge current are pushed into the pack, whatever was ordered.
    case regeneration(Double)
    /// One cell is missing from the list.
    case miscounted
    /// The battery itself asks for shares of the usual charge voltage and current.
    case reported(volts: Double, amperes: Double)
  }

  /// What goes wrong.
  package var kind: Kind
  /// From which second of the trial on.
  package var start: Int64
  /// For how many seconds.
  package var length: Int64

  /// Something that goes wrong.
  package init(_ kind: Kind, at start: Int64, for length: Int64) {
    self.kind = kind
    self.start = start
    self.length = length
  }

  /// Whether it holds at a second of the trial.
  func holds(at second: Int64) -> Bool { second >= start && second < start + length }
}

extension [Trouble] {
  /// What holds at a second of the trial.
  func active(at second: Int64) -> [Trouble.Kind] {
    filter { $0.holds(at: second) }.map(\.kind)
  }
}
