// SPDX-License-Identifier: Apache-2.0

public import Battery
public import Quantities

/// What a session wants done next.
public enum Step: Sendable {
  /// Send these bytes.
  case send([UInt8])
  /// A checked frame said this; `isLive` when it carried the values that limits are decided from.
  case reading(Reading, isLive: Bool)
  /// The checked answer to a request: an enqueued one, or a poll whose answer is no reading.
  case answered(Request, [UInt8])
  /// Something went wrong; the session carries on.
  case fault(Fault)
  /// Nothing to do until bytes arrive or this moment comes.
  case wait(until: Tick)
}

/// What a session has counted since it began.
public struct SessionStatistics: Hashable, Sendable {
  /// Frames sent, repetitions included.
  public internal(set) var requests = 0
  /// Checked answers, refusals included.
  public internal(set) var replies = 0
  /// Sendings to which no whole answer came in time.
  public internal(set) var timeouts = 0
  /// Frames whose checksum did not hold.
  public internal(set) var badChecksums = 0
  /// Frames whose checksum held but whose content no battery can have.
  public internal(set) var implausible = 0
  /// Requests that the battery refused.
  public internal(set) var refusals = 0
  /// Messages that nobody asked for.
  public internal(set) var broadcasts = 0
  /// Bytes that belonged to no message: noise, text, echoes, late answers, what did not fit.
  public internal(set) var skippedBytes = 0
  /// How often the battery answered only after it had been called more than once.
  public internal(set) var wakeUps = 0
  /// Sendings to which an answer began and did not come to its end.
  public internal(set) var incomplete = 0
  /// Sendings to which bytes came that are no answer at all.
  public internal(set) var babble = 0
  /// Sendings of questions that many batteries of the kind do not answer, and this one did not.
  public internal(set) var declined = 0
  /// How often the line sent back what was just sent.
  public internal(set) var echoes = 0
  /// Bytes that came while nobody had asked.
  public internal(set) var unasked = 0
  /// Requests given up since the last checked answer.
  public internal(set) var consecutiveFailures = 0
  /// How long answers took.
  public internal(set) var latency = Latency()

  /// Nothing counted yet.
  public init() {}
}
