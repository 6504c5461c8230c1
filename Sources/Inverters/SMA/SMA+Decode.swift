// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
public import Wire

extension SMA {
  /// Reads one frame of either direction into what other frames said before.
  ///
  /// - Throws: `WireError.truncated` when not even the first field is whole, `WireError.notAReading` for
  ///   a frame of another protocol.
  public static func decode(
    _ frame: CANFrame, into result: inout InverterReading
  ) throws(WireError) {
    guard !frame.isExtended else { throw .notAReading }
    switch frame.id {
    case 0x351, 0x355, 0x356, 0x35B, 0x35E, 0x35F: try Victron.decode(frame, into: &result)
    case 0x35A:
      try Victron.decode(frame, into: &result)
      // Reserved here (section 5.3).
      result.isOnline = nil
    case 0x00F: result.isQuickStop = true
    case 0x305: try battery(frame, into: &result)
    case 0x306: try state(frame, into: &result)
    case 0x307:
      result.inverter.relays = try Victron.word(frame)
      result.isFromInverter = true
    default: throw .notAReading
    }
  }

  /// 0x305: its current is negative while it charges (section 6).
  private static func battery(
    _ frame: CANFrame, into result: inout InverterReading
  ) throws(WireError) {
    result.inverter.voltage = Victron.unmarked(try Victron.word(frame)).map(Voltage.decivolts)
    let current = Victron.signed(frame, at: 2).map { Current.deciamperes(-Int($0)) }
    result.inverter.current = current
    result.inverter.temperature = Victron.signed(frame, at: 4).map(Temperature.decidegrees)
    result.inverter.soc = Victron.signed(frame, at: 6).map { .centipercent(Int($0) * 10) }
    result.isFromInverter = true
  }

  private static func state(
    _ frame: CANFrame, into result: inout InverterReading
  ) throws(WireError) {
    result.inverter.soh = Victron.unmarked(try Victron.word(frame)).map(Percent.percent)
    if frame.count >= 4 {
      result.inverter.chargingMode = frame.data[2]
      result.inverter.operatingState = frame.data[3]
    }
    result.inverter.error = frame.littleUInt16(at: 4).flatMap(Victron.unmarked)
    let voltage = frame.littleUInt16(at: 6).flatMap(Victron.unmarked)
    result.inverter.chargeVoltage = voltage.map(Voltage.decivolts)
    result.isFromInverter = true
  }
}
