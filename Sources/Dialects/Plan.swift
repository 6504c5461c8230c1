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

  /// A request with its pace; a poll at the live pace is live unless told otherwise.
  public init(
    _ request: Request, _ pace: Pace, isLive: Bool? = nil, afterWrites: Bool = false,
    isOptional: Bool = false
  ) {
    self.init(
      [request], pace, isLive: isLive, afterWrites: afterWrites, isOptional: isOptional)
  }

  /// Requests whose answers make one reading; there is at least one.
  public init(
    _ requests: [Request], _ pace: Pace, isLive: Bool? = nil, afterWrites: Bool = false,
    isOptional: Bool = false
  ) {
    self.requests = requests
    self.pace = pace
    self.isLive = isLive ?? (pace == .live)
    self.afterWrites = afterWrites
    self.isOptional = isOptional
  }

  /// The request that begins it.
  public var request: Request { requests[0] }
}

/// How fast a session polls.
public struct PollRates: Hashable, Sendable {
  /// The periods that may be chosen, in milliseconds.
  public static let livePeriods: ClosedRange<Int64> = 100...10_000

  /// Milliseconds between two polls of the live values; kept within `livePeriods`.
  public var livePeriod: Int64 {
    didSet { livePeriod = Self.clamp(livePeriod) }
  }

  /// A live period, 250 ms unless told otherwise.
  public init(livePeriod: Int64 = 250) {
    self.livePeriod = Self.clamp(livePeriod)
  }

  private static func clamp(_ period: Int64) -> Int64 {
    min(max(period, livePeriods.lowerBound), livePeriods.upperBound)
  }
}
