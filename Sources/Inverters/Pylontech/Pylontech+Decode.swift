// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
public import Wire

extension Pylontech {
  /// Reads one frame of either direction into what other frames said before: of 1.2, of 1.3, and of the
  /// batteries that send more.
  ///
  /// - Throws: `WireError.truncated` when not even the first field is whole, `WireError.notAReading` for
  ///   a frame of another protocol.
  public static func decode(
    _ frame: CANFrame, into result: inout InverterReading
  ) throws(WireError) {
    guard !frame.isExtended else { throw .notAReading }
    switch frame.id {
    case 0x359: try flags(frame, into: &result)
    case 0x35C:
      let flags = try Victron.byte(frame)
      result.reading[.chargeEnabled] = flags & Requests.charge != 0 ? 1 : 0
      result.reading[.dischargeEnabled] = flags & Requests.discharge != 0 ? 1 : 0
      result.forceCharge = flags & (Requests.forceAtOnce | Requests.forceSoon) != 0
      result.fullChargeRequested = flags & Requests.full != 0
    default: try Victron.decode(frame, into: &result)
    }
  }

  private static func flags(
    _ frame: CANFrame, into result: inout InverterReading
  ) throws(WireError) {
    guard let protections = frame.littleUInt16(at: 0), let alarms = frame.littleUInt16(at: 2) else {
      throw .truncated(got: Int(frame.count), needed: 4)
    }
    var reading = Reading()
    for flag in PylontechFlag.allCases {
      let meaning = AlarmSet(flag.alarm)
      reading.reportable.formUnion(meaning)
      if protections & flag.mask != 0 { reading.alarms.formUnion(meaning) }
      if alarms & flag.mask != 0 { reading.warnings.formUnion(meaning) }
    }
    result.reading.reportsAlarms = true
    result.reading.alarms = reading.alarms
    result.reading.warnings = reading.warnings
    result.reading.reportable = reading.reportable
    result.moduleCount = frame.count > 4 ? frame.data[4] : nil
  }
}
