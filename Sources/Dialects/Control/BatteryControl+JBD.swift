// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities

extension BatteryControl {
  /// A JBD board: both switches by one order, the state of charge by the charge that remains, and
  /// balancing by a function of the board.
  static func jbd(_ options: DialectOptions) -> BatteryControl {
    BatteryControl(.jbd(options), [.charge, .discharge, .balance, .soc]) { order, sight, _ in
      switch order {
      case .charge(let isOn): JBD.switches(charge: isOn, discharge: nil, sight.reading)
      case .discharge(let isOn): JBD.switches(charge: nil, discharge: isOn, sight.reading)
      case .balance(let isOn): .setting("function_balance", isOn ? 1 : 0)
      case .soc(let percent): JBD.remaining(percent, sight, options)
      case .restart: .refused(.unknown)
      }
    }
  }
}

extension JBD {
  /// The order that opens switches: bit 0 the charge switch, bit 1 the discharge switch.
  static func switches(opensCharge: Bool, opensDischarge: Bool) -> Request {
    order(Register.switches, [0, (opensCharge ? 1 : 0) | (opensDischarge ? 2 : 0)])
  }

  /// The order for one switch, which must repeat what was ordered of the other.
  static func switches(charge: Bool?, discharge: Bool?, _ reading: Reading) -> ControlWay {
    guard let isChargeOn = reading[.chargeEnabled], let isDischargeOn = reading[.dischargeEnabled]
    else { return .refused(.untold("its switches")) }
    let isLocked = reading.alarms.has(.softwareMosfetLock)
    let other: (isOn: Bool, protections: AlarmSet) =
      charge != nil
      ? (isDischargeOn == 1, ControlOrder.discharge(true).opposing)
      : (isChargeOn == 1, ControlOrder.charge(true).opposing)
    var opensOther = false
    if !other.isOn, isLocked {
      // Open by order, or by a protection while the order was about this one?
      guard reading.alarms.isDisjoint(with: other.protections) else {
        return .refused(.otherSwitchUnclear)
      }
      opensOther = true
    }
    let request =
      charge.map { switches(opensCharge: !$0, opensDischarge: opensOther) }
      ?? switches(opensCharge: opensOther, opensDischarge: discharge == false)
    return .requests([request], nil, .reading)
  }

  /// The order that sets the charge that remains, in steps of 10 mAh, or 100 mAh on large packs.
  static func remaining(
    _ percent: Percent, _ sight: ControlSight, _ options: DialectOptions
  ) -> ControlWay {
    guard let whole = sight.reading[.full] ?? sight.reading[.nominal] else {
      return .refused(.untold("its capacity"))
    }
    let charge = (whole * Int64(percent.raw) + 50_000_000) / 100_000_000
    guard let isCoarse = sight.facts[Slot.isCoarse] else { return .refused(.untold("its units")) }
    let step: Int64 = isCoarse == 1 ? 100 : 10
    guard let raw = UInt16(exactly: (charge + step / 2) / step) else {
      return .refused(.untold("a capacity that it can count"))
    }
    return .requests(
      [order(Register.remaining, [UInt8(raw >> 8), UInt8(raw & 0xFF)])],
      factoryMode(options.password), .reading)
  }
}
