// SPDX-License-Identifier: Apache-2.0

/// How long something lasts, as people write it.
package enum Elapsed {
  private static let units: [(name: String, milliseconds: Int64)] = [
    ("d", 86_400_000), ("h", 3_600_000), ("min", 60000), ("s", 1000), ("ms", 1),
  ]

  /// The two largest units of a duration, such as `1 h 12 min`; what is smaller is dropped.
  ///
  /// - Parameter milliseconds: the duration; a negative one gets a minus sign.
  /// - Returns: the text.
  package static func text(_ milliseconds: Int64) -> String {
    var rest = milliseconds.magnitude
    for (index, unit) in units.enumerated() {
      let (count, below) = rest.quotientAndRemainder(dividingBy: unit.milliseconds.magnitude)
      guard count > 0 else { continue }
      var text = "\(milliseconds < 0 ? "-" : "")\(count) \(unit.name)"
      rest = below
      if index + 1 < units.count {
        let next = units[index + 1]
        let part = rest / next.milliseconds.magnitude
        if part > 0 { text += " \(part) \(next.name)" }
      }
      return text
    }
    return "0 s"
  }

  /// The milliseconds of a text such as `250ms`, `90 s`, `1.5h` or `1 h 12 min`.
  ///
  /// Units are `ms`, `s`, `m` or `min`, `h` and `d`; each number needs one. What is finer than a
  /// millisecond is rounded half away from zero. `nil` for anything else and beyond 64 bits.
  package static func milliseconds(_ text: String) -> Int64? {
    var rest = text.utf8.drop { $0 == UInt8(ascii: " ") }
    guard !rest.isEmpty else { return nil }
    var total: Int64 = 0
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isDigit || $0 == UInt8(ascii: ".") }
      rest = rest.dropFirst(digits.count).drop { $0 == UInt8(ascii: " ") }
      let letters = rest.prefix { $0.isWordByte && !$0.isDigit }
      rest = rest.dropFirst(letters.count).drop { $0 == UInt8(ascii: " ") }
      let name = String(Substring(letters))
      guard let unit = units.first(where: { $0.name == (name == "m" ? "min" : name) }),
        let part = product(String(Substring(digits)), unit.milliseconds)
      else { return nil }
      let (sum, overflow) = total.addingReportingOverflow(part)
      guard !overflow else { return nil }
      total = sum
    }
    return total
  }

  private static func product(_ number: String, _ unit: Int64) -> Int64? {
    guard let number = JSONNumber(number) else { return nil }
    if let whole = number.int64 { return Int64(exactly: Int128(whole) * Int128(unit)) }
    // Nine decimals of a day are finer than a millisecond.
    guard let steps = number.decimal(places: 9) else { return nil }
    return Int64(exactly: (Int128(steps) * Int128(unit) + 500_000_000) / 1_000_000_000)
  }
}
