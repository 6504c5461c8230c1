// SPDX-License-Identifier: Apache-2.0

import Battery

extension TinyBMS {
  /// A fault or a warning of the event memory, what ends it, and which switches the unit opens for
  /// it.
  ///
  /// Source: Protocols Rev D, table of events; User Manual Rev D, protections of a dual port unit.
  /// The recovery rules are inferred: an entry is active while it is newer than its recovery.
  struct Protection: Sendable {
    let id: UInt8
    /// The events of which any newer one ends it.
    let ends: [UInt8]
    let alarm: Alarm
    /// Whether it stands among the warnings: the unit opens no switch for it.
    var isWarning = false
    var stopsCharge = false
    var stopsDischarge = false

    static let all: [Protection] = [
      // Both switches open, and only a charger or a restart ends it: charging must stay permitted, or
      // an inverter that is the charger would never end it.
      .init(0x02, [0x7B], .cellUndervoltage, stopsDischarge: true),
      .init(0x03, [0x79], .cellOvervoltage, stopsCharge: true),
      .init(0x04, [0x73], .overtemperature, stopsCharge: true, stopsDischarge: true),
      // Charging stops too when the unit's own transistors are used; see `Slot.loadSwitchIsOwn`.
      .init(0x05, [0x77], .dischargeOvercurrent, stopsCharge: true, stopsDischarge: true),
      .init(0x06, [0x76], .chargeOvercurrent, stopsCharge: true),
      .init(0x07, [0x78], .regenerationOvercurrent, stopsCharge: true, stopsDischarge: true),
      .init(0x0A, [0x75], .undertemperature, stopsCharge: true, stopsDischarge: true),
      .init(0x0B, [0x61], .chargeMosfetFault, stopsCharge: true),
      .init(0x0C, [0x61], .dischargeMosfetFault, stopsDischarge: true),
      .init(0x0D, [0x61], .contactorFault, stopsCharge: true, stopsDischarge: true),
      .init(0x0E, [0x7C, 0x61], .currentSensorFault, stopsCharge: true, stopsDischarge: true),
      .init(0x0F, [0x61], .currentSensorFault, stopsCharge: true, stopsDischarge: true),
      .init(0x31, [0x7A], .fullyDischarged, stopsDischarge: true),
      .init(0x37, [0x74], .chargeUndertemperature, stopsCharge: true),
      .init(0x38, [0x61, 0x62, 0x65], .chargerVoltageHigh, isWarning: true),
      .init(0x39, [0x61, 0x62, 0x65], .chargerVoltageLow, isWarning: true),
    ]

    static let dischargeOvercurrent: UInt8 = 0x05

    private init(
      _ id: UInt8, _ ends: [UInt8], _ alarm: Alarm, isWarning: Bool = false,
      stopsCharge: Bool = false, stopsDischarge: Bool = false
    ) {
      self.id = id
      self.ends = ends
      self.alarm = alarm
      self.isWarning = isWarning
      self.stopsCharge = stopsCharge
      self.stopsDischarge = stopsDischarge
    }
  }

  /// Every alarm that a unit can report, under one of its sets.
  static let reportable: AlarmSet = {
    var set = AlarmSet.of(.chargeInhibited, .dischargeInhibited)
    for protection in Protection.all { set.formUnion(AlarmSet(protection.alarm)) }
    return set
  }()

  /// Numbers of register 50.
  enum Status {
    static let charging: UInt16 = 0x91
    static let full: UInt16 = 0x92
    static let discharging: UInt16 = 0x93
    static let sleep: UInt16 = 0x95
    static let regeneration: UInt16 = 0x96
    static let idle: UInt16 = 0x97
    static let fault: UInt16 = 0x9B
  }

  /// What the unit is doing, as a word; absent for a number that nobody names.
  ///
  /// 0x95 is in no document of the maker.
  public static func statusName(_ code: UInt16) -> StaticString? {
    switch code {
    case Status.charging: "charging"
    case Status.full: "fully_charged"
    case Status.discharging: "discharging"
    case Status.sleep: "sleep"
    case Status.regeneration: "regeneration"
    case Status.idle: "idle"
    case Status.fault: "fault"
    default: nil
    }
  }
}
