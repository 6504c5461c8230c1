// SPDX-License-Identifier: Apache-2.0

extension ISO8601 {
  /// The moment that a text names, in milliseconds since the first of January 1970, UTC.
  ///
  /// Understands `2026-11-21T01:12:25.123Z`, also with a space for the `T`, without the fraction or
  /// the seconds, and with an offset such as `+01:00`, `+0100` or `+01` for the `Z`. A day alone means
  /// its beginning in UTC. Digits beyond the milliseconds are dropped. `nil` for anything else, for
  /// days and times that do not exist (leap seconds among them) and beyond 64 bits.
  package static func milliseconds(_ text: String) -> Int64? {
    var cursor = Cursor(rest: text.utf8[...])
    guard let days = cursor.date() else { return nil }
    guard !cursor.rest.isEmpty else { return total(days, 0) }
    guard cursor.take("T") || cursor.take("t") || cursor.take(" "), let time = cursor.time(),
      let offset = cursor.offset(), cursor.rest.isEmpty
    else { return nil }
    return total(days, time - offset)
  }

  /// Days and milliseconds together; the milliseconds may be some days before or after.
  private static func total(_ days: Int64, _ milliseconds: Int64) -> Int64? {
    Int64(exactly: Int128(days) * 86_400_000 + Int128(milliseconds))
  }

  private struct Cursor {
    var rest: Substring.UTF8View

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
      guard rest.first == UInt8(ascii: scalar) else { return false }
      rest = rest.dropFirst()
      return true
    }

    /// As many digits as there are, within bounds.
    mutating func number(_ width: ClosedRange<Int>) -> Int? {
      let digits = rest.prefix(width.upperBound).prefix { $0.isDigit }
      guard digits.count >= width.lowerBound else { return nil }
      rest = rest.dropFirst(digits.count)
      return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    mutating func date() -> Int64? {
      let sign: Int64? = take("-") ? -1 : take("+") ? 1 : nil
      guard let year = number(sign == nil ? 4...4 : 6...9), take("-"), let month = number(2...2),
        take("-"), let day = number(2...2),
        let date = CivilDate(year: Int64(year) * (sign ?? 1), month: month, day: day)
      else { return nil }
      return date.daysSince1970
    }

    mutating func time() -> Int64? {
      guard let hour = number(2...2), hour < 24, take(":"), let minute = number(2...2), minute < 60
      else { return nil }
      var milliseconds = (hour * 60 + minute) * 60000
      guard take(":") else { return Int64(milliseconds) }
      guard let second = number(2...2), second < 60 else { return nil }
      milliseconds += second * 1000
      if take(".") || take(",") {
        let digits = rest.prefix { $0.isDigit }
        guard !digits.isEmpty else { return nil }
        var unit = 100
        for digit in digits.prefix(3) {
          milliseconds += Int(digit - UInt8(ascii: "0")) * unit
          unit /= 10
        }
        rest = rest.dropFirst(digits.count)
      }
      return Int64(milliseconds)
    }

    /// Milliseconds by which the written time is ahead of UTC.
    mutating func offset() -> Int64? {
      if take("Z") || take("z") { return 0 }
      let sign: Int64
      if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
      guard let hour = number(2...2), hour < 24 else { return nil }
      var minute = 0
      if take(":") || !rest.isEmpty {
        guard let written = number(2...2), written < 60 else { return nil }
        minute = written
      }
      return sign * Int64(hour * 60 + minute) * 60000
    }
  }
}
