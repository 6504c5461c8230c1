// SPDX-License-Identifier: Apache-2.0

/// A limit of the bank that falls at once and rises late and slowly.
struct Slope: Sendable {
  /// The present limit in thousandths of a step, so that slow rates lose nothing; `nil` before the first.
  private var fine: Int64?
  private var waited: Int64 = 0
  private var isRising = false

  /// The present limit in steps, rounded down.
  var value: Int32? { fine.map { Int32(clamping: $0 / 1000) } }

  /// Whatever comes next is taken over without a rise.
  mutating func forget() { self = Slope() }

  /// Moves towards `target` over `step` milliseconds and returns the limit.
  ///
  /// A rise of less than a sixty-fourth is not begun, except from nothing, since shares are measured and
  /// never quite still; with `mayRise` false there is none at all.
  mutating func follow(
    _ target: Int32, hold: Int64, rate: Int32, step: Int64, mayRise: Bool, isEven: Bool = false
  ) -> Int32 {
    let goal = Int64(target) * 1000
    guard let now = fine, goal > now else { return settle(goal) }
    guard mayRise else {
      waited = 0
      isRising = false
      return Int32(clamping: now / 1000)
    }
    if isRising {
      let next = min(goal, now + Int64(rate) * step)
      if next == goal { return settle(goal) }
      fine = next
      return Int32(clamping: next / 1000)
    }
    let isNear = !isEven && now > 0 && goal - now < goal / 64
    waited = isNear ? 0 : waited + step
    isRising = waited >= hold && !isNear
    return Int32(clamping: now / 1000)
  }

  private mutating func settle(_ goal: Int64) -> Int32 {
    fine = goal
    waited = 0
    isRising = false
    return Int32(clamping: goal / 1000)
  }
}
