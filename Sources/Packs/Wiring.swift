// SPDX-License-Identifier: Apache-2.0

/// How the packs of a bank are joined.
public indirect enum Wiring: Hashable, Sendable {
  /// One pack, by its place among the members, counted from 0.
  case pack(Int)
  /// Joined plus to plus: currents and capacities add up.
  case parallel([Wiring])
  /// Joined plus to minus: voltages add up, and the same current flows through all.
  case series([Wiring])

  /// How many packs there are.
  public var count: Int {
    switch self {
    case .pack: 1
    case .parallel(let parts), .series(let parts): parts.reduce(0) { $0 + $1.count }
    }
  }
}
