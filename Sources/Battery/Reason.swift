// SPDX-License-Identifier: Apache-2.0

public import Quantities

/// Why a limit is what it is.
public enum Reason: Hashable, Sendable {
  /// The owner set it.
  case user
  /// The battery reports or enforces it.
  case battery
  /// What the charge control is doing asks for it.
  case mode(ChargeMode)
  /// A cell, counted from 1, lies on the curve of current over cell voltage; cell 0 is one whose number
  /// the battery does not tell, here and below.
  case cellCurve(cell: Int, CellVoltage)
  /// A cell is above the voltage that no cell may pass.
  case cellCeiling(cell: Int, CellVoltage)
  /// A cell is below the voltage down to which the pack may be drawn.
  case cellFloor(cell: Int, CellVoltage)
  /// A cell is above the target of charging, so that the pack gets less.
  case overshoot(cell: Int, CellVoltage)
  /// A sensor lies on the curve of current over temperature.
  case temperatureCurve(Temperature)
  /// No temperature is known.
  case noTemperature
  /// The switches are hot.
  case switchTemperature(Temperature)
  /// The battery reports a protection.
  case protection(Alarm)
  /// The battery has opened its charge switch.
  case chargeSwitchOpen
  /// The battery has opened its discharge switch.
  case dischargeSwitchOpen
  /// The cells lie too far apart.
  case spread(CellVoltage)
  /// So many cells are seen, which is not how many the pack has.
  case cellCount(Int)
  /// Another battery may be there than the one that the settings are for.
  case identity
  /// The settings ask for more than the battery's own cutoffs bear: they are not for this battery.
  case contradiction
  /// The limit rises slowly to what is now allowed.
  case ramp
  /// The last checked frame is too old.
  case freshness(Freshness)
  /// A pack of the bank, by its name, is the narrowest, for a reason of its own.
  indirect case pack(Label, Reason)
  /// Such a share of the bank's current flows through one pack.
  case share(Percent)
  /// So a pack stands in its bank.
  case state(PackState)
}

extension Reason: CustomStringConvertible {
  /// A short phrase for people, such as `cell 7 at 3.447 V on the cell curve`.
  public var description: String {
    switch self {
    case .user: "set by the owner"
    case .battery: "allowed by the battery"
    case .mode(let mode): "\(mode.name)"
    case .cellCurve(let cell, let voltage): Self.name(cell, voltage) + " on the cell curve"
    case .cellCeiling(let cell, let voltage): Self.name(cell, voltage) + " above its ceiling"
    case .cellFloor(let cell, let voltage): Self.name(cell, voltage) + " below its floor"
    case .overshoot(let cell, let voltage): Self.name(cell, voltage) + " above the target"
    case .temperatureCurve(let temperature):
      "\(temperature.text(places: 1)) °C on the temperature curve"
    case .noTemperature: "no temperature is known"
    case .switchTemperature(let temperature): "switches at \(temperature.text(places: 1)) °C"
    case .protection(let alarm): "protection \(alarm.name)"
    case .chargeSwitchOpen: "the battery has opened its charge switch"
    case .dischargeSwitchOpen: "the battery has opened its discharge switch"
    case .spread(let spread): "cells \(spread.text(places: 3)) V apart"
    case .cellCount(let count): "\(count) cells seen, which is not how many the pack has"
    case .identity: "another battery seems to be there"
    case .contradiction: "the settings are not for this battery: its own cutoffs are lower"
    case .ramp: "rising slowly"
    case .freshness(let freshness): "readings are \(freshness.name)"
    case .pack(let name, .state(let state)): "pack \(name.string) \(state.phrase)"
    case .pack(let name, .share(let share)):
      "pack \(name.string) carries \(share.text(places: 0)) % of the current"
    case .pack(let name, let reason): "pack \(name.string): \(reason.description)"
    case .share(let share): "\(share.text(places: 0)) % of the current through one pack"
    case .state(let state): "a pack \(state.phrase)"
    }
  }

  private static func name(_ cell: Int, _ voltage: CellVoltage) -> String {
    let text = voltage.text(places: 3)
    return cell > 0 ? "cell \(cell) at \(text) V" : "a cell at \(text) V"
  }
}
