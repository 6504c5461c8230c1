// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension SMA {
  /// Bounds of 0x351 in steps of 0.1 (section 5.3).
  ///
  /// What lies outside is rejected without notice, and then
  /// what was accepted before goes on to hold (section 5.1).
  enum Bounds {
    static let chargeVoltage: ClosedRange<UInt16> = 410...630
    static let current: ClosedRange<Int16> = 0...12_000
    static let dischargeVoltage: ClosedRange<UInt16> = 410...480
  }

  /// 0x351: every limit to its narrower side and within its bounds.
  ///
  /// A charge voltage below the lowest that the field may hold cannot be said: raising it would be
  /// wider than decided, so that there is no frame, and the inverter falls back after 60 s. A discharge
  /// voltage that is not known is marked so, which stands for the inverter's own default.
  static func limits(_ picture: InverterPicture) -> CANFrame? {
    guard let limits = picture.limits else { return nil }
    let chargeVoltage = UInt16(clamping: limits.chargeVoltage.value.raw / 100)
    guard chargeVoltage >= Bounds.chargeVoltage.lowerBound else { return nil }
    func current(_ amount: Current) -> Int16 {
      min(Bounds.current.upperBound, Int16(clamping: max(0, amount.raw) / 100))
    }
    let floor = Int64(limits.dischargeVoltage.raw)
    var payload = Payload()
    payload.putLittle(min(chargeVoltage, Bounds.chargeVoltage.upperBound))
    payload.putLittle(current(limits.chargeCurrent.value))
    payload.putLittle(current(limits.dischargeCurrent.value))
    if floor > 0 {
      let steps = UInt16(clamping: (floor + 99) / 100)
      let bounds = Bounds.dischargeVoltage
      payload.putLittle(min(max(steps, bounds.lowerBound), bounds.upperBound))
    } else {
      payload.putLittle(Payload.unsupported)
    }
    return payload.frame(0x351)
  }

  /// 0x35A: as to a Victron, save that any alarm stops a Sunny Island.
  ///
  /// What forbids charging alone, or merely informs, is a warning here: the charge current limit has the
  /// effect, and a house would go dark because it is too cold to charge. The pair that tells a GX
  /// "online" is not to be used (section 5.3).
  static func alarms(_ picture: InverterPicture) -> CANFrame {
    let frame = Victron.alarms(picture)
    var pairs: UInt64 = 0
    for index in 0..<8 { pairs |= UInt64(frame.data[index]) << UInt64(index * 8) }
    pairs &= ~(3 << VictronPair.statusShift)
    for pair in warningOnly {
      guard VictronPair.State(bits: pairs >> pair.alarmShift) == .active else { continue }
      pairs &= ~(3 << pair.alarmShift)
      pairs |= VictronPair.State.clear.bits << pair.alarmShift
    }
    var payload = Payload()
    for index in 0..<8 { payload.put(UInt8(truncatingIfNeeded: pairs >> UInt64(index * 8))) }
    return payload.frame(0x35A)
  }

  /// The pairs that are never sent as alarms.
  public static let warningOnly: [VictronPair] = [
    .general, .highChargeTemperature, .lowChargeTemperature, .highChargeCurrent,
  ]

  /// 0x355: state of charge and health, rounded down.
  ///
  /// A state of charge that is not known is not marked so: the mark stands for 0 %, at which a Sunny
  /// Island switches itself off (section 5.1). A health that is not known is marked.
  static func charge(_ picture: InverterPicture) -> CANFrame? {
    guard let soc = picture.hundredths else { return nil }
    var payload = Payload()
    payload.putLittle(soc / 100)
    payload.putLittle(picture.health.map { min($0, 100) } ?? Payload.unsupported)
    payload.putLittle(soc)
    return payload.frame(0x355)
  }

  /// 0x356: voltage, current, temperature of the hottest sensor; what is not known is marked.
  static func measured(_ picture: InverterPicture) -> CANFrame? {
    let voltage = Victron.field(picture.recent(.voltage), over: 10)
    let current = Victron.field(picture.recent(.current), over: 100)
    let temperature = Victron.field(picture.recent(.temperatureMax), over: 10)
    guard voltage != nil || current != nil || temperature != nil else { return nil }
    var payload = Payload()
    payload.putLittle(voltage ?? Payload.signedUnsupported)
    payload.putLittle(current ?? Payload.signedUnsupported)
    payload.putLittle(temperature ?? Payload.signedUnsupported)
    return payload.frame(0x356)
  }

  /// 0x35F: always sent, with marks for what is not known.
  static func info(_ picture: InverterPicture) -> CANFrame {
    let reading = picture.snapshot.reading
    let product = picture.identity.product
    var payload = Payload()
    payload.putLittle(product == 0 ? Payload.unsupported : product)
    if let version = reading.identity.firmware.flatMap(Victron.version) {
      payload.put(version.major)
      payload.put(version.minor)
    } else {
      payload.putLittle(Payload.unsupported)
    }
    let capacity = Victron.wholeAmpereHours(reading[.full])
    payload.putLittle(capacity ?? Payload.unsupported)
    payload.putLittle(Payload.unsupported)
    return payload.frame(0x35F)
  }
}
