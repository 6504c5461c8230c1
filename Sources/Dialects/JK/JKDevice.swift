// SPDX-License-Identifier: Apache-2.0

import Battery
import Wire

/// The frame that tells who a board is.
///
/// It holds its two passwords in clear, at 62 and 118, and texts that only its owner should read: those are never taken
/// out of it.
enum JKDevice {
  /// Takes over who the board is.
  static func place(_ frame: JKFrame, _ reading: inout Reading) {
    reading.identity.model = label(frame, 6, 16)
    reading.identity.hardware = label(frame, 22, 8)
    reading.identity.firmware = label(frame, 30, 8)
    reading.identity.serial = label(frame, 86, 11)
  }

  /// Which form its frames have, by its own account.
  static func layout(_ frame: JKFrame) -> JKLayout? {
    JKLayout(model: frame.text(6, 16), software: frame.text(30, 8))
  }

  /// Whether it is one of the PB series, which has five sensors.
  static func hasMoreSensors(_ frame: JKFrame) -> Bool {
    let model = frame.text(6, 16)
    return model.starts(with: Array("JK_PB".utf8)) || model.starts(with: Array("JK-PB".utf8))
  }

  /// What the frame tells beside that.
  static func entries(_ frame: JKFrame) -> [Exchange.Entry] {
    var entries: [Exchange.Entry] = [
      .init("uptime_s", .number(Int64(frame.double(38)))),
      .init("power_on_count", .number(Int64(frame.double(42)))),
      .init("name", .text(Label(frame.text(46, 16)).string)),
    ]
    if let date = DateText.digits(frame.text(78, 8)) {
      entries.append(.init("production_date", .text(date)))
    }
    if let layout = layout(frame) { entries.append(.init("layout", .text("\(layout.name)"))) }
    return entries
  }

  private static func label(_ frame: JKFrame, _ offset: Int, _ count: Int) -> Label? {
    let label = Label(frame.text(offset, count))
    return label.isEmpty ? nil : label
  }
}

extension DateText {
  /// A date of four or six digits, year first; `nil` where they are none.
  static func digits(_ text: some Sequence<UInt8>) -> String? {
    var pairs: [UInt8] = []
    var high: UInt8?
    for byte in text {
      guard (0x30...0x39).contains(byte), pairs.count < 3 else { return nil }
      if let tens = high {
        pairs.append(tens * 10 + byte - 0x30)
        high = nil
      } else {
        high = byte - 0x30
      }
    }
    guard high == nil, pairs.count >= 2 else { return nil }
    guard pairs.count == 2 else { return date(pairs[0], pairs[1], pairs[2]) }
    return date(pairs[0], pairs[1], 1).map { String(decoding: $0.utf8.prefix(7), as: UTF8.self) }
  }
}
