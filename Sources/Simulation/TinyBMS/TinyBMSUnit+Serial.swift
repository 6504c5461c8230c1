// SPDX-License-Identifier: Apache-2.0

import Dialects
public import Quantities

/// What a simulated device on a wire does next.
public enum UnitStep: Equatable, Sendable {
  /// These bytes go out now.
  case send([UInt8])
  /// Nothing goes out before this moment, unless something comes in.
  case wait(until: Tick)
}

/// Bytes that go out at a moment.
struct Outgoing: Sendable {
  var at: Tick
  var bytes: [UInt8]
}

extension TinyBMSUnit {
  /// Milliseconds without a byte after which a request that has only begun is forgotten; assumed.
  static let gap: Int64 = 20

  /// Bytes came in.
  public mutating func received(_ bytes: borrowing Span<UInt8>, at now: Tick) {
    guard bytes.count > 0 else { return }
    if now - lastByte > Self.gap { inbox = [] }
    lastByte = now
    lastActivity = now
    lastCommand = now
    if isAsleep {
      // The command that wakes the unit goes unanswered, with whatever of it is still to come.
      isAsleep = false
      wakeCause = 3
      deafUntil = max(deafUntil, now + Self.gap)
    }
    guard now >= deafUntil, !quirks.contains(.silent) else {
      inbox = []
      return
    }
    for index in 0..<bytes.count { inbox.append(bytes[index]) }
    work(at: now)
  }

  /// What goes out next; called again after each `.send`.
  public mutating func next(at now: Tick) -> UnitStep {
    if quirks.contains(.silent) { outbox = [] }
    if !quirks.contains(.endless) { rant = nil }
    if let first = outbox.first, first.at <= now {
      outbox.removeFirst()
      return .send(first.bytes)
    }
    if let due = rant?.at, due <= now { return .send(goOn(at: now)) }
    if let text = broadcast(at: now) { return .send(text) }
    return .wait(until: deadline)
  }

  /// When to call `next(at:)` again, unless something comes in.
  public var deadline: Tick {
    min(outbox.first?.at ?? .never, min(rant?.at ?? .never, nextBroadcast))
  }

  private mutating func work(at now: Tick) {
    while !inbox.isEmpty {
      switch TinyBMS.parseRequest(inbox.span) {
      case .incomplete: return
      case .skip(let count): inbox.removeFirst(min(max(1, count), inbox.count))
      case .command(let command, let length):
        inbox.removeFirst(length)
        if quirks.contains(.refusing) {
          send(.refused(command: command.code, code: TinyBMS.commandError), to: length, at: now)
        } else {
          send(answer(command, at: now), to: length, at: now)
        }
        if now < deafUntil { inbox = [] }
      case .refused(let command, let code, let length):
        inbox.removeFirst(length)
        send(.refused(command: command, code: code), to: length, at: now)
      }
    }
  }

  /// Lets an answer to a request of `length` bytes go out after the time that real units take.
  ///
  /// 0.6 ms, 0.02 ms for each register, and 0.0868 ms for each byte of request and reply at 115200
  /// bit/s: this gives the 2, 5, 10 and 26 ms that were measured for 1, 16, 40 and 125 registers
  /// (clarkni5/tinybms).
  private mutating func send(_ reply: TinyBMS.Reply, to length: Int, at now: Tick) {
    var bytes = reply.encode()
    let registers = bytes.count / 2
    let delay = Int64(6000 + 200 * registers + 868 * (length + bytes.count) + 9999) / 10_000
    let start = max(now, outbox.last?.at ?? now)
    if quirks.contains(.wrongChecksum) { bytes[bytes.count - 1] ^= 0x5A }
    if quirks.contains(.endless) {
      bytes.removeLast(2)
      rant = Outgoing(at: start + delay + 5, bytes: bytes)
    }
    outbox.append(Outgoing(at: start + delay, bytes: bytes))
  }

  /// The next piece of an answer that never ends: its beginning over and over, with never a
  /// checksum.
  private mutating func goOn(at now: Tick) -> [UInt8] {
    guard let bytes = rant?.bytes, !bytes.isEmpty else { return [] }
    var piece: [UInt8] = []
    while piece.count < 50 { piece += bytes }
    rant?.at = now + Int64(piece.count) / 11
    return piece
  }
}
