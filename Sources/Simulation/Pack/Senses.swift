// SPDX-License-Identifier: Apache-2.0

public import Battery
public import Quantities

/// What the measuring circuits of a battery management system see at one moment: noisy, and in
/// whole steps of their converters.
public struct Senses: Sendable {
  /// Cell voltages, lowest cell of the string first, 0.1 mV steps.
  public var cells = Cells()
  /// Current, 1 mA steps, positive charging.
  public var current = Current.zero
  /// Temperature of the circuit board.
  public var inside = Temperature.degrees(20)
  /// The two external sensors; `nil` where none is connected.
  public var outside: (Temperature?, Temperature?) = (nil, nil)
  /// Whether a charger offers voltage at the charger port.
  public var hasCharger = false
  /// Whether the external current sensor answers; always so for an internal one.
  public var hasCurrentSensor = true

  /// No cells, no current, no charger.
  public init() {}

  /// The hottest and the coldest sensor that counts for the pack: the external ones, or without any
  /// the board's own.
  var extremes: (coldest: Temperature, hottest: Temperature) {
    switch outside {
    case (let first?, let second?): (min(first, second), max(first, second))
    case (let only?, nil), (nil, let only?): (only, only)
    case (nil, nil): (inside, inside)
    }
  }
}
