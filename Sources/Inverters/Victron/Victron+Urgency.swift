// SPDX-License-Identifier: Apache-2.0

import Wire

extension Victron {
  /// Whether a 0x351 or 0x35A says something that must not wait, given the one before.
  static func isNews(_ frame: CANFrame, since earlier: CANFrame) -> Bool {
    frame.id == 0x351 ? isNarrower(frame, than: earlier) : raisesPair(frame, since: earlier)
  }

  /// A 0x351 with no limit wider than before; any other frame as it is.
  static func narrowed(_ frame: CANFrame, _ earlier: CANFrame) -> CANFrame {
    frame.id == 0x351 ? narrower(frame, earlier) : frame
  }

  /// Whether CVL, CCL or DCL of a 0x351 is lower than in an earlier one, in steps of the wire.
  static func isNarrower(_ frame: CANFrame, than earlier: CANFrame) -> Bool {
    for offset in [0, 2, 4] {
      guard let new = frame.littleUInt16(at: offset), let old = earlier.littleUInt16(at: offset)
      else { continue }
      if new < old { return true }
    }
    return false
  }

  /// A 0x351 with the lower of two values in CVL, CCL and DCL.
  static func narrower(_ frame: CANFrame, _ earlier: CANFrame) -> CANFrame {
    var bytes: UInt64 = 0
    for offset in [0, 2, 4] {
      let new = frame.littleUInt16(at: offset) ?? 0
      let lower = min(new, earlier.littleUInt16(at: offset) ?? new)
      bytes |= UInt64(lower) << UInt64(offset * 8)
    }
    let floor = frame.littleUInt16(at: 6)
    bytes |= UInt64(floor ?? 0) << 48
    return CANFrame(id: frame.id, bytes: bytes, count: floor == nil ? 6 : 8)
  }

  /// Whether any pair of a 0x35A is active that was not in an earlier one; the system status is a pair.
  static func raisesPair(_ frame: CANFrame, since earlier: CANFrame) -> Bool {
    for index in 0..<8 {
      for shift in [UInt8(0), 2, 4, 6] {
        let new = frame.data[index] >> shift & 3
        let old = earlier.data[index] >> shift & 3
        if new == 1, old != 1 { return true }
      }
    }
    return false
  }
}
