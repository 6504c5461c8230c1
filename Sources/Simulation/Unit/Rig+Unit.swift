// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

extension Rig {
  /// What the battery management system knows of its pack.
  public var state: UnitState {
    var state = UnitState()
    let senses = unit.senses
    state.cells = senses.cells
    state.cells.balancing = unit.balancing
    state.cells.reportsBalancing = true
    state.current = senses.current
    state.voltage = senses.cells.sum
    state.soc = unit.soc
    state.health = .doubleMillipercent(unit.healthSteps)
    state.full = .centiampereHours(unit.settings[306])
    state.remaining = Charge(clamping: unit.charge / 36_000)
    state.cycles = Int64(unit.statistics.fullCharges)
    state.temperatures.append(senses.outside.0)
    state.temperatures.append(senses.outside.1)
    state.board = senses.inside
    state.isChargeOn = isChargeOn
    state.isDischargeOn = isDischargeOn
    state.hasCharger = senses.hasCharger
    for protection in TinyBMSProtection.allCases where unit.protections.has(protection) {
      state.alarms.formUnion(AlarmSet(protection.alarm))
    }
    return state
  }
}

extension TinyBMSProtection {
  /// Its name in the dictionary of alarms.
  var alarm: Alarm {
    switch self {
    case .overTemperature: .overtemperature
    case .chargeCold: .chargeUndertemperature
    case .cold: .undertemperature
    case .overVoltage: .cellOvervoltage
    case .fullyDischarged: .fullyDischarged
    case .underVoltage: .cellUndervoltage
    case .chargeOvercurrent: .chargeOvercurrent
    case .dischargeOvercurrent: .dischargeOvercurrent
    case .regenerationOvercurrent: .regenerationOvercurrent
    case .currentSensorLost: .currentSensorFault
    }
  }
}
