// SPDX-License-Identifier: Apache-2.0

/// Wall-clock time as ISO 8601 writes it, in UTC, without the C library.
package enum ISO8601 {
  /// The text of a moment, such as `2026-11-21T01:12:25.123Z`.
  ///
  /// A year before 0 or after 9999 gets a sign and at least six digits.
  ///
  /// - Parameters:
  ///   - milliseconds: since the first of January 1970, UTC; leap seconds are not counted.
  ///   - fraction: whether to write the milliseconds; without, they are dropped.
  /// - Returns: the text.
  package static func string(_ milliseconds: Int64, fraction: Bool = true) -> String {
    var text: [UInt8] = []
    append(milliseconds, fraction: fraction, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Appends the text of a moment; see `string(_:fraction:)`.
  package static func append(
    _ milliseconds: Int64, fraction: Bool = true, to text: inout [UInt8]
  ) {
    let days = milliseconds.flooredQuotient(86_400_000)
    // Not `days * 86_400_000`, which the earliest moment would overflow.
    let rest = milliseconds % 86_400_000
    let time = Int(rest < 0 ? rest + 86_400_000 : rest)
    let date = CivilDate(daysSince1970: days)
    if date.year < 0 || date.year > 9999 {
      text.append(UInt8(ascii: date.year < 0 ? "-" : "+"))
      append(Int(date.year.magnitude), width: 6, to: &text)
    } else {
      append(Int(date.year), width: 4, to: &text)
    }
    let parts: [(separator: Unicode.Scalar, number: Int)] = [
      ("-", date.month), ("-", date.day), ("T", time / 3_600_000), (":", time / 60000 % 60),
      (":", time / 1000 % 60),
    ]
    for part in parts {
      text.append(UInt8(ascii: part.separator))
      append(part.number, width: 2, to: &text)
    }
    if fraction {
      text.append(UInt8(ascii: "."))
      append(time % 1000, width: 3, to: &text)
    }
    text.append(UInt8(ascii: "Z"))
  }

  private static func append(_ number: Int, width: Int, to text: inout [UInt8]) {
    let digits = String(number).utf8
    for _ in 0..<max(0, width - digits.count) { text.append(UInt8(ascii: "0")) }
    text.append(contentsOf: digits)
  }
}
