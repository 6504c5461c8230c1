// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Simulation

/// An inverter with chargers that does as it is told, late and not exactly.
struct ObeyingInverter {
  /// How it obeys.
  struct Design: Sendable {
    /// Seconds from a limit to the order that follows from it.
    var lag: Int64 = 3
    /// Time constant of its control loop, s.
    var response = 2.0
    /// Share of a rise by which it goes too far at first.
    var overshoot = 0.05
    /// Share by which the voltage that it holds is wrong.
    var voltageError = 0.0
    /// Seconds without limits after which it stops.
    var patience: Int64 = 3
    /// Whether it draws no more than DCL; an inverter without a grid only knows 0 and not 0.
    var keepsDischargeLimit = false
  }

  /// Limits and when they came.
  private struct Order {
    var at: Int64
    var volts: Double
    var charge: Double
    var discharge: Double
  }

  let design: Design
  /// What its chargers give, A.
  private(set) var charger = 0.0
  /// What its loads take from the battery, A.
  private(set) var load = 0.0
  private var orders: [Order] = []
  private var heardAt: Int64?
  private var excess = 0.0

  init(_ design: Design) { self.design = design }

  /// Takes limits; `nil` is silence.
  mutating func hear(_ limits: Limits?, at second: Int64) {
    guard let limits else { return }
    heardAt = second
    orders.append(
      Order(
        at: second, volts: Double(limits.chargeVoltage.value.raw) / 1000,
        charge: Double(limits.chargeCurrent.value.raw) / 1000,
        discharge: Double(limits.dischargeCurrent.value.raw) / 1000))
  }

  /// The current into the battery for the next `step` seconds, A.
  mutating func current(
    _ battery: Source, sun: Double, demand: Double, at second: Int64, step: Double
  ) -> Double {
    while orders.count > 1, orders[1].at <= second - design.lag { orders.removeFirst() }
    let volts = max(1, battery.voltage)
    // Limits go out each second, also where steps are longer.
    let patience = max(design.patience, Int64(step))
    guard let order = orders.first, let heardAt, second - heardAt <= patience else {
      charger = 0
      load = 0
      excess = 0
      return 0
    }
    load = order.discharge > 0 ? demand / volts : 0
    if design.keepsDischargeLimit { load = min(load, order.discharge) }
    let held = order.volts * (1 + design.voltageError)
    let room = (held - battery.voltage) / battery.resistance
    let target = max(0, min(sun / volts, order.charge + load, room + load))
    let share = step / (design.response + step)
    if target > charger { excess = design.overshoot * (target - charger) }
    charger += (target - charger) * share
    let now = min(charger + excess, sun / volts)
    excess *= 1 - share
    return (order.charge > 0 ? now : min(now, load)) - load
  }
}
