// SPDX-License-Identifier: Apache-2.0

import Battery
import Quantities
import Wire

/// What a face has heard so far and still has to say, with the moments at which it does.
struct AnswerLine: Sendable {
  /// Milliseconds without a byte after which a request that has only begun is forgotten; assumed.
  static let gap: Int64 = 50

  /// Bytes that are no whole request yet.
  var inbox: [UInt8] = []
  private var outbox: [Outgoing] = []
  private var lastByte = Tick(.min)

  /// Bytes came in.
  mutating func hear(
    _ bytes: borrowing Span<UInt8>, _ quirks: TinyBMSQuirks, at now: Tick
  ) {
    if lastByte.milliseconds != .min, now - lastByte > Self.gap { inbox = [] }
    lastByte = now
    guard !quirks.contains(.silent) else {
      inbox = []
      return
    }
    for index in 0..<bytes.count { inbox.append(bytes[index]) }
    if inbox.count > 512 { inbox.removeFirst(inbox.count - 512) }
  }

  /// Lets an answer go out after the time that real units take; answers keep their order.
  ///
  /// With a wrong checksum the byte at `place` from the end is another one.
  mutating func say(
    _ bytes: [UInt8], after delay: Int64, _ quirks: TinyBMSQuirks, spoiling place: Int = 1,
    at now: Tick
  ) {
    var bytes = bytes
    if quirks.contains(.wrongChecksum), bytes.count >= place { bytes[bytes.count - place] ^= 0x01 }
    let start = max(now, outbox.last?.at ?? now)
    outbox.append(Outgoing(at: start + delay, bytes: bytes))
  }

  /// What goes out next; called again after each `.send`.
  mutating func next(_ quirks: TinyBMSQuirks, at now: Tick) -> UnitStep {
    if quirks.contains(.silent) { outbox = [] }
    if let first = outbox.first, first.at <= now {
      outbox.removeFirst()
      return .send(first.bytes)
    }
    return .wait(until: deadline)
  }

  /// When to call `next` again, unless something comes in.
  var deadline: Tick { outbox.first?.at ?? .never }

  /// The next whole `~` request in the inbox; `nil` while there is none.
  mutating func tildeRequest() -> [UInt8]? {
    while let start = inbox.firstIndex(of: 0x7E) {
      inbox.removeFirst(start)
      guard let end = inbox.firstIndex(of: 0x0D) else { return nil }
      let request = Array(inbox[...end])
      inbox.removeFirst(end + 1)
      return request
    }
    inbox = []
    return nil
  }
}

extension UnitState {
  /// Cells in whole millivolts, as most batteries tell them.
  var millivolts: [Int] {
    (0..<cells.count).map { Int((Int64(cells[$0].raw)).dividedRounding(by: 10)) }
  }

  /// The sum of the cells as told, mV.
  var told: Int { millivolts.reduce(0, +) }

  /// Sensors in steps of 0.1 K from -273.1 °C; one that is absent reads 0 °C.
  var decikelvin: [Int] {
    (0..<temperatures.count).map { Self.decikelvin(temperatures[$0] ?? .zero) }
  }

  static func decikelvin(_ temperature: Temperature) -> Int {
    Int(Int64(temperature.raw).dividedRounding(by: 10)) + 2731
  }
}

extension Array where Element == UInt8 {
  /// Appends the low word of a number, high byte first.
  mutating func appendWord(_ number: Int) { appendBig(UInt16(truncatingIfNeeded: number)) }
}
