// SPDX-License-Identifier: Apache-2.0

import Quantities

/// The mean current of the last three minutes.
///
/// Charge and time are kept in 18 parts of 10 s, so that neither the polling period nor a pause in it weighs.
struct CurrentMean: Sendable {
  static let part: Int64 = 10_000
  /// So much time must have been seen before there is a mean, in milliseconds.
  static let least: Int64 = 60_000

  private var charges: [18 of Int64] = .init(repeating: 0)
  private var times: [18 of Int64] = .init(repeating: 0)
  private var newest: Int64 = 0

  /// Adds twice the mA·ms of so many milliseconds that end at `now`.
  mutating func add(twice: Int64, milliseconds: Int64, at now: Tick) {
    let part = now.milliseconds / Self.part
    let passed = part - newest
    if passed < 0 || passed >= 18 {
      forget()
    } else if passed > 0 {
      for place in 1...passed { clear(newest + place) }
    }
    newest = part
    let index = place(part)
    charges[index] += twice
    times[index] += milliseconds
  }

  /// The mean; `nil` before enough time was seen.
  var mean: Current? {
    var charge: Int64 = 0
    var time: Int64 = 0
    for index in 0..<18 {
      charge += charges[index]
      time += times[index]
    }
    guard time >= Self.least else { return nil }
    return Current(clamping: charge.dividedRounding(by: 2 * time))
  }

  mutating func forget() {
    for index in 0..<18 { clear(Int64(index)) }
  }

  private mutating func clear(_ part: Int64) {
    charges[place(part)] = 0
    times[place(part)] = 0
  }

  private func place(_ part: Int64) -> Int { Int((part % 18 + 18) % 18) }
}
