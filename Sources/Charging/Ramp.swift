// SPDX-License-Identifier: Apache-2.0

/// A limit that falls at once and rises late and slowly.
struct Ramp {
  /// The present limit in thousandths of a step, so that slow rates lose nothing.
  private var fine: Int64 = 0
  private var waited: Int64 = 0
  private var isRising = false
  /// Whether a rise goes the slower the nearer it comes; see `follow`.
  var isEased = false

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
  /// rise begins; it goes at `rate` steps per second. An eased rise covers in each `hold` no more than a
  /// quarter of what is left, down to the deadband: where the target itself falls as the limit rises, they
  /// meet without a swing.
  mutating func follow(
    _ target: Int32, deadband: Int32, hold: Int64, rate: Int32, step: Int64
  ) -> Int32 {
    let goal = Int64(target) * 1000
    guard goal > fine else {
      jump(to: target)
      return value
    }
    let left = goal - fine
    let isNear = left <= Int64(deadband) * 1000
    if isRising {
      var rise = Int64(rate) * step
      // At most 2^42 · 10,000.
      if isEased, !isNear { rise = min(rise, max(1, left * step / (4 * hold))) }
      fine = min(goal, fine + rise)
      if fine == goal { jump(to: target) }
      return value
    }
    waited = isNear ? 0 : waited + step
    isRising = waited >= hold
    return value
  }
}
