// SPDX-License-Identifier: Apache-2.0

/// A limit that falls at once and rises late and slowly.
struct Ramp {
  /// The present limit in thousandths of a step, so that slow rates lose nothing.
  private var fine: Int64 = 0
  private var waited: Int64 = 0
  private var isRising = false

  /// The present limit in steps, rounded down.
  var value: Int32 { Int32(clamping: fine / 1000) }

  /// The limit is this now, without any rise.
  mutating func jump(to value: Int32) {
    fine = Int64(value) * 1000
    waited = 0
    isRising = false
  }

  /// The limit is at most this.
  mutating func fall(to value: Int32) {
    if Int64(value) * 1000 < fine { jump(to: value) }
  }

  /// Moves towards `target` over `step` milliseconds and returns the limit.
  ///
  /// Rises of up to `deadband` are not begun; a higher target must last for `hold` milliseconds before the
  /// rise begins; it goes at `rate` steps per second.
  mutating func follow(
    _ target: Int32, deadband: Int32, hold: Int64, rate: Int32, step: Int64
  ) -> Int32 {
    let goal = Int64(target) * 1000
    guard goal > fine else {
      jump(to: target)
      return value
    }
    if isRising {
      fine = min(goal, fine + Int64(rate) * step)
      if fine == goal { jump(to: target) }
      return value
    }
    waited = goal - fine > Int64(deadband) * 1000 ? waited + step : 0
    isRising = waited >= hold
    return value
  }
}
