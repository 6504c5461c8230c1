// SPDX-License-Identifier: Apache-2.0

import Quantities

extension TinyBMSUnit {
  /// Compares what was measured with the settings, acts at once, and recovers later.
  mutating func protect() {
    guard let (lowest, highest) = extremes else { return }
    let (coldest, hottest) = senses.extremes
    let hasOutside = senses.outside.0 != nil || senses.outside.1 != nil
    let hotLimit = Temperature.degrees(Int16(bitPattern: settings[319]))
    let isInsideHot = senses.inside > (hasOutside ? .degrees(90) : hotLimit)

    follow(.overTemperature, isInsideHot || hasOutside && hottest > hotLimit)
    follow(.chargeCold, coldest < .degrees(Int16(bitPattern: settings[320])))
    follow(.cold, min(coldest, senses.inside) < .degrees(-40))
    follow(.overVoltage, highest > .millivolts(settings[315]))
    follow(.fullyDischarged, lowest < .millivolts(settings[301]))
    // A charger is what lifts an under-voltage, so with one present it cannot act again.
    follow(.underVoltage, lowest < .millivolts(settings[316]) && !senses.hasCharger)
    let chargeLimit = Current.amperes(settings[318])
    let dischargeLimit = Current.amperes(settings[317])
    let isRegenerating = !senses.hasCharger && !isSinglePort
    follow(.chargeOvercurrent, !isRegenerating && senses.current > chargeLimit)
    follow(.regenerationOvercurrent, isRegenerating && senses.current > dischargeLimit)
    follow(.dischargeOvercurrent, isDischargeTooHigh(dischargeLimit))
    follow(.currentSensorLost, design.sensor == 2 && !senses.hasCurrentSensor)
  }

  /// Whether the discharge current is above the peak limit, or has been above the lasting one for
  /// the seconds of the high byte of setting 330.
  private mutating func isDischargeTooHigh(_ limit: Current) -> Bool {
    let drawn = -senses.current
    if drawn > .amperes(settings[305]) { return true }
    guard drawn > limit else {
      overcurrentSince = -1
      return false
    }
    if overcurrentSince < 0 { overcurrentSince = lifetime }
    return lifetime - overcurrentSince >= Int64(settings[330] >> 8) * 1000
  }

  /// Switches a protection on at once and off when its cause has been away for the seconds of
  /// setting 332; with 332 at 0 only a charger or a restart switches it off.
  private mutating func follow(_ protection: TinyBMSProtection, _ isExceeded: Bool) {
    let place = Int(protection.rawValue)
    guard protections.has(protection) else {
      guard isExceeded else { return }
      protections.set(protection, true)
      clearedAt[place] = -1
      statistics.count(protection)
      note(protection.event)
      return
    }
    if isExceeded {
      clearedAt[place] = -1
      return
    }
    if clearedAt[place] < 0 { clearedAt[place] = lifetime }
    switch protection {
    case .underVoltage: return
    case .currentSensorLost: break
    default:
      guard settings[332] > 0, lifetime - clearedAt[place] >= Int64(settings[332]) * 1000 else {
        return
      }
    }
    recover(protection)
  }

  private mutating func recover(_ protection: TinyBMSProtection) {
    protections.set(protection, false)
    clearedAt[Int(protection.rawValue)] = -1
    note(protection.recovery)
  }

  /// What a charger that has just been connected puts right: an under-voltage, and with setting 332
  /// at 0 every protection whose cause is gone.
  mutating func recoverByCharger() {
    if protections.has(.underVoltage) { recover(.underVoltage) }
    guard settings[332] == 0 else { return }
    for protection in TinyBMSProtection.allCases where protections.has(protection) {
      guard clearedAt[Int(protection.rawValue)] >= 0 else { continue }
      recover(protection)
    }
  }
}
