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

  /// What an open sensor reads: raw 0, and raw 255 or 65535 with newer boards.
  static let noSensor: [Trust.Sentinel] = [
    .temperature(.degrees(-40)), .temperature(.degrees(215)), .temperature(.degrees(65_495)),
  ]

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

  /// The printable text in a field, up to its first zero.
  static func text(_ bytes: borrowing Span<UInt8>, _ start: Int, _ count: Int) -> String {
    Label(bytes.copy(start, min(bytes.count, start + count))).string
  }
}
