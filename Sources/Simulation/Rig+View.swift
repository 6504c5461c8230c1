// SPDX-License-Identifier: Apache-2.0

public import Quantities

/// The true state of a bench, for screens and tests: what no gateway can see.
public struct RigView: Sendable {
  /// Battery's time since the start, s.
  public var seconds: Double
  /// True voltage of each cell, V.
  public var cellVoltages: [Double]
  /// True state of charge of each cell, 0 to 1.
  public var cellCharges: [Double]
  /// True temperature of each cell, °C.
  public var cellTemperatures: [Double]
  /// Temperature of the circuit board, °C.
  public var boardTemperature: Double
  /// Voltage at the terminals, V.
  public var voltage: Double
  /// Current through the string, A, positive charging.
  public var current: Double
  /// Mean state of charge of the cells, 0 to 1.
  public var soc: Double
  /// What the unit's coulomb counter holds.
  public var countedSOC: Percent
  /// What the charger gives, A.
  public var chargerCurrent: Double
  /// What the charger is doing.
  public var chargerState: Charger.State
  /// What the charger was told; `nil` when it may not charge.
  public var order: Charger.Order?
  /// What the loads take, A.
  public var loadCurrent: Double
  /// What the loads would take, W.
  public var loadWatts: Double
  /// What the charger is given, W.
  public var supplyWatts: Double
  /// Whether the unit's charge switch is closed.
  public var isChargerOn: Bool
  /// Whether the unit's load switch is closed.
  public var isLoadOn: Bool
  /// Cells being bled: bit `i` is cell `i`, counted from 0.
  public var balancing: UInt64
  /// Register 50 of the unit.
  public var status: UInt16
  /// Protections of the unit that act.
  public var protections: TinyBMSProtections
  /// Whether the unit sleeps.
  public var isAsleep: Bool
  /// What the GX does.
  public var gx: SimulatedGX.State
  /// What is wrong now, in the battery's time; faults on the line are not listed.
  public var faults: [SimulatedFault]
}

extension Rig {
  /// The true state of everything.
  public var view: RigView {
    var active: [SimulatedFault] = []
    for window in windows where !window.fault.isOnLine && window.holds(at: elapsed) {
      active.append(window.fault)
    }
    return RigView(
      seconds: Double(elapsed) / 1000, cellVoltages: pack.cells.map { $0.voltage },
      cellCharges: pack.cells.map { $0.soc }, cellTemperatures: pack.cells.map { $0.temperature },
      boardTemperature: pack.board, voltage: pack.voltage, current: pack.current, soc: pack.soc,
      countedSOC: unit.soc, chargerCurrent: charger.current, chargerState: charger.state,
      order: order,
      loadCurrent: loadCurrent, loadWatts: loadWatts, supplyWatts: supplyWatts,
      isChargerOn: isChargeOn,
      isLoadOn: isDischargeOn, balancing: unit.balancing, status: unit.status,
      protections: unit.protections,
      isAsleep: unit.isAsleep, gx: gx.state, faults: active)
  }
}
