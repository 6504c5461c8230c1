// SPDX-License-Identifier: Apache-2.0

/// How far a value may move between two readings without being doubted.
///
/// A battery is a large and slow thing behind a small resistance: charge, heat and the voltage at rest
/// move slowly, only the current and its drop leap; a current is as free after a second as after an hour. Where the checksum is weak the bounds are the
/// most of a wrong value that may ever be shown, and so they are narrower: a true step beyond them
/// costs one more exchange.
struct Leap {
  /// At once, in steps of the scale.
  var step: Int64
  /// More for each second between the two, in steps of the scale.
  var perSecond: Int64
  /// At once, in parts of a thousand of the greater value.
  var permille: Int64 = 0

  /// The bound for points of a kind; `nil` where every change is believed.
  static func of(_ point: Point, isWeak: Bool) -> Leap? {
    switch point {
    case .cellCount: return .still
    case .cellMinNumber, .cellMaxNumber, .balancing, .socDrift, .cellDelta: return nil
    default: break
    }
    return switch (point.kind, isWeak) {
    case (.cellVoltage, _): cell(isWeak: isWeak)
    case (.voltage, false): Leap(step: 500, perSecond: 1000, permille: 150)
    case (.voltage, true): Leap(step: 500, perSecond: 200, permille: 30)
    case (.current, false): Leap(step: 1_000_000, perSecond: 0)
    case (.current, true): Leap(step: 100_000, perSecond: 0)
    case (.power, true): Leap(step: 10_000_000, perSecond: 0)
    case (.temperature, _): sensor(isWeak: isWeak)
    case (.percent, false): Leap(step: 10_000_000, perSecond: 1_000_000)
    case (.percent, true): Leap(step: 2_000_000, perSecond: 200_000)
    case (.charge, false): Leap(step: 5000, perSecond: 1000, permille: 200)
    case (.charge, true): Leap(step: 1000, perSecond: 100, permille: 30)
    case (.energy, true): Leap(step: 1_000_000, perSecond: 10_000, permille: 10)
    case (.count, true), (.flag, true): .still
    case (.power, false), (.energy, false), (.count, false), (.flag, false), (.cycles, _),
      (.seconds, _):
      nil
    }
  }

  /// No change at all.
  static let still = Leap(step: 0, perSecond: 0)

  /// A cell, in steps of 0.1 mV: a load's drop at once, then the steep ends of the curve.
  static func cell(isWeak: Bool) -> Leap {
    isWeak ? Leap(step: 1000, perSecond: 200) : Leap(step: 5000, perSecond: 1000)
  }

  /// A sensor, in steps of 0.01 °C.
  static func sensor(isWeak: Bool) -> Leap {
    isWeak ? Leap(step: 500, perSecond: 50) : Leap(step: 2000, perSecond: 200)
  }

  /// Whether a value can have become another within so many milliseconds.
  func allows(_ before: Int64, _ after: Int64, within milliseconds: Int64) -> Bool {
    let share = Int64(max(before.magnitude, after.magnitude) / 1000) * permille
    let time = milliseconds.clamped(to: 0...3_600_000)
    return (after - before).magnitude <= (step + share + perSecond * time / 1000).magnitude
  }
}
