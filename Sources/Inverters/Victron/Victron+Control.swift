// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension Victron {
  /// 0x351: what the inverter may do.
  ///
  /// Every limit is rounded to its narrower side and held within its field. A charge voltage that rounds
  /// to zero is never sent: chargers would empty the battery into the grid.
  static func limits(_ picture: InverterPicture) -> CANFrame? {
    guard let limits = picture.limits else { return nil }
    let chargeVoltage = max(0, limits.chargeVoltage.value.raw) / 100
    guard chargeVoltage > 0 else { return nil }
    // One step below what some receivers take for "not supported".
    let highest = Payload.unsupported - 1
    var payload = Payload()
    payload.putLittle(min(highest, UInt16(clamping: chargeVoltage)))
    payload.putLittle(Int16(clamping: max(0, limits.chargeCurrent.value.raw) / 100))
    payload.putLittle(Int16(clamping: max(0, limits.dischargeCurrent.value.raw) / 100))
    // Without a floor the frame ends here, as that of a Pylontech may: 0 V would be made up.
    let floor = Int64(max(0, limits.dischargeVoltage.raw))
    if floor > 0 { payload.putLittle(min(highest, UInt16(clamping: (floor + 99) / 100))) }
    return payload.frame(0x351)
  }

  /// 0x35A: alarms in bytes 0 to 3, warnings in bytes 4 to 7.
  ///
  /// A protection raises both of its pairs. Once the battery is silent the last known pairs stand, since
  /// nobody has cleared them, and the warning "BMS internal" says that they are old. That warning is
  /// Cellbus's own and so always supported.
  static func alarms(_ picture: InverterPicture) -> CANFrame {
    let reading = picture.snapshot.reading
    let supported = picture.supported
    var pairs: UInt64 = 0
    for pair in VictronPair.allCases {
      let meaning = pair.alarms
      let isAlarm = !reading.alarms.isDisjoint(with: meaning)
      var isWarning = isAlarm || !reading.warnings.isDisjoint(with: meaning)
      let isSupported = !supported.isDisjoint(with: meaning)
      var isWarningSupported = isSupported
      if pair == .internalFault {
        isWarning = isWarning || picture.freshness >= .stale
        isWarningSupported = true
      }
      pairs |= VictronPair.State(isSupported, isActive: isAlarm).bits << pair.alarmShift
      pairs |= VictronPair.State(isWarningSupported, isActive: isWarning).bits << pair.warningShift
    }
    pairs |= (picture.isOnline ? VictronPair.State.clear : .active).bits << VictronPair.statusShift
    var payload = Payload()
    for index in 0..<8 { payload.put(UInt8(truncatingIfNeeded: pairs >> UInt64(index * 8))) }
    return payload.frame(0x35A)
  }

  /// 0x360: only a battery of which it is known whether it asks has anything to say here.
  static func chargeRequest(_ picture: InverterPicture) -> CANFrame? {
    guard let isRequested = picture.chargeRequested else { return nil }
    var payload = Payload()
    payload.put(isRequested ? 0xFF : 0)
    payload.fill()
    return payload.frame(0x360)
  }
}
