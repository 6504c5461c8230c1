// SPDX-License-Identifier: Apache-2.0
import Links
import Machine
import TestKit
import Testing
import Wire

@Suite struct RecordedUnitTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func recording(_ lines: some Sequence<(Int64, TrafficLine.Event)>) throws -> Recording {
    try Recording([write(Array(lines))])
  }

  private func write(_ lines: [(Int64, TrafficLine.Event)]) throws -> String {
    var text: [UInt8] = []
    for (at, event) in lines {
      TrafficLine(wall: 1_700_000_000_000_000 + at, monotonic: at, wire: "tty", event)
        .append(to: &text)
    }
    return try scratch.write(String(decoding: text, as: UTF8.self), to: "log")
  }

  /// All that the unit says up to a moment, with when.
  private func say(_ unit: inout RecordedUnit, until end: Int64) -> [(Int64, [UInt8])] {
    var said: [(Int64, [UInt8])] = []
    var now: Int64 = 0
    while true {
      switch unit.next(at: now) {
      case .send(let bytes): said.append((now, bytes))
      case .wait(let until):
        guard let until, until <= end else { return said }
        now = max(now + 1, until)
      }
    }
  }

  private let talk: [(Int64, TrafficLine.Event)] = [
    (0, .opened), (100_000, .sent([1])), (110_000, .received([11])), (120_000, .received([12])),
    (300_000, .sent([2, 2])), (340_000, .received([22])), (500_000, .sent([1])),
    (505_000, .received([13])), (700_000, .sent([3])), (900_000, .sent([2])),
    (901_000, .received([9])),
  ]

  @Test func exchangesAreQuestionsWithTheirAnswers() throws {
    let recording = try recording(talk)
    #expect(recording.exchanges.map(\.request) == [[1], [2, 2], [1], [3], [2]])
    #expect(recording.exchanges[0].pieces.map(\.delay) == [10_000, 20_000])
    #expect(recording.exchanges.map(\.line) == [2, 5, 7, 9, 10])
    #expect(recording.exchanges[3].pieces.isEmpty)
  }

  @Test func answersComeAsTheyWereRecorded() throws {
    var unit = RecordedUnit(try recording(talk), speed: 1, at: 0)
    unit.received([1], at: 0)
    let first = say(&unit, until: 1_000_000)
    #expect(first.map(\.0) == [10_000, 20_000])
    #expect(first.map(\.1) == [[11], [12]])
    // The same question again: its next answer, then from the first on.
    for expected: [[UInt8]] in [[[13]], [[11], [12]]] {
      unit.received([1], at: 0)
      #expect(say(&unit, until: 1_000_000).map(\.1) == expected)
    }
    unit.received([3], at: 0)
    #expect(say(&unit, until: 1_000_000).isEmpty)
    #expect(unit.answered == 4)
    #expect(unit.unanswered.isEmpty)
  }

  @Test func eachQuestionGoesOnByItself() throws {
    var unit = RecordedUnit(try recording(talk), speed: 0, at: 0)
    var said: [[UInt8]] = []
    for request: [UInt8] in [[1], [2, 2], [2, 2], [1], [2, 2], [1]] {
      unit.received(request, at: 0)
      said += say(&unit, until: 0).map(\.1)
    }
    #expect(said == [[11], [12], [22], [22], [13], [22], [11], [12]])
  }

  @Test func tenTimesAsFastIsATenthOfTheDelay() throws {
    var unit = RecordedUnit(try recording(talk), speed: 10, at: 0)
    unit.received([1], at: 0)
    #expect(say(&unit, until: 1_000_000).map(\.0) == [1000, 2000])
  }

  @Test func questionsInPiecesAndNoiseAreUnderstood() throws {
    var unit = RecordedUnit(try recording(talk.dropLast(2)), speed: 0, at: 0)
    unit.received([7, 8, 2], at: 0)
    unit.received([2, 1], at: 10)
    // The last question counts, as on a wire where one was asked before the other was answered.
    #expect(say(&unit, until: 100).map(\.1) == [[11], [12]])
    #expect(unit.answered == 2)
    #expect(unit.unanswered.map(\.bytes) == [[7, 8]])
    // The beginning of a question that is not gone on with is none after a while.
    unit.received([2], at: 1000)
    #expect(say(&unit, until: 200_000).isEmpty)
    #expect(unit.unanswered.map(\.bytes) == [[7, 8], [2]])
  }

  @Test func theLongestQuestionIsMeant() throws {
    var unit = RecordedUnit(try recording(talk), speed: 0, at: 0)
    unit.received([2, 2], at: 0)
    #expect(say(&unit, until: 0).map(\.1) == [[22]])
  }

  @Test func whatNobodyAskedComesByItself() throws {
    let lines: [(Int64, TrafficLine.Event)] = [
      (5000, .received([1])), (9000, .received([2])),
    ]
    var unit = RecordedUnit(try recording(lines), speed: 1, at: 0)
    #expect(!unit.isOver)
    #expect(say(&unit, until: 100_000).map(\.0) == [0, 4000])
    #expect(unit.isOver)
  }

  @Test func questionsInPiecesAreJoinedOnlyWhenTheyAreClose() throws {
    let recording = try recording([
      (0, .sent([1])), (20_000, .sent([2])), (50_000, .sent([3])), (60_000, .received([4])),
      (61_000, .sent([5])),
    ])
    #expect(recording.exchanges.map(\.request) == [[1, 2], [3], [5]])
  }

  @Test func aRecordingSpeaksOverALink() throws {
    let link = ReplayLink(paths: [try write(talk)], pace: .immediate)
    try link.open()
    var got: [UInt8] = []
    #expect(try link.receive(into: &got) == 0)
    try link.send([1])
    while got.count < 2 {
      _ = try waitReadable([try #require(link.descriptor)], milliseconds: 10_000)
      _ = try link.receive(into: &got)
    }
    #expect(got == [11, 12])
    #expect(try link.receive(into: &got) == 0)
    #expect(try waitReadable([try #require(link.descriptor)], milliseconds: 5) == false)
  }

  @Test func aRecordingWithoutQuestionsVanishesAtItsEnd() throws {
    let link = ReplayLink(paths: [try write([(1, .received([7]))])], pace: .immediate)
    try link.open()
    var got: [UInt8] = []
    #expect(try link.receive(into: &got) == 1)
    #expect(throws: LinkError.vanished(path: link.name)) { try link.receive(into: &got) }
    #expect(link.descriptor == nil)
  }
}
