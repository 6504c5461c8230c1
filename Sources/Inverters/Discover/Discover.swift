// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
public import Wire

/// The "serial CAN" of Discover AES batteries with a LYNK II, read only.
///
/// It has identifiers of Victron's protocol, some with another meaning.
///
/// Facts: a captured cycle (ai-republic/bms-to-inverter issue 107).
public enum Discover {
  /// Reads one frame into what other frames said before.
  ///
  /// - Throws: `WireError.truncated` when not even the first field is whole, `WireError.notAReading` for
  ///   a frame of another protocol.
  public static func decode(
    _ frame: CANFrame, into result: inout InverterReading
  ) throws(WireError) {
    guard !frame.isExtended else { throw .notAReading }
    switch frame.id {
    case 0x354:
      result.reading.set(
        .nominal, Victron.unmarked(try Victron.word(frame)).map(Charge.ampereHours))
      let remaining = frame.littleUInt16(at: 2).flatMap(Victron.unmarked)
      result.reading.set(.remaining, remaining.map(Charge.ampereHours))
    case 0x356:
      // Current and temperature as everywhere; the voltage counts in 0.1 V.
      try Victron.decode(frame, into: &result)
      result.reading.set(.voltage, Victron.signed(frame, at: 0).map { Voltage.decivolts(Int($0)) })
    case 0x372: break  // A firmware version, in a form that no capture settles.
    case 0x373: result.protocolVersion = try Victron.word(frame)
    case 0x351, 0x355, 0x35A, 0x35E, 0x370, 0x371, 0x305:
      try Victron.decode(frame, into: &result)
    default: throw .notAReading
    }
  }
}
