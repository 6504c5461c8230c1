// SPDX-License-Identifier: Apache-2.0

public import Battery
public import Quantities

/// What a simulated battery management system knows of its pack, for the languages in which it is told.
public struct UnitState: Sendable {
  /// Cells as it measured them, and which of them it bleeds.
  public var cells = Cells()
  /// Current, positive charging.
  public var current = Current.zero
  /// The sum of the cells.
  public var voltage = Voltage.zero
  /// State of charge by its coulomb counter.
  public var soc = Percent.zero
  /// State of health.
  public var health = Percent.percent(100)
  /// Charge that the pack holds when full.
  public var full = Charge.zero
  /// Charge that can still be drawn.
  public var remaining = Charge.zero
  /// Full cycles so far.
  public var cycles: Int64 = 0
  /// Sensors on the cells, absent where none is connected.
  public var temperatures = Temperatures()
  /// Temperature of the board with its switches.
  public var board = Temperature.degrees(20)
  /// Whether the charge switch is closed.
  public var isChargeOn = false
  /// Whether the discharge switch is closed.
  public var isDischargeOn = false
  /// Whether a charger offers voltage.
  public var hasCharger = false
  /// Protections that act.
  public var alarms: AlarmSet = []

  /// A pack of which nothing is known.
  public init() {}
}

/// What was ordered over the wire.
public struct UnitOrders: Hashable, Sendable {
  /// Whether the charge switch was ordered open.
  public var opensCharge = false
  /// Whether the discharge switch was ordered open.
  public var opensDischarge = false
  /// Whether balancing was ordered off.
  public var stopsBalancing = false
  /// A state of charge to count from; taken once.
  public var soc: Percent?

  /// Nothing ordered.
  public init() {}
}
