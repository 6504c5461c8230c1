// SPDX-License-Identifier: Apache-2.0

import Quantities

/// What a value on the command line may be.
package enum ValueKind: Hashable, Sendable {
  /// Any text.
  case text
  /// A whole number within a range; also hexadecimal with `0x` before it.
  case integer(ClosedRange<Int64>)
  /// A number with up to `places` decimals; the range and the result are in steps of `10^-places`.
  case decimal(places: Int, ClosedRange<Int64>)
  /// One of some words.
  case choice([String])
  /// How long, such as `250ms` or `1 h 12 min`; the range and the result are in milliseconds.
  case duration(ClosedRange<Int64>)
  /// A moment as ISO 8601 writes it; the result is in milliseconds since 1970, UTC.
  case time

  /// Any whole number.
  package static var integer: Self { .integer(.min ... .max) }

  /// What is expected, in words.
  package var expectation: String {
    switch self {
    case .text: "a text"
    case .integer(let range): "a whole number" + span(range) { String($0) }
    case .decimal(let places, let range):
      "a number" + span(range) { Decimal.string($0, decimals: places) }
    case .choice(let words): "one of " + words.joined(separator: ", ")
    case .duration(let range): "a duration such as 250ms or 2h" + span(range, Elapsed.text)
    case .time: "a time such as 2026-11-21T01:12:25Z"
    }
  }

  /// What help says about the values, or nothing when all is said by the summary.
  var limits: String? {
    switch self {
    case .text: nil
    case .integer(let range): limits(range) { String($0) }
    case .decimal(let places, let range): limits(range) { Decimal.string($0, decimals: places) }
    case .choice: expectation
    case .duration(let range): limits(range, Elapsed.text)
    case .time: "such as 2026-11-21T01:12:25Z"
    }
  }

  /// The number that a text stands for, 0 when the kind has none.
  ///
  /// `nil` when the text is not of this kind.
  func number(of text: String) -> Int64? {
    switch self {
    case .text: return 0
    case .integer(let range): return JSONNumber(text)?.int64.within(range)
    case .decimal(let places, let range):
      return JSONNumber(text)?.decimal(places: places).within(range)
    case .choice(let words): return words.firstIndex(of: text).map(Int64.init)
    case .duration(let range): return Elapsed.milliseconds(text).within(range)
    case .time: return ISO8601.milliseconds(text)
    }
  }

  /// The word that was likely meant, where there are words to choose from.
  func suggestion(for text: String) -> String? {
    guard case .choice(let words) = self else { return nil }
    return EditDistance.nearest(text, in: words)
  }

  private func span(_ range: ClosedRange<Int64>, _ text: (Int64) -> String) -> String {
    limits(range, text).map { " \($0)" } ?? ""
  }

  private func limits(_ range: ClosedRange<Int64>, _ text: (Int64) -> String) -> String? {
    switch (range.lowerBound == .min, range.upperBound == .max) {
    case (true, true): nil
    case (true, false): "up to \(text(range.upperBound))"
    case (false, true): "from \(text(range.lowerBound))"
    case (false, false): "from \(text(range.lowerBound)) to \(text(range.upperBound))"
    }
  }
}

extension Int64? {
  /// This number, or `nil` outside a range.
  fileprivate func within(_ range: ClosedRange<Int64>) -> Int64? {
    flatMap { range.contains($0) ? $0 : nil }
  }
}
