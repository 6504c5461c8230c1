// SPDX-License-Identifier: Apache-2.0

import Quantities

/// What a simulated unit is about to send: one piece after the other, each as long on the wire as its
/// bytes take there.
struct ReplyQueue: Sendable {
  /// Bits a second; ten make a byte.
  let baud: Int64
  private var pieces: [Outgoing] = []
  /// What it goes on with when it does not end an answer.
  private var rant: Outgoing?
  private var free = Tick(.min)

  /// Nothing to send on a line of this speed.
  init(baud: Int64 = 9600) { self.baud = baud }

  /// Whether something is still to come.
  var isBusy: Bool { !pieces.isEmpty }

  /// When the next piece has come through.
  var deadline: Tick { min(pieces.first?.at ?? .never, rant?.at ?? .never) }

  /// Lets bytes go out `delay` ms from now, or when the line is free.
  mutating func add(_ bytes: [UInt8], after delay: Int64, at now: Tick) {
    let start = max(now + delay, free)
    free = start + (Int64(bytes.count) * 10_000 + baud - 1) / baud
    pieces.append(Outgoing(at: free, bytes: bytes))
  }

  /// Lets an answer begin `delay` ms from now that is never ended: it begins over and over.
  mutating func addEndless(_ bytes: [UInt8], after delay: Int64, at now: Tick) {
    let part = Array(bytes.dropLast(2))
    add(part, after: delay, at: now)
    rant = Outgoing(at: free + 20, bytes: part)
  }

  /// Forgets all that was not sent.
  mutating func clear() {
    pieces = []
    rant = nil
  }

  /// Ends an answer that would go on for ever.
  mutating func calm() { rant = nil }

  /// The next piece that has come through; `nil` where there is none yet.
  mutating func next(at now: Tick) -> [UInt8]? {
    if let first = pieces.first, first.at <= now {
      pieces.removeFirst()
      return first.bytes
    }
    guard let piece = rant, piece.at <= now else { return nil }
    rant?.at = now + max(20, Int64(piece.bytes.count) * 10_000 / baud)
    return piece.bytes
  }
}
