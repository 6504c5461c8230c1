// SPDX-License-Identifier: Apache-2.0

import Wire

/// Dates and times that batteries send as binary bytes, in the words of ISO 8601.
enum DateText {
  /// A date; `nil` where these are no year of this century, month and day.
  static func date(_ year: UInt8, _ month: UInt8, _ day: UInt8) -> String? {
    guard year < 100, (1...12).contains(month), (1...31).contains(day) else { return nil }
    return "20\(pair(year))-\(pair(month))-\(pair(day))"
  }

  /// A date and a time of six bytes from year to second; `nil` where they are none.
  static func clock(_ bytes: borrowing Span<UInt8>, at start: Int) -> String? {
    guard start + 6 <= bytes.count,
      let date = date(bytes[start], bytes[start + 1], bytes[start + 2]), bytes[start + 3] < 24,
      bytes[start + 4] < 60, bytes[start + 5] < 60
    else { return nil }
    return "\(date)T\(pair(bytes[start + 3])):\(pair(bytes[start + 4])):\(pair(bytes[start + 5]))"
  }

  private static func pair(_ number: UInt8) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
