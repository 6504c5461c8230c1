// SPDX-License-Identifier: Apache-2.0

import Quantities

/// Collects what is wrong with settings.
struct Check {
  /// What was found so far.
  private(set) var problems: [ChargeSettings.Problem] = []

  mutating func fail(_ field: StaticString, _ message: String) {
    problems.append(ChargeSettings.Problem(field: field, message: message))
  }

  /// The voltage, where the owner or the preset gave one.
  mutating func entered(_ field: StaticString, _ voltage: CellVoltage?) -> CellVoltage? {
    if voltage == nil { fail(field, "must be entered: no source gives it for this chemistry") }
    return voltage
  }

  mutating func positive<S: Scale>(_ field: StaticString, _ amount: Quantity<S>) {
    if amount <= .zero { fail(field, "is \(amount.description): must be above 0") }
  }

  mutating func within<S: Scale>(
    _ field: StaticString, _ amount: Quantity<S>, _ lowest: Quantity<S>, _ highest: Quantity<S>,
    _ reason: StaticString
  ) {
    guard amount < lowest || amount > highest else { return }
    let range = "\(lowest.description) to \(highest.description)"
    fail(field, "is \(amount.description): expected \(range); \(reason)")
  }

  mutating func curve<S: Scale>(_ field: StaticString, _ curve: Curve<S>?) {
    if let problem = curve?.problem { fail(field, "\(problem)") }
  }

  /// A time of at least a millisecond and at most a year.
  mutating func time(_ field: StaticString, _ milliseconds: Int64) {
    guard milliseconds < 1 || milliseconds > 366 * 86_400_000 else { return }
    fail(field, "is \(milliseconds) ms: expected 1 ms to 366 days")
  }
}
