// SPDX-License-Identifier: Apache-2.0

/// How often a request is sent.
public enum Pace: Equatable, Sendable {
  /// At the live period of `PollRates`.
  case live
  /// So many milliseconds after it was last due.
  case every(Int64)
  /// Once per opening of the link.
  case once
}

/// What a session asks by itself: one request, or several whose answers make one reading.
public struct Poll: Sendable {
  /// What is sent, one after the other; each waits for the answer to the one before.
  ///
  /// The reading is told when the last is answered, so that it is whole or not there.
  public var requests: [Request]
  /// How often.
  public var pace: Pace
  /// Whether the answer carries the values that limits are decided from.
  public var isLive: Bool
  /// Whether to ask again soon after a command that changed settings.
  public var afterWrites: Bool
  /// Whether many batteries of the kind do not answer it: once given up it is not asked again before
  /// the link is opened anew, and that it was is no fault.
  public var isOptional: Bool
  /// Whether live values that come unasked put it off, so that it is sent only once they have stayed away
  /// for its period.
  public var isStandby: Bool

  /// A request with its pace; a poll at the live pace is live unless told otherwise.
  public init(
    _ request: Request, _ pace: Pace, isLive: Bool? = nil, afterWrites: Bool = false,
    isOptional: Bool = false, isStandby: Bool = false
  ) {
    self.init(
      [request], pace, isLive: isLive, afterWrites: afterWrites, isOptional: isOptional,
      isStandby: isStandby)
  }

  /// Requests whose answers make one reading; there is at least one.
  public init(
    _ requests: [Request], _ pace: Pace, isLive: Bool? = nil, afterWrites: Bool = false,
    isOptional: Bool = false, isStandby: Bool = false
  ) {
    self.requests = requests
    self.pace = pace
    self.isLive = isLive ?? (pace == .live)
    self.afterWrites = afterWrites
    self.isOptional = isOptional
    self.isStandby = isStandby
  }

  /// The request that begins it.
  public var request: Request { requests[0] }
}

/// How fast a session polls.
public struct PollRates: Hashable, Sendable {
  /// The periods that may be chosen, in milliseconds.
  public static let livePeriods: ClosedRange<Int64> = 100...10_000
  /// The periods that may be chosen for visits, in milliseconds.
  public static let visitPeriods: ClosedRange<Int64> = 15_000...3_600_000
  /// In visits everything but the live values is asked for this many times more rarely.
  public static let visitThrift: Int64 = 60

  /// Milliseconds between two polls of the live values; kept within the range that may be chosen.
  public var livePeriod: Int64 {
    didSet { livePeriod = Self.clamp(livePeriod, areVisits) }
  }
  /// Whether the battery is visited: all that is due is read in one burst, and between two bursts
  /// the wire is left silent, so that the battery may sleep.
  public let areVisits: Bool

  /// A live period, 250 ms unless told otherwise.
  public init(livePeriod: Int64 = 250) {
    areVisits = false
    self.livePeriod = Self.clamp(livePeriod, false)
  }

  /// Visits, so many milliseconds from the beginning of one to that of the next.
  public init(visitPeriod: Int64) {
    areVisits = true
    livePeriod = Self.clamp(visitPeriod, true)
  }

  private static func clamp(_ period: Int64, _ areVisits: Bool) -> Int64 {
    let range = areVisits ? visitPeriods : livePeriods
    return min(max(period, range.lowerBound), range.upperBound)
  }
}
