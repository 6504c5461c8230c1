// SPDX-License-Identifier: Apache-2.0

/// One question or order to a battery, ready to be sent.
public struct Request: Sendable, Hashable {
  /// What the dialect knows this request by: two requests with one tag ask the same.
  public var tag: UInt32
  /// The frame as it goes out, checksum included.
  public var bytes: [UInt8]
  /// How long to wait for the answer to each sending, in milliseconds.
  public var timeout: Int64
  /// How often to send it at most.
  public var tries: Int
  /// How long the battery must be left alone after the answer, in milliseconds.
  public var pauseAfter: Int64
  /// Whether an answer is awaited; without one it is sent once and done.
  public var isAnswered: Bool

  /// A request; unless told otherwise it waits 300 ms, is sent up to three times and needs no
  /// pause.
  public init(
    tag: UInt32, bytes: [UInt8], timeout: Int64 = 300, tries: Int = 3, pauseAfter: Int64 = 0,
    isAnswered: Bool = true
  ) {
    self.tag = tag
    self.bytes = bytes
    self.timeout = timeout
    self.tries = tries
    self.pauseAfter = pauseAfter
    self.isAnswered = isAnswered
  }
}
