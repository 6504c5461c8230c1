// SPDX-License-Identifier: Apache-2.0

public import Battery

/// The bits of the alarms of a frame of cells.
///
/// Bit 4 comes with the charge switch open and a state of charge forced to 99–100 (capture of 11.17): it is the
/// protection against high cells, and not the sign of a full battery that some take it for. Bit 19 reminds of
/// a password that was never changed, and is no fault.
public enum JKAlarms {
  /// What each bit means; `nil` for one that is no fault of a battery.
  public static func alarm(bit: Int) -> Alarm? {
    switch bit {
    case 0: .wireResistance
    case 1: .mosfetOvertemperature
    case 2: .cellSenseFault
    case 3: .currentSensorFault
    case 4: .cellOvervoltage
    case 5: .packOvervoltage
    case 6: .chargeOvercurrent
    case 7, 14: .shortCircuit
    case 8: .chargeOvertemperature
    case 9: .chargeUndertemperature
    case 10: .communicationFault
    case 11: .cellUndervoltage
    case 12: .packUndervoltage
    case 13, 25, 26: .dischargeOvercurrent
    case 15: .dischargeOvertemperature
    case 16: .chargeMosfetFault
    case 17, 20, 24: .dischargeMosfetFault
    case 21: .overtemperature
    case 22: .temperatureSensorFault
    case 23: .internalFault
    case 27: .dischargeUndertemperature
    default: nil
    }
  }

  /// The name of a bit that is no fault; `nil` for one that is, or that nobody knows.
  public static func reminder(bit: Int) -> StaticString? {
    switch bit {
    case 18: "gps_disconnected"
    case 19: "change_password"
    case 28: "gps_remote_lock"
    default: nil
    }
  }

  /// Takes the alarms of a frame over.
  public static func place(_ bits: UInt32, _ layout: JKLayout, _ reading: inout Reading) {
    reading.reportsAlarms = true
    reading.alarms = []
    reading.warnings = []
    reading.reportable = []
    for bit in 0..<(layout == .jk32 ? 32 : 16) {
      guard let alarm = alarm(bit: bit) else { continue }
      reading.reportable.formUnion(AlarmSet(alarm))
      if bits >> UInt32(bit) & 1 == 1 { reading.alarms.formUnion(AlarmSet(alarm)) }
    }
  }

  /// The names of the bits that are set and are no fault.
  static func reminders(_ bits: UInt32) -> [Exchange.Value] {
    var names: [Exchange.Value] = []
    for bit in 0..<32 where bits >> UInt32(bit) & 1 == 1 {
      if let name = reminder(bit: bit) { names.append(.text("\(name)")) }
    }
    return names
  }
}
