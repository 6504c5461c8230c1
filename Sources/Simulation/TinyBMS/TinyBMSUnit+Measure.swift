// SPDX-License-Identifier: Apache-2.0

import Battery
public import Quantities

extension TinyBMSUnit {
  /// One measurement, 100 ms of the battery's time after the last.
  ///
  /// `now` is real time, by which it falls asleep.
  public mutating func measure(_ new: Senses, at now: Tick) {
    lifetime += 100
    if isAsleep, !senseAsleep(new) { return }
    senses = new
    tally()
    protect()
    followCharger()
    balance()
    fallAsleepWhenIdle(at: now)
  }

  /// Whether the load's switch is closed.
  public var isLoadOn: Bool {
    !protections.has(.overTemperature) && !protections.has(.cold)
      && !protections.has(.fullyDischarged)
      && !protections.has(.underVoltage) && !protections.has(.dischargeOvercurrent)
      && !protections.has(.regenerationOvercurrent) && !protections.has(.currentSensorLost)
  }

  /// Whether the charger's switch is closed.
  public var isChargerOn: Bool {
    switch phase {
    case .absent, .starting, .done: return false
    case .charging, .finishing: break
    }
    // A discharge over-current opens the charge switch too where the load switch is the FETs.
    let stopsBoth = settings[331] & 0xFF == 0 && protections.has(.dischargeOvercurrent)
    return !stopsBoth && !protections.has(.overTemperature) && !protections.has(.chargeCold)
      && !protections.has(.cold) && !protections.has(.overVoltage)
      && !protections.has(.underVoltage)
      && !protections.has(.chargeOvercurrent) && !protections.has(.regenerationOvercurrent)
      && !protections.has(.currentSensorLost)
  }

  /// Register 50: 91 charging, 92 fully charged, 93 discharging, 96 regeneration, 97 idle, 9B
  /// fault.
  ///
  /// Assumed: only what leaves a fault event (ids up to 30 hex) is a fault; warnings are not.
  public var status: UInt16 {
    for protection in TinyBMSProtection.allCases
    where protection.isFault && protections.has(protection) {
      return 0x9B
    }
    switch phase {
    case .finishing, .done:
      if senses.current > -activityThreshold { return 0x92 }
    default: break
    }
    if senses.current > activityThreshold { return senses.hasCharger || isSinglePort ? 0x91 : 0x96 }
    return senses.current < -activityThreshold ? 0x93 : 0x97
  }

  /// Extremes of the cells that it was told to measure; `nil` before the first measurement.
  var extremes: (lowest: CellVoltage, highest: CellVoltage)? {
    guard let place = senses.cells.extremes else { return nil }
    return (senses.cells[place.lowest], senses.cells[place.highest])
  }

  /// Coulomb counting, without any correction by voltage, and the statistics.
  private mutating func tally() {
    let step = Int64(senses.current.raw)
    charge = max(0, min(capacity, charge + step))
    if step < 0 { dischargedSinceHealth -= step }

    let deciamperes = UInt16(clamping: Int64(senses.current.magnitude.raw).dividedRounding(by: 100))
    if step < 0 { statistics.discharge = max(statistics.discharge, deciamperes) }
    if step > 0 { statistics.charge = max(statistics.charge, deciamperes) }
    if let (lowest, highest) = extremes {
      statistics.difference = max(statistics.difference, UInt16(clamping: highest.raw - lowest.raw))
    }
    let (coldest, hottest) = senses.extremes
    let low = Int8(clamping: Int64(coldest.raw).dividedRounding(by: 100))
    let high = Int8(clamping: Int64(hottest.raw).dividedRounding(by: 100))
    let known = statistics.temperatures ?? (low, high)
    statistics.temperatures = (min(known.lowest, low), max(known.highest, high))
    takePending()
  }

  /// Takes over settings 328 (state of charge) and 323 (state of health) and shows them as taken.
  private mutating func takePending() {
    if settings[328] != 0xFFFF {
      setCharge(.doubleMillipercent(settings[328]))
      settings[328] = 0xFFFF
    }
    if settings[323] != 0xFFFF {
      health = settings[323]
      dischargedSinceHealth = 0
      settings[323] = 0xFFFF
    }
  }

  /// What a sleeping unit notices: charger and current once a second, cells once a minute.
  ///
  /// - Returns: whether this measurement counts.
  private mutating func senseAsleep(_ new: Senses) -> Bool {
    asleepTicks += 1
    guard asleepTicks % 10 == 0 else { return false }
    let isActive = new.current.magnitude > activityThreshold
    guard !quirks.contains(.asleep), new.hasCharger || isActive else {
      return asleepTicks % 600 == 0
    }
    isAsleep = false
    wakeCause = new.hasCharger ? 0 : 2
    return true
  }

  /// Sleep comes after 10 s without traffic, charger, current, balancing after an over-voltage, or
  /// an over-current fault.
  private mutating func fallAsleepWhenIdle(at now: Tick) {
    let isBusy =
      senses.hasCharger || senses.current.magnitude > activityThreshold
      || protections.has(.overVoltage) || protections.has(.chargeOvercurrent)
      || protections.has(.dischargeOvercurrent) || protections.has(.regenerationOvercurrent)
    if staysAwake { return }
    if quirks.contains(.asleep) {
      if now - lastCommand >= 1000 { isAsleep = true }
    } else if isBusy || !outbox.isEmpty {
      lastActivity = now
    } else if now - lastActivity >= 10_000 {
      isAsleep = true
    }
    if isAsleep { asleepTicks = 0 }
  }
}
