// SPDX-License-Identifier: Apache-2.0

import Battery

extension Victron {
  /// 0x35A: alarms in bytes 0 to 3, warnings in bytes 4 to 7.
  ///
  /// A protection raises both of its pairs. Once the battery is silent the last known pairs stand, since
  /// nobody has cleared them, and the warning "BMS internal" says that they are old. That warning is
  /// Cellbus's own and so always supported.
  static func alarms(_ picture: InverterPicture) -> UInt64 {
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
    return pairs | (picture.isOnline ? VictronPair.State.clear : .active).bits
      << VictronPair.statusShift
  }
}
