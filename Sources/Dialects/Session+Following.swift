// SPDX-License-Identifier: Apache-2.0

import Battery
public import Quantities
import Wire

// A conversation that was led by others, or by an earlier run, and is only understood: a recording.

/// Received bytes that belong to no message.
public struct Stray: Hashable, Sendable {
  /// Where the first of them stands among all bytes received so far, from 0.
  public var offset: Int
  /// The bytes.
  public var bytes: [UInt8]
}

/// What a session keeps while it follows.
struct Following: Sendable {
  /// How many bytes were received in all.
  private(set) var heard = 0
  private(set) var strays: [Stray] = []

  /// Counts received bytes; those from one place up to another belong to no message.
  mutating func hear(
    _ bytes: borrowing Span<UInt8>, strayFrom first: Int, until last: Int? = nil
  ) {
    for index in first..<(last ?? bytes.count) { note(bytes[index], at: heard + index) }
    heard += bytes.count
  }

  /// Takes down a byte that belongs to no message.
  mutating func note(_ byte: UInt8, at offset: Int) {
    if let last = strays.last, last.offset + last.bytes.count == offset {
      strays[strays.count - 1].bytes.append(byte)
    } else {
      strays.append(Stray(offset: offset, bytes: [byte]))
    }
  }

  mutating func takeStrays() -> [Stray] {
    let taken = strays
    strays = []
    return taken
  }
}

extension Session {
  /// A conversation that others lead: it asks nothing, is told what was asked, and understands the
  /// answers by the same rules and with the same time-outs as one that it leads itself.
  public init(following dialect: Dialect) {
    self.init(dialect)
    following = Following()
    // What was asked once is not asked again for the sake of this one.
    gate = Gate(dialect.trust.asStrong)
  }

  /// Tells that these bytes went out to the battery; only for a session that follows.
  ///
  /// Call `next` until it says to wait before, so that what was due by then has happened.
  public mutating func sent(_ bytes: [UInt8], at now: Tick) {
    guard following != nil, !bytes.isEmpty else { return }
    if case .awaiting = activity, job != nil { timedOut(at: now) }
    if let old = job, old.request.bytes == bytes, old.attempt < old.request.tries {
      job?.attempt += 1
    } else {
      if let old = job {
        // Somebody asks something else before this was answered.
        job?.attempt = old.request.tries
        if case .fault(let fault) = tryAgain(at: now), pending == nil { pending = fault }
      }
      job = known(bytes, at: now)
    }
    if let job { _ = send(job, at: now) }
  }

  /// The bytes since the last call that belong to no message; only of a session that follows.
  public mutating func takeStrays() -> [Stray] { following?.takeStrays() ?? [] }

  /// Whether a request that was not answered may be sent again by those who lead.
  var awaitsRepetition: Bool {
    guard following != nil, let job else { return false }
    return job.attempt < job.request.tries
  }

  /// Takes down that so many bytes from the head on belong to no message.
  mutating func note(_ count: Int) {
    guard following != nil else { return }
    let received = following?.heard ?? 0
    for index in head..<head + count {
      following?.note(buffer[index], at: received - buffer.count + index)
    }
  }

  /// The request of the plan with these bytes, or one that only others know.
  private func known(_ bytes: [UInt8], at now: Tick) -> Job {
    if let wake = dialect.wake, wake.bytes == bytes {
      return Job(request: wake, source: .wake, sentAt: now)
    }
    if let chain, dialect.polls[chain.poll].requests[chain.part].bytes == bytes {
      return Job(
        request: dialect.polls[chain.poll].requests[chain.part], source: .poll(chain.poll),
        sentAt: now, part: chain.part)
    }
    for (index, poll) in dialect.polls.enumerated() where poll.request.bytes == bytes {
      return Job(request: poll.request, source: .poll(index), sentAt: now)
    }
    var tag: UInt32 = 0
    for byte in bytes.prefix(4) { tag = tag << 8 | UInt32(byte) }
    return Job(request: Request(tag: tag, bytes: bytes), source: .heard, sentAt: now)
  }
}
