// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

extension Pylontech {
  /// 0x359: protections in bytes 0 and 1, the same places as alarms in bytes 2 and 3.
  ///
  /// A protection sets both of its bits. Once the battery is silent, the alarm "internal communication
  /// failure" says so, and the other bits stand.
  static func flags(_ picture: InverterPicture) -> UInt64 {
    let reading = picture.snapshot.reading
    var protections: UInt16 = 0
    var alarms: UInt16 = 0
    for flag in PylontechFlag.allCases {
      let isProtection = !reading.alarms.isDisjoint(with: flag.alarms)
      if isProtection { protections |= flag.mask }
      if isProtection || !reading.warnings.isDisjoint(with: flag.alarms) { alarms |= flag.mask }
    }
    if picture.freshness >= .stale { alarms |= PylontechFlag.internalFault.mask }
    return UInt64(protections) | UInt64(alarms) << 16
  }

  /// 0x35C: what the battery lets be done, and what it asks for; nothing where no limits are decided.
  ///
  /// A limit that is zero on the wire takes back its permission, and nothing else does: a battery may open
  /// its switch for charging just because there is no charger, and would never see one again. Of the two
  /// requests for charge the one that the maker's document recommends is sent (bit 4), once stale none.
  static func requests(_ picture: InverterPicture, _ profile: InverterProfile) -> UInt64? {
    // By what goes out in 0x351, so that the two frames never contradict each other.
    guard let row = profile.frames.first(where: { $0.id == 0x351 }),
      let limits = row.frame(picture, profile)
    else { return nil }
    let mayCharge = limits.littleUInt16(at: 2) != 0
    let mayDischarge = limits.littleUInt16(at: 4) != 0
    var flags: UInt8 = 0
    if mayCharge { flags |= Requests.charge }
    if mayDischarge { flags |= Requests.discharge }
    if mayCharge, picture.chargeRequested == true, picture.freshness < .stale {
      flags |= Requests.forceSoon
    }
    return UInt64(flags)
  }

  /// Bits of 0x35C.
  enum Requests {
    static let charge: UInt8 = 0x80
    static let discharge: UInt8 = 0x40
    static let forceAtOnce: UInt8 = 0x20
    static let forceSoon: UInt8 = 0x10
    static let full: UInt8 = 0x08
  }

  /// Whether a frame says something that must not wait: a limit that falls, a bit of 0x359 that is set,
  /// a permission of 0x35C that is taken back.
  static func isNews(_ frame: CANFrame, since earlier: CANFrame) -> Bool {
    switch frame.id {
    case 0x359:
      for index in 0..<4 where frame.data[index] & ~earlier.data[index] != 0 { return true }
      return false
    case 0x35C:
      let permissions = Requests.charge | Requests.discharge
      return ~frame.data[0] & earlier.data[0] & permissions != 0
    default: return Victron.isNews(frame, since: earlier)
    }
  }

  /// A frame out of turn without any limit that rises and any permission that is newly given.
  static func narrowed(_ frame: CANFrame, _ earlier: CANFrame) -> CANFrame {
    guard frame.id == 0x35C else { return Victron.narrowed(frame, earlier) }
    let flags = UInt64(frame.data[0] & earlier.data[0])
    return CANFrame(id: frame.id, bytes: flags | UInt64(frame.data[1]) << 8, count: 2)
  }
}
