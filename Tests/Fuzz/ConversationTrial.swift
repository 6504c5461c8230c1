// SPDX-License-Identifier: Apache-2.0

import Battery
@testable import Dialects
import Quantities

/// A whole session whose battery, and whose clock, the input plays.
///
/// The input is a row of turns: a byte of length, a byte of time and the bytes that arrive. A length
/// above 250 stands for a known answer to what was just asked, with one of its bytes changed by the next
/// two of the input; so a call is answered although nobody guesses a checksum.
struct ConversationTrial {
  /// More steps than this at one moment, and it is a session that never waits.
  private static let mostSteps = 4096

  private var session: Session
  private var input: [UInt8]
  private var place = 0
  private var now = Tick(0)
  private var asked: [UInt8] = []

  init(_ dialect: Dialect, _ options: UInt8, _ input: [UInt8]) {
    let rates = options & 2 == 0 ? PollRates() : PollRates(visitPeriod: 15_000)
    session = Session(dialect, rates: rates)
    session.sharesLine = options & 4 != 0
    self.input = input
  }

  /// Lives through the input, and a little longer.
  mutating func run() {
    session.linkOpened(at: now)
    drain()
    while place < input.count { turn() }
    for _ in 0..<4 {
      now = now + 1000
      session.mayAsk = true
      drain()
    }
  }

  private mutating func turn() {
    let length = take()
    let time = take()
    let bytes = length > 250 ? answer() : chunk(Int(length))
    if time == 255 { session.linkOpened(at: now) }
    // Some milliseconds mostly, sometimes seconds.
    now = now + (time < 200 ? Int64(time) : Int64(time - 199) * 500)
    session.mayAsk = true
    session.received(bytes.span, at: now)
    hold(
      session.buffer.count <= Session.bufferCapacity,
      "\(session.buffer.count) bytes wait in the buffer")
    drain()
  }

  /// The next byte of the input; 0 after its end.
  private mutating func take() -> UInt8 {
    guard place < input.count else { return 0 }
    defer { place += 1 }
    return input[place]
  }

  private mutating func chunk(_ length: Int) -> [UInt8] {
    let end = min(place + length, input.count)
    defer { place = end }
    return Array(input[place..<end])
  }

  /// A known answer to what was asked, and where it is changed.
  private mutating func answer() -> [UInt8] {
    let at = Int(take())
    let change = take()
    var bytes = Answers.known.to(asked, turn: at)
    if !bytes.isEmpty { bytes[at % bytes.count] ^= change }
    return bytes
  }

  /// Does what the session says until it waits.
  private mutating func drain() {
    for _ in 0..<Self.mostSteps {
      switch session.next(at: now) {
      case .wait(let until):
        hold(until > now, "it waits for a moment that is over")
        hold(session.rejections.newest.count <= Rejections.capacity, "rejections grow")
        return
      case .send(let bytes):
        hold(!bytes.isEmpty && bytes.count <= 256, "\(bytes.count) bytes are sent")
        asked = bytes
      case .reading(let reading, _): check(reading)
      case .answered, .fault: continue
      }
    }
    hold(false, "\(Self.mostSteps) steps at one moment and no end")
  }

  /// What comes out must be possible.
  private func check(_ reading: Reading) {
    let objection = Physics.objection(to: reading, emptyCell: session.dialect.trust.emptyCell)
    hold(objection == nil, "a reading came out although \(objection.map { "\($0.what)" } ?? "")")
    hold(reading.cells.count <= Cells.capacity, "\(reading.cells.count) cells")
  }
}
