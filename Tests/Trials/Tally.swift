// SPDX-License-Identifier: Apache-2.0

import Battery

extension Trial {
  /// What trials went through.
  package struct Tally: Sendable {
    /// Steps of the control.
    package var steps = 0
    /// Seconds in each mode, by its raw value.
    package var modes = [Int64](repeating: 0, count: ChargeMode.allCases.count)
    /// How often each mode began.
    package var entries = [Int](repeating: 0, count: ChargeMode.allCases.count)
    /// Seconds of silence.
    package var silent: Int64 = 0
    /// How far a cell has passed its ceiling by charging that the limits allowed, V.
    package var excess = -1.0
    /// The most changes and reversals that any hour has seen.
    var most = Calm.Counts.none

    /// Nothing yet.
    package init() {}

    /// Adds what another trial went through.
    package static func += (a: inout Tally, b: Tally) {
      a.steps += b.steps
      for index in a.modes.indices {
        a.modes[index] += b.modes[index]
        a.entries[index] += b.entries[index]
      }
      a.silent += b.silent
      a.excess = max(a.excess, b.excess)
      a.most = a.most.larger(b.most)
    }
  }
}

extension Trial.Tally: CustomStringConvertible {
  /// A few lines for people.
  package var description: String {
    let total = max(1, modes.reduce(0, +))
    let shares = ChargeMode.allCases.map { mode in
      let (seconds, count) = (modes[Int(mode.rawValue)], entries[Int(mode.rawValue)])
      return "\(mode.name) \(seconds * 100 / total) % in \(count) times"
    }
    return "\(steps) steps\n  \(shares.joined(separator: ", ")); silent for \(silent) s\n"
      + "  a cell was \(Int((excess * 1000).rounded())) mV above its ceiling at most; in an hour at most "
      + "\(most.modes) changes of mode, \(most.charge) reversals of CCL and \(most.discharge) of DCL "
      + "(\(most.steady) with all steady), \(most.blackouts) falls of DCL to 0"
  }
}
