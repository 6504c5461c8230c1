// SPDX-License-Identifier: Apache-2.0

import Battery

extension SMA {
  /// 0x35A: as to a Victron, save that any alarm stops a Sunny Island.
  ///
  /// What forbids charging alone, or merely informs, is a warning here: the charge current limit has the
  /// effect, and a house would go dark because it is too cold to charge. The pair that tells a GX
  /// "online" is not to be used (section 5.3).
  static func alarms(_ picture: InverterPicture) -> UInt64 {
    var pairs = Victron.alarms(picture) & ~(3 << VictronPair.statusShift)
    for pair in warningOnly {
      guard VictronPair.State(bits: pairs >> pair.alarmShift) == .active else { continue }
      pairs &= ~(3 << pair.alarmShift)
      pairs |= VictronPair.State.clear.bits << pair.alarmShift
    }
    return pairs
  }

  /// The pairs that are never sent as alarms.
  public static let warningOnly: [VictronPair] = [
    .general, .highChargeTemperature, .lowChargeTemperature, .highChargeCurrent,
  ]
}
