// SPDX-License-Identifier: Apache-2.0

/// For how long a condition has held without a break, in milliseconds.
struct Hold {
  /// Milliseconds since the condition began to hold; 0 while it does not.
  private(set) var elapsed: Int64 = 0

  /// Counts `step` milliseconds if the condition holds, and starts anew otherwise; returns whether it has
  /// held for `long` enough.
  mutating func count(_ condition: Bool, _ step: Int64, _ long: Int64) -> Bool {
    elapsed = condition ? elapsed + step : 0
    return condition && elapsed >= long
  }

  /// Counts where the condition holds, and pauses otherwise.
  mutating func count(while condition: Bool, _ step: Int64) {
    if condition { elapsed += step }
  }

  /// Starts anew.
  mutating func clear() { elapsed = 0 }
}
