// SPDX-License-Identifier: Apache-2.0
import Battery
import Dialects
import Quantities
import TestKit
import Testing

@Suite("A line on which another host asks")
struct ListeningTests {
  @Test("Nothing is ever sent, whatever is heard and however long it lasts")
  func silent() {
    let seed: UInt64 = 0xEA5
    var random = SplitMix64(seed: seed)
    for dialect in Dialect.wired {
      var session = Session(listening: dialect)
      session.linkOpened(at: Tick(0))
      let questions = dialect.polls.flatMap(\.requests).map(\.bytes)
      var now = Tick(0)
      for _ in 0..<300 {
        var bytes = random.oneIn(2) ? random.bytes(20) : []
        if random.oneIn(2), let question = questions.randomElement(using: &random) {
          bytes += question.prefix(Int.random(in: 1...question.count, using: &random))
        }
        session.received(bytes.span, at: now)
        steps: while true {
          switch session.next(at: now) {
          case .send: Issue.record("\(dialect.name) sends, seed \(seed)")
          case .wait: break steps
          default: continue
          }
        }
        now = now + Int64.random(in: 0...3000, using: &random)
      }
    }
  }

  @Test("A reading of several questions is whole, in any portions", arguments: [1, 2, 7, 13, 400])
  func whole(_ size: Int) throws {
    let dialect = Dialect.dalyA5(DialectOptions())
    let poll = dialect.polls[0]
    var heard: [UInt8] = []
    for request in poll.requests { heard += request.bytes + Self.answer(request.bytes[2]) }
    // And once more: the first of a poll begins anew.
    heard += heard
    var session = Session(listening: dialect)
    session.linkOpened(at: Tick(0))
    var now = Tick(0)
    var readings: [Reading] = []
    var rest = heard[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(size))
      rest = rest.dropFirst(size)
      session.received(piece.span, at: now)
      readings += Self.readings(&session, at: now)
      now = now + 5
    }
    readings += Self.readings(&session, at: now + 100)
    #expect(readings.count == 2)
    #expect(readings.first?.cells.count == 3 && readings.first?.voltage == .decivolts(99))
    #expect(readings.first?.reportsAlarms == true)
  }

  @Test("An answer whose end looks like the beginning of a question is not held back for long")
  func ending() {
    let dialect = Dialect.dalyA5(DialectOptions())
    var session = Session(listening: dialect)
    session.linkOpened(at: Tick(0))
    for (index, request) in dialect.polls[0].requests.enumerated() {
      let isLast = index == dialect.polls[0].requests.count - 1
      let bytes = request.bytes + Self.answer(request.bytes[2]) + (isLast ? [0xA5] : [])
      session.received(bytes.span, at: Tick(0))
    }
    #expect(Self.readings(&session, at: Tick(0)).count == 1)
    guard case .wait(let until) = session.next(at: Tick(0)) else {
      Issue.record("it does not wait")
      return
    }
    #expect(until <= Tick(20))
  }

  private static func readings(_ session: inout Session, at now: Tick) -> [Reading] {
    var readings: [Reading] = []
    while true {
      switch session.next(at: now) {
      case .reading(let reading, isLive: true): readings.append(reading)
      case .wait: return readings
      default: continue
      }
    }
  }

  /// The answer of a board with three cells and one sensor.
  private static func answer(_ command: UInt8) -> [UInt8] {
    let data: [UInt8] =
      switch command {
      case 0x90: [0, 99, 0, 0, 0x75, 0x30, 2, 0x2B]
      case 0x93: [0, 1, 1, 0, 0, 1, 0, 0]
      case 0x94: [3, 1, 0, 0, 0, 0, 7, 0]
      case 0x95: [1, 0x0C, 0xE4, 0x0C, 0xE5, 0x0C, 0xE6, 0]
      case 0x96: [1, 65, 0, 0, 0, 0, 0, 0]
      default: [0, 0, 0, 0, 0, 0, 0, 0]
      }
    var frame: [UInt8] = [0xA5, 1, command, 8]
    frame += data
    frame.append(frame.reduce(0, &+))
    return frame
  }
}
