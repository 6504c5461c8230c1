// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension Pylontech {
  /// 0x351: as to a Victron; without a discharge voltage the 6 bytes of the document alone.
  static func limits(_ picture: InverterPicture) -> CANFrame? {
    guard let frame = Victron.limits(picture) else { return nil }
    guard frame.littleUInt16(at: 6) == 0 else { return frame }
    return CANFrame(id: frame.id, frame.data.span.extracting(0..<6))
  }

  /// 0x355: state of charge and health, both rounded down; 1.3 has the finer state of charge too.
  ///
  /// Where nobody tells the health the frame ends before it.
  static func charge(_ picture: InverterPicture, isFine: Bool) -> CANFrame? {
    guard let soc = picture.hundredths else { return nil }
    var payload = Payload()
    payload.putLittle(soc / 100)
    guard let health = picture.health else { return payload.frame(0x355) }
    payload.putLittle(health)
    if isFine { payload.putLittle(soc) }
    return payload.frame(0x355)
  }

  /// 0x356: voltage, current, temperature of the hottest sensor; it ends before what is not known.
  static func measured(_ picture: InverterPicture) -> CANFrame? {
    guard let voltage = Victron.field(picture.recent(.voltage), over: 10) else { return nil }
    var payload = Payload()
    payload.putLittle(voltage)
    if let current = Victron.field(picture.recent(.current), over: 100) {
      payload.putLittle(current)
      if let temperature = Victron.field(picture.recent(.temperatureMax), over: 10) {
        payload.putLittle(temperature)
      }
    }
    return payload.frame(0x356)
  }

  /// 0x359: protections in bytes 0 and 1, the same places as alarms in bytes 2 and 3.
  ///
  /// A protection sets both of its bits. Once the battery is silent, the alarm "internal communication
  /// failure" says so, and the other bits stand.
  static func flags(_ picture: InverterPicture) -> CANFrame {
    let reading = picture.snapshot.reading
    var protections: UInt16 = 0
    var alarms: UInt16 = 0
    for flag in PylontechFlag.allCases {
      let isProtection = !reading.alarms.isDisjoint(with: flag.alarms)
      if isProtection { protections |= flag.mask }
      if isProtection || !reading.warnings.isDisjoint(with: flag.alarms) { alarms |= flag.mask }
    }
    if picture.freshness >= .stale { alarms |= PylontechFlag.internalFault.mask }
    var payload = Payload()
    payload.putLittle(protections)
    payload.putLittle(alarms)
    payload.put(UInt8(clamping: picture.modules.online ?? 1))
    payload.put(UInt8(ascii: "P"))
    payload.put(UInt8(ascii: "N"))
    return payload.frame(0x359)
  }

  /// 0x35C: what the battery lets be done, and what it asks for; nothing where no limits are decided.
  ///
  /// A limit that is zero on the wire takes back its permission, and nothing else does: a battery may open
  /// its switch for charging just because there is no charger, and would never see one again. Of the two
  /// requests for charge the one that the maker's document recommends is sent (bit 4), once stale none.
  static func requests(_ picture: InverterPicture) -> CANFrame? {
    guard let limits = Victron.limits(picture) else { return nil }
    let mayCharge = limits.littleUInt16(at: 2) != 0
    let mayDischarge = limits.littleUInt16(at: 4) != 0
    var flags: UInt8 = 0
    if mayCharge { flags |= Requests.charge }
    if mayDischarge { flags |= Requests.discharge }
    if mayCharge, picture.chargeRequested == true, picture.freshness < .stale {
      flags |= Requests.forceSoon
    }
    var payload = Payload()
    payload.put(flags)
    payload.put(0)
    return payload.frame(0x35C)
  }

  /// 0x35E: 8 characters with blanks at the end, as batteries send them.
  static func manufacturer(_ picture: InverterPicture) -> CANFrame? {
    guard !picture.identity.manufacturer.isEmpty else { return nil }
    var payload = Payload()
    payload.put(picture.identity.manufacturer, padding: UInt8(ascii: " "))
    return payload.frame(0x35E)
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
    var payload = Payload()
    payload.put(frame.data[0] & earlier.data[0])
    payload.put(frame.data[1])
    return payload.frame(frame.id)
  }
}

extension InverterPicture {
  /// State of charge in 0.01 %, rounded down and held within 0 % to 100 %; `nil` when not known.
  var hundredths: UInt16? {
    recent(.soc).map { UInt16(clamping: min(10_000, $0 / 10_000)) }
  }

  /// State of health in whole percents, rounded down: the battery's own, or what its owner vouches for.
  var health: UInt16? {
    let reported = snapshot.reading.amount(.soh, as: PercentScale.self)
    return (reported ?? identity.health).map { UInt16(clamping: $0.raw / 1_000_000) }
  }
}
