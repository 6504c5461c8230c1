// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// The fields of register 0x03, with the longer tail of newer firmware.
struct JBDBasic {
  let data: [UInt8]

  init(_ data: [UInt8]) { self.data = data }

  /// Whether all that it says it has is there.
  var isWhole: Bool { data.count >= 23 && data.count >= 23 + 2 * sensorCount }

  var voltage: UInt16 { word(0) }
  var current: Int16 { Int16(bitPattern: word(2)) }
  var remaining: UInt16 { word(4) }
  var nominal: UInt16 { word(6) }
  var cycles: UInt16 { word(8) }
  var balancing: UInt32 { UInt32(word(14)) << 16 | UInt32(word(12)) }
  var protections: UInt16 { word(16) }
  var soc: UInt8 { data[19] }
  var switches: UInt8 { data[20] }
  var cellCount: Int { Int(data[21]) }
  var sensorCount: Int { Int(data[22]) }

  /// Version with one decimal, a half byte each.
  var firmware: Label {
    // Told with every reading: a text put together each time would cost half of the reading.
    let digits: [5 of UInt8] = [
      Self.tens(data[18] >> 4), Self.ones(data[18] >> 4), UInt8(ascii: "."),
      Self.tens(data[18] & 15), Self.ones(data[18] & 15),
    ]
    var text = Label()
    for index in 0..<5 where digits[index] != 0 { text.append(digits[index]) }
    return text
  }

  private static func tens(_ number: UInt8) -> UInt8 { number > 9 ? UInt8(ascii: "1") : 0 }
  private static func ones(_ number: UInt8) -> UInt8 { UInt8(ascii: "0") + number % 10 }

  /// Date of production: seven bits of year, four of month, five of day.
  var date: String? {
    let packed = word(10)
    return DateText.date(UInt8(packed >> 9), UInt8(packed >> 5 & 15), UInt8(packed & 31))
  }

  /// A sensor.
  func temperature(_ index: Int) -> Temperature { .decidegrees(Int(word(23 + 2 * index)) - 2731) }

  /// What stands behind the sensors: nine bytes where the firmware is newer, or nothing.
  private var tail: Int? {
    let start = 23 + 2 * sensorCount
    return data.count >= start + 9 ? start : nil
  }

  /// Whether currents and charges count in steps ten times as coarse, for packs beyond 655 Ah.
  ///
  /// The maker says that the top bit of the switches tells it; the only capture of such a pack has it in
  /// the byte behind the sensors instead. Either is believed.
  var isCoarse: Bool {
    if switches & 0x80 != 0 { return true }
    let start = 23 + 2 * sensorCount
    return data.count > start && data[start] & 0x80 != 0
  }

  /// 10 for coarse steps, else 1.
  var scale: Int { isCoarse ? 10 : 1 }

  var humidity: UInt8? { tail.map { data[$0] & 0x7F } }
  var alarms: UInt16? { tail.map { word($0 + 1) } }
  var full: UInt16? { tail.map { word($0 + 3) }.flatMap { $0 == 0 ? nil : $0 } }
  var remainingAgain: UInt16? { tail.map { word($0 + 5) } }
  var balanceCurrent: Int16? { tail.map { Int16(bitPattern: word($0 + 7)) } }

  private func word(_ offset: Int) -> UInt16 { data.span.bigUInt16(at: offset) }
}
