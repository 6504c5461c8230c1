// SPDX-License-Identifier: Apache-2.0

/// How far the last checked frame lies back, in the stages by which outputs fail safe.
public enum Freshness: UInt8, Comparable, CaseIterable, Sendable {
  /// Recent: limits as decided.
  case fresh
  /// A few polls late: limits may fall, not rise.
  case aging
  /// No longer to be believed: charging stops, measured values are withheld.
  case stale
  /// Gone: nothing is sent, so that the inverter's own dead-man acts. Also before the first frame.
  case lost

  /// Whether the first stage is the better.
  public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

  /// The name in JSON.
  public var name: StaticString {
    switch self {
    case .fresh: "fresh"
    case .aging: "aging"
    case .stale: "stale"
    case .lost: "lost"
    }
  }

  /// Ages at which one stage ends and the next begins, in milliseconds; none can be switched off.
  public struct Bounds: Hashable, Sendable {
    /// Up to and including this age a value is fresh.
    public var fresh: Int64
    /// Up to and including this age it is aging.
    public var aging: Int64
    /// Up to and including this age it is stale; beyond, lost.
    public var stale: Int64

    /// The usual bounds for a battery polled every `period` milliseconds: fresh up to the larger of three
    /// periods and 2 s, aging up to 10 s, stale up to 60 s.
    public init(period: Int64) {
      fresh = max(3 * period, 2000)
      aging = max(10_000, fresh)
      stale = max(60_000, aging)
    }

    /// The usual bounds for a battery that is visited every `visitPeriod` milliseconds and left alone in between: fresh up
    /// to one and a half periods, aging up to two and a half (one visit missed), stale up to four.
    ///
    /// They tell people how old a value is; such a battery drives no inverter.
    public init(visitPeriod: Int64) {
      let period = visitPeriod.clamped(to: 1...(1 << 40))
      fresh = max(2000, period * 3 / 2)
      aging = max(10_000, period * 5 / 2)
      stale = max(60_000, period * 4)
    }

    /// Bounds in rising order; a later bound below an earlier one is raised to it.
    public init(fresh: Int64, aging: Int64, stale: Int64) {
      self.fresh = max(1, fresh)
      self.aging = max(self.fresh, aging)
      self.stale = max(self.aging, stale)
    }
  }

  /// The stage of a value of `age` milliseconds; `nil` is a value that never came.
  public init(age: Int64?, bounds: Bounds) {
    self =
      switch age {
      case nil: .lost
      case let age? where age <= bounds.fresh: .fresh
      case let age? where age <= bounds.aging: .aging
      case let age? where age <= bounds.stale: .stale
      default: .lost
      }
  }
}
