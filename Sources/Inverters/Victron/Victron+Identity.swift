// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

extension Victron {
  /// 0x35F: product, firmware, capacity; in this frame zero means "none" throughout.
  static func info(_ picture: InverterPicture) -> CANFrame? {
    let reading = picture.snapshot.reading
    let version = reading.identity.firmware.flatMap(version)
    let capacity = wholeAmpereHours(reading[.full])
    guard version != nil || capacity != nil || picture.identity.product != 0 else { return nil }
    var payload = Payload()
    payload.putLittle(picture.identity.product)
    payload.put(version?.major ?? 0)
    payload.put(version?.minor ?? 0)
    payload.putLittle(capacity ?? 0)
    payload.fill()
    return payload.frame(0x35F)
  }

  /// 0x379: capacity when new, not scaled by health.
  static func installed(_ picture: InverterPicture) -> CANFrame? {
    guard let capacity = wholeAmpereHours(picture.snapshot.reading[.nominal]) else { return nil }
    var payload = Payload()
    payload.putLittle(capacity)
    payload.fill()
    return payload.frame(0x379)
  }

  /// 8 characters of a text; `nil` for an empty one.
  static func text(_ text: Label, from start: Int = 0, _ id: UInt32) -> CANFrame? {
    guard !text.isEmpty else { return nil }
    var payload = Payload()
    payload.put(text, from: start)
    return payload.frame(id)
  }

  /// The name that the inverter shows; empty when there is none.
  static func name(_ picture: InverterPicture) -> Label {
    let given = picture.identity.model
    return given.isEmpty ? picture.snapshot.reading.identity.model ?? Label() : given
  }

  /// The serial number, of a longer one its last 16 characters, in which numbers differ most.
  static func serial(_ picture: InverterPicture) -> Label {
    let given = picture.identity.serial
    let whole = given.isEmpty ? picture.snapshot.reading.identity.serial ?? Label() : given
    guard whole.count > 16 else { return whole }
    var end: [UInt8] = []
    for index in Int(whole.count) - 16..<Int(whole.count) { end.append(whole[index]) }
    return Label(end)
  }

  /// The first two numbers of a firmware version, such as 2 and 1 of `2.1.242`.
  ///
  /// `nil` where there are not two with a dot between, or where one does not fit a byte.
  static func version(_ label: Label) -> (major: UInt8, minor: UInt8)? {
    var place = 0
    while place < Int(label.count), digit(label[place]) == nil { place += 1 }
    guard let major = number(label, &place), label[place] == UInt8(ascii: ".") else { return nil }
    place += 1
    guard let minor = number(label, &place) else { return nil }
    return (major, minor)
  }

  private static func number(_ label: Label, _ place: inout Int) -> UInt8? {
    guard var value = digit(label[place]) else { return nil }
    place += 1
    while let next = digit(label[place]) {
      guard value <= 255 / 10, let sum = UInt8(exactly: Int(value) * 10 + Int(next)) else {
        return nil
      }
      value = sum
      place += 1
    }
    return value
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? byte - UInt8(ascii: "0") : nil
  }

  /// A charge in whole ampere-hours; `nil` when absent, nothing, or beyond the field.
  static func wholeAmpereHours(_ value: Int64?) -> UInt16? {
    guard let word = value.flatMap({ UInt16(exactly: $0.dividedRounding(by: 1000)) }), word > 0
    else { return nil }
    return word
  }
}
