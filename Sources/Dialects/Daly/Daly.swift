// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// What the languages of Daly boards share: scales, states and names.
///
/// Facts and sources: docs/protocols/daly.md.
enum Daly {
  static let maker: StaticString = "Daly"
  /// Speed of every serial port of a Daly, in bits a second.
  static let baud = 9600
  /// Speed of its CAN, in bits a second.
  static let bitrate = 250_000

  /// A current as all its languages carry it: 0.1 A steps from 30000.
  ///
  /// The classic language counts up for discharging, the newer ones for charging; some firmware does
  /// it the other way, which the owner tells.
  static func current(_ raw: UInt16, risesWhenCharging: Bool) -> Current {
    let steps = Int(raw) - 30_000
    return .deciamperes(risesWhenCharging ? steps : -steps)
  }

  /// A temperature in whole degrees from −40 °C.
  static func temperature(_ raw: some BinaryInteger) -> Temperature { .degrees(Int(raw) - 40) }

  /// A share in steps of 0.1 %.
  static func share(_ raw: UInt16) -> Percent { .micropercent(Int(raw) * 100_000) }

  /// What the board is doing, as a word.
  static func state(_ code: Int64) -> StaticString? {
    switch code {
    case 0: "idle"
    case 1: "charging"
    case 2: "discharging"
    default: nil
    }
  }

  /// A date of three bytes, binary and not decimal-coded; `nil` where they are none.
  static func date(_ year: UInt8, _ month: UInt8, _ day: UInt8) -> String? {
    guard year < 100, (1...12).contains(month), (1...31).contains(day) else { return nil }
    return "20\(pair(year))-\(pair(month))-\(pair(day))"
  }

  /// A date and a time of six bytes; `nil` where they are none.
  static func clock(_ bytes: borrowing Span<UInt8>, at start: Int) -> String? {
    guard start + 6 <= bytes.count,
      let date = date(bytes[start], bytes[start + 1], bytes[start + 2]), bytes[start + 3] < 24,
      bytes[start + 4] < 60, bytes[start + 5] < 60
    else { return nil }
    return "\(date)T\(pair(bytes[start + 3])):\(pair(bytes[start + 4])):\(pair(bytes[start + 5]))"
  }

  /// The printable text in a field, up to its first zero.
  static func text(_ bytes: borrowing Span<UInt8>, _ start: Int, _ count: Int) -> String {
    Label(bytes.copy(start, min(bytes.count, start + count))).string
  }

  private static func pair(_ number: UInt8) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
